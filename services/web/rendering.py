"""Templates, one environment a language: autoescaped, strict about unknown names, translated."""

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from services.web import i18n, words
from services.web.assets import Assets
from services.web.models import Card
from services.web.problems import LENGTHS
from shared import clock

TEMPLATES = Path(__file__).parent / "templates"


@pass_context
def _day(context: Context, at: datetime) -> str:
    return i18n.day(at, clock.now(), context["visit"].language, context["visit"].time_zone)


@pass_context
def _pair(context: Context, first: str, second: str) -> str:
    return i18n.pair(first, second, context["visit"].language)


@pass_context
def _called(context: Context, card: Card | None) -> str:
    return card.first_name if card else i18n.translate(context["visit"].language, FORMER)


@pass_context
def _full(context: Context, card: Card | None) -> str:
    return card.name if card else i18n.translate(context["visit"].language, FORMER)


FORMER = i18n.N_("a former member")


class Pages:
    """Renders a template in a language."""

    def __init__(self, assets: Assets) -> None:
        self._environments = {language: _environment(language, assets) for language in i18n.LANGUAGES}

    def render(self, language: str, template: str, context: dict[str, Any]) -> str:
        """The page as HTML."""
        return self._environments[language].get_template(template).render(context)


def _environment(language: str, assets: Assets) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # newstyle: values are filled in after translation, escaped.
    texts = i18n.catalogue(language)
    made.install_gettext_callables(texts.ugettext, texts.ungettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    made.filters.update(day=_day, called=_called, full=_full)
    made.policies["ext.i18n.trimmed"] = True
    made.globals.update(static=assets.url, pair=_pair, words=words.Words(language), lengths=LENGTHS, languages=i18n.LANGUAGES)
    return made
