"""Keep the translations in step with what is shown: `python -m services.web.translations.update`."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.web.i18n import DEFAULT, FOLDER, LANGUAGES
from shared.contracts.http.apis import MODULES
from shared.contracts.http.base import EVERY_COMMAND, EVERY_MEMBERS_ROUTE, EVERY_ROUTE, routes_of
from shared.problems import FIELD_SENTENCES

WEB = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_CHANGING = ('"Report-Msgid', '"POT-Creation', '"PO-Revision', '"Last-Translator', '"Language-Team', '"Generated-By')


def extract() -> Catalog:
    """Every text that is shown, as it stands in the code, the templates and the contracts."""
    found = Catalog(charset="utf-8")
    for _, _, message, comments, context in extract_from_dir(str(WEB), METHODS, OPTIONS, KEYWORDS):
        found.add(message, auto_comments=comments, context=context)
    for sentence in sentences():
        found.add(sentence)
    return found


def sentences() -> Iterator[str]:
    """What the services say of what can't be done."""
    routes = [route for module in MODULES for route in routes_of(module).values()]
    for problems in (EVERY_ROUTE, EVERY_MEMBERS_ROUTE, EVERY_COMMAND, *(route.problems for route in routes)):
        yield from (problem.sentence for problem in problems)
    yield from FIELD_SENTENCES.values()


def read(language: str) -> Catalog:
    """The translations of a language as they are kept."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> list[str]:
    """Add the texts that are new, drop those that are gone; return those that need a translation."""
    path = FOLDER / f"{language}.po"
    kept = read(language) if path.exists() else Catalog(locale=language, charset="utf-8")
    kept.update(extract(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    written = io.BytesIO()
    write_po(written, kept, width=140, sort_output=True, no_location=True)
    # Dates and names of tools would change with every run, and the history knows them.
    lines = [line for line in written.getvalue().decode().splitlines() if not line.startswith(_CHANGING)]
    path.write_text("\n".join(lines) + "\n")
    return [str(message.id) for message in kept if message.id and not message.string]


if __name__ == "__main__":
    for name in LANGUAGES:
        if name != DEFAULT:
            waiting = update(name)
            print(f"{name}: {len(waiting)} texts need a translation", *waiting, sep="\n  ")  # noqa: T201  (a command's output)
