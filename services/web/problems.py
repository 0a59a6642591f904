"""What a service refused, in her language. Its sentences come from the contracts; one that isn't translated yet shows in English."""

from collections.abc import Mapping
from typing import Any

from services.web.clients.http import ServiceProblem
from services.web.i18n import translate
from shared.contracts.http.requests.introduction_problems import NotNow
from shared.problems import FIELD_SENTENCES


def sentence(problem: ServiceProblem, language: str) -> str:
    """What to tell her of the problem as a whole."""
    return translate(language, problem.detail or NotNow.sentence)


def fields(problem: ServiceProblem, language: str) -> dict[str, str]:
    """A sentence a wrong field, by the field's name."""
    return {wrong["field"]: _field(wrong, language) for wrong in problem.fields if wrong.get("field")}


def _field(wrong: Mapping[str, Any], language: str) -> str:
    known = FIELD_SENTENCES.get(wrong.get("code", ""))
    if known is None:
        return wrong.get("detail") or translate(language, FIELD_SENTENCES["wrong"])
    try:
        return translate(language, known).format_map(wrong)
    except KeyError:  # a length that the service didn't name
        return str(wrong.get("detail", known))
