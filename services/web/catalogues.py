"""Keep the catalogues of translations in step with the code and the templates: `python -m services.web.catalogues`."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.web.i18n import DEFAULT, FOLDER, LANGUAGES

WEB = Path(__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_CHANGING = ('"Report-Msgid', '"POT-Creation', '"PO-Revision', '"Last-Translator', '"Language-Team', '"Generated-By')


def extract() -> Catalog:
    """Every text that is shown, as it stands in the code and the templates."""
    found = Catalog(charset="utf-8")
    for filename, _, message, comments, context in extract_from_dir(str(WEB), METHODS, OPTIONS, KEYWORDS):
        found.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> list[str]:
    """Add the texts that are new, drop those that are gone; return those that wait for a translation."""
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
            print(f"{name}: {len(waiting)} texts wait for a translation", *waiting, sep="\n  ")  # noqa: T201  (a command's output)
