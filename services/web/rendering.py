"""Templates: compiled once a process, autoescaped, strict about unknown names, in the language of whoever reads."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.web import i18n, labels, presenters
from services.web.assets import Assets
from services.web.forms import LENGTHS
from shared import clock
from shared.contracts.http.base import Card
from shared.text import initials

TEMPLATES = Path(__file__).parent / "templates"
FORMER = i18n.N_("a former member")


@dataclass(frozen=True)
class Reader:
    """For whom a page is rendered."""

    language: str
    time_zone: str


_reader: ContextVar[Reader] = ContextVar("reader")


class Pages:
    """Renders templates; `assets` says under which addresses the static files are."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    def render(self, reader: Reader, template: str, context: dict[str, Any]) -> str:
        """The page as HTML."""
        token = _reader.set(reader)
        try:
            return _environment().get_template(template).render(static=self._assets.url, **context)
        finally:
            _reader.reset(token)


class _Labels:
    """The labels in the reader's language."""

    def __getattr__(self, name: str) -> Any:
        return getattr(labels.of(_reader.get().language), name)


def _gettext(text: str) -> str:
    return str(i18n.catalogue(_reader.get().language).ugettext(text))


def _ngettext(one: str, many: str, count: int) -> str:
    return str(i18n.catalogue(_reader.get().language).ungettext(one, many, count))


def _day(at: datetime) -> str:
    return i18n.day(at, clock.now(), _reader.get().language, _reader.get().time_zone)


def _pair(first: Card | None, second: Card | None) -> str:
    return i18n.pair(_called(first), _called(second), _reader.get().language)


def _called(card: Card | None) -> str:
    return presenters.first_name(card) if card else _gettext(FORMER)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    # newstyle: values are filled in after translation, escaped.
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    made.filters.update(day=_day, called=_called, initials=initials, other=presenters.other)
    made.filters.update(in_order=presenters.in_order, other_side=presenters.other_side, cannot_vouch=presenters.cannot_vouch)
    made.globals.update(pair=_pair, labels=_Labels(), lengths=LENGTHS, languages=i18n.LANGUAGES)
    return made
