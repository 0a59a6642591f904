"""Her data, as one service has it: the same route in every api that keeps any, for members to ask in her name."""

from typing import Annotated, Any

from pydantic import Field

from shared.contracts.http.base import Answer, QueryRoute
from shared.contracts.lengths import Word
from shared.problems import StepUpNeeded

MOST_SECTIONS = 100
Sections = Annotated[dict[Word, list[dict[Word, Any]]], Field(max_length=MOST_SECTIONS)]
"""By a name that a reader understands, things with their fields."""


class PartView(Answer):
    """What this service keeps of her, as her pages would show it."""

    sections: Sections


EXPORT_PART = QueryRoute(path="/v1/me/export", answer=PartView, problems=(StepUpNeeded,))
"""For a member who showed a code or a passkey just now."""
