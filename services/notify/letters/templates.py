"""Templates of letters, compiled once: the layout is wrapped around each and its CSS inlined before Jinja sees it.

A folder holds `text.<language>.txt` and `html.<language>.html`, the inside of the layout. Above the text stand `Subject:`; `Preview:`,
the line that a list of letters shows after it, in which nothing private is quoted; and `Why:` she gets it. Members' text is escaped in
HTML and quoted line by line in text, where it can't pass for ours; no mail program can turn anything but a `Link` into a link.

HTML that begins with the name of a ground, `<!-- door -->` or `<!-- moment -->`, has a cover of that colour, up to `<!-- shore -->`; what
stands on the edge between the two comes after `<!-- edge -->`. `<!-- include pier her; Ana; asked -->` is the file pier.html of the look
with these three in the places of $1, $2 and $3: all that is there before a letter is written costs it nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import css_inline
from jinja2 import StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from services.notify.letters import pictures
from services.notify.letters.flowed import SIGNATURE, flowed
from services.notify.letters.links import Link, unlinked
from services.notify.letters.pictures import Bridge, Picture
from services.notify.members import Profile
from services.notify.mime import one_line
from shared.contracts.events.members import Language
from shared.names import first_name, isolate, with_bdi
from shared.templating import Environment

LANGUAGES: tuple[Language, ...] = get_args(Language)
DISCREET: Mapping[Language, str] = {"en": "A note for you", "es": "Una nota para ti"}
"""The subject of every letter to a member who wants none that tells more."""
LOOK = Path(__file__).parent / "look"
_INCLUDE = re.compile(r"<!-- include (\w+)(?: ((?:(?!-->).)*))? -->\n?")
_PLACE = re.compile(r"\$(\d)")
_COVER = re.compile(r"(?s)<!-- (door|moment) -->\n(.*?)(?:<!-- edge -->\n(.*?))?<!-- shore -->\n")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One letter's words, and the pictures in its HTML."""

    subject: str
    text: str
    html: str
    pictures: list[bytes]


def quoted(words: str) -> str:
    """A member's words in a text part, each line marked, whatever counts as a line end."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())


def lines(words: str) -> Markup:
    """A member's words in HTML, escaped, with her line ends."""
    return Markup("<br>\n").join(unlinked(words).splitlines())


@pass_context
def called(context: Context, her: Profile) -> str:
    """What she is called once the letter has named her: her first name, or all of it if another in this letter has the same one."""
    short = first_name(her.name)
    return isolate(her.name) if short in context["shared_names"] else short


@pass_context
def mark(context: Context, her: Profile) -> Link:
    """What the HTML calls her mark, which the letter then carries."""
    return _carried(context, pictures.mark(her.id))


@pass_context
def arcs(context: Context, kind: Bridge) -> Link:
    """What the HTML calls the arcs of a bridge, which the letter then carries."""
    return _carried(context, pictures.bridge(kind))


def _carried(context: Context, picture: Picture) -> Link:
    context["carried"][picture.cid] = picture.part
    return picture.cid


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: unlinked(value) if type(value) is str else value,
    )
    environment.filters |= {"quoted": quoted, "lines": lines, "called": called, "line": one_line, "mark": mark, "arcs": arcs}
    return environment


_TEXT, _HTML = _environment(autoescape=False), _environment(autoescape=True)


class Templates:
    """The templates of one letter in every language."""

    def __init__(self, folder: Path) -> None:
        self._by_language = {language: _compile(folder, language) for language in LANGUAGES}

    def render(self, language: Language, fields: Mapping[str, Any], *, discreet: bool = False) -> Rendered:
        """The letter's words. Raises jinja2.UndefinedError if a field is missing."""
        subject, text, html = self._by_language[language]
        named = {value.id: first_name(value.name) for value in fields.values() if isinstance(value, Profile)}
        shared = {name for name, women in Counter(named.values()).items() if women > 1}
        carried: dict[str, bytes] = {}
        fields = {**fields, "shared_names": shared, "carried": carried}
        title = DISCREET[language] if discreet else one_line(subject.render(fields))
        return Rendered(title, flowed(text.render(fields)), with_bdi(html.render(fields, title=title)), list(carried.values()))


def _compile(folder: Path, language: Language) -> tuple[Template, Template, Template]:
    above, _, body = _read(folder / f"text.{language}.txt").partition("\n\n")
    head = dict(line.split(": ", 1) for line in above.splitlines())
    text = f"{body}\n{SIGNATURE}\n{head['Why']}\n{_read(LOOK / f'footer.{language}.txt')}"
    html = html_source(_read(folder / f"html.{language}.html"), language, preview=head["Preview"], why=head["Why"])
    return _TEXT.from_string(head["Subject"]), _TEXT.from_string(text), _HTML.from_string(html)


def html_source(inside: str, language: Language, *, preview: str, why: str) -> str:
    """The Jinja source of a whole HTML letter, its CSS inlined."""
    whole, found = _read(LOOK / "layout.html"), _COVER.match(inside)
    for place, source in (
        ("GROUND", found[1] if found else "house"),
        ("<!-- cover -->", found[2] if found else ""),
        ("<!-- edge -->", (found[3] or "") if found else ""),
        ("<!-- letter -->", inside[found.end() :] if found else inside),
        ("<!-- footer -->", _read(LOOK / f"footer.{language}.html").strip()),
        ("<!-- preview -->", preview),
        ("<!-- why -->", why),
        ("LANGUAGE", language),
    ):
        whole = _included(whole.replace(place, source))
    inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)
    return inliner.inline(whole)


def _included(source: str) -> str:
    def file(found: re.Match[str]) -> str:
        given = (found[2] or "").split("; ")
        return _included(_PLACE.sub(lambda place: given[int(place[1]) - 1], _read(LOOK / f"{found[1]}.html")))

    return _INCLUDE.sub(file, source)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
