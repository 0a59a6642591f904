"""What a service refused, in her language. Its sentences come from the contracts; one that isn't translated yet shows in English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.web.clients.http import ServiceProblem
from services.web.i18n import N_, number, translate
from shared import clock, moments
from shared.contracts.http import requests
from shared.contracts.http.base import Refusal, routes_of
from shared.contracts.http.requests.introduction_problems import NotNow
from shared.problems import FIELD_SENTENCES

AGAIN = N_("You can try again from %(when)s.")
_SENTENCES = {
    problem.code: problem.sentence for module in requests.MODULES for route in routes_of(module).values() for problem in route.problems
}


def sentence(problem: ServiceProblem, language: str, time_zone: str = "UTC") -> str:
    """What to tell her of the problem as a whole, and when she can try again if that is known."""
    return _with_time(problem.detail or NotNow.sentence, problem.again_at, language, time_zone)


def why(refusal: Refusal, language: str, time_zone: str) -> str:
    """The same of something that a page doesn't even offer."""
    return _with_time(_SENTENCES.get(refusal.code, NotNow.sentence), refusal.again_at, language, time_zone)


def _with_time(said: str, again_at: datetime | None, language: str, time_zone: str) -> str:
    told = translate(language, said)
    if again_at is None:
        return told
    again = translate(language, AGAIN, when=moments.moment(again_at, language, time_zone, clock.now()))
    return f"{told} {again}"


def fields(problem: ServiceProblem, language: str) -> dict[str, str]:
    """A sentence a wrong field, by the field's name."""
    return {wrong["field"]: _field(wrong, language) for wrong in problem.fields if wrong.get("field")}


def _field(wrong: Mapping[str, Any], language: str) -> str:
    known = FIELD_SENTENCES.get(wrong.get("code", ""))
    if known is None:
        return wrong.get("detail") or translate(language, FIELD_SENTENCES["wrong"])
    try:
        limits = {name: number(language, wrong[name]) for name in ("minimum", "maximum", "count") if wrong.get(name) is not None}
        return translate(language, known).format_map(limits)
    except KeyError:  # a length that the service didn't name
        return str(wrong.get("detail", known))
