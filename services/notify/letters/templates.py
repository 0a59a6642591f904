"""Templates of letters, compiled once: the layout is wrapped around each and its CSS inlined before Jinja sees it.

A folder holds `text.<language>.txt`, whose first line is the subject, and `html.<language>.html`, the inside of the layout.
Members' text is escaped in HTML and quoted line by line in text, where it can't pass for ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import css_inline
from jinja2 import StrictUndefined, Template
from markupsafe import Markup

from services.notify.mime import one_line
from shared.contracts.events.members import Language
from shared.names import initials, with_bdi
from shared.templating import Environment

LANGUAGES: tuple[Language, ...] = get_args(Language)
LOOK = Path(__file__).parent / "look"
_INCLUDE = re.compile(r"<!-- include (\w+) -->\n?")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One letter's words."""

    subject: str
    text: str
    html: str


def quoted(words: str) -> str:
    """A member's words in a text part, each line marked, whatever counts as a line end."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())


def lines(words: str) -> Markup:
    """A member's words in HTML, escaped, with her line ends."""
    return Markup("<br>\n").join(words.splitlines())


def _with_filters(environment: Environment) -> Environment:
    environment.filters |= {"quoted": quoted, "lines": lines, "initials": initials, "line": one_line}
    return environment


_COMMON: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
_TEXT = _with_filters(Environment(autoescape=False, **_COMMON))
_HTML = _with_filters(Environment(autoescape=True, **_COMMON))


class Templates:
    """The templates of one letter in every language."""

    def __init__(self, folder: Path) -> None:
        self._by_language = {language: _compile(folder, language) for language in LANGUAGES}

    def render(self, language: Language, fields: Mapping[str, Any]) -> Rendered:
        """The letter's words. Raises jinja2.UndefinedError if a field is missing."""
        subject, text, html = self._by_language[language]
        title = one_line(subject.render(fields))
        return Rendered(title, text.render(fields), with_bdi(html.render(fields, title=title)))


def _compile(folder: Path, language: Language) -> tuple[Template, Template, Template]:
    subject, _, body = _read(folder / f"text.{language}.txt").partition("\n")
    text = body.lstrip("\n") + _read(LOOK / f"footer.{language}.txt")
    return (
        _TEXT.from_string(subject.removeprefix("Subject: ")),
        _TEXT.from_string(text),
        _HTML.from_string(html_source(_read(folder / f"html.{language}.html"), language)),
    )


def html_source(inside: str, language: Language) -> str:
    """The Jinja source of a whole HTML letter, its CSS inlined."""
    layout = _read(LOOK / "layout.html").replace("<!-- footer -->", _read(LOOK / f"footer.{language}.html").strip())
    layout = layout.replace("<!-- letter -->", inside).replace("LANGUAGE", language)
    whole = _INCLUDE.sub(lambda found: _read(LOOK / f"{found[1]}.html"), layout)
    inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
    return inliner.inline(whole)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
