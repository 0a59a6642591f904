"""Templates: compiled once a process and language, autoescaped, strict about unknown names."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from services.web import i18n, labels, presenters, problems, today
from services.web.assets import Assets
from services.web.drawing import STORY
from services.web.faces import face
from services.web.forms import LENGTHS
from services.web.quoting import lang_of
from services.web.settings import Settings
from services.web.texts import FACTS, paragraphs
from shared import clock, moments
from shared.contracts.http.base import Card, Refusal
from shared.names import both, first_name, isolate, with_bdi
from shared.templating import Environment

TEMPLATES = Path(__file__).parent / "templates"
OF_WHO_RUNS_IT = ("run_by", "run_by_url", "paid_by")
FORMER = i18n.N_("a former member")


class Pages:
    """Renders templates; `assets` says under which addresses the static files are, `settings` what the first page says of who runs it."""

    def __init__(self, assets: Assets, settings: Settings) -> None:
        self._environments = {language: _environment(language, assets) for language in i18n.LANGUAGES}
        who = {name: getattr(settings, name) for name in OF_WHO_RUNS_IT}
        for environment in self._environments.values():
            environment.globals.update(who)

    def render(self, language: str, template: str, context: Mapping[str, Any]) -> str:
        """The page as HTML."""
        return with_bdi(self._environments[language].get_template(template).render(context))


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
    made.policies["ext.i18n.trimmed"] = True
    # newstyle: values are filled in after translation, escaped.
    made.install_gettext_translations(i18n.catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension

    def called(card: Card | None) -> str:
        return first_name(card.name) if card else i18n.translate(language, FORMER)

    def pair(first: Card | None, second: Card | None) -> str:
        return both(called(first), called(second), language)

    made.filters.update(
        day=_time(moments.day),
        on=_time(moments.on),
        moment=_time(moments.moment),
        called=called,
        isolate=isolate,
        month=partial(moments.month, language=language),
        number=partial(i18n.number, language),
        spoken=partial(labels.spoken, reader=language),
        why=_why,
        paragraphs=paragraphs,
        other=presenters.other,
    )
    made.filters.update(opening=today.opening, met=presenters.met)
    made.filters.update(
        in_order=presenters.in_order, other_side=presenters.other_side, arcs=presenters.arcs, cannot_vouch=presenters.cannot_vouch
    )
    made.globals.update(
        pair=pair,
        labels=labels.of(language),
        lengths=LENGTHS,
        facts=FACTS,
        languages=i18n.LANGUAGES,
        static=assets.url,
        mark=face,
        lang_of=lang_of,
        story=STORY,
    )
    return made


@pass_context
def _why(context: Context, refusal: Refusal) -> str:
    visit = context["visit"]
    return problems.why(refusal, visit.language, visit.time_zone)


def _time(words: Callable[..., str]) -> Callable[[Context, datetime], Markup]:
    """A filter that tells a time in these words, as HTML that machines read too."""

    @pass_context
    def told(context: Context, at: datetime) -> Markup:
        visit = context["visit"]
        # A day and its month stay on one line.
        said = re.sub(r"(?<![:\d])(\d{1,2}) (?=[^\W\d])", "\\1\N{NO-BREAK SPACE}", words(at, visit.language, visit.time_zone, clock.now()))
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="minutes"), said)

    return told
