"""How many women took each step in a month: what a steward may know of it, in which no small number stands or can be worked out. Pure.

A number under five isn't shown. Nor is one that lies within four of another of its month, for their difference may be a small number too.
There are no sums, and a month is counted once, when it is over, so that nothing follows from looking twice.
"""

from collections.abc import Mapping
from typing import get_args

from services.members.moderation.transparency import LEAST
from shared.contracts.http.members.community import Stage, StageCount

STAGES: tuple[Stage, ...] = get_args(Stage)


def shown(counts: Mapping[Stage, int]) -> dict[Stage, StageCount]:
    """A month as stewards may see it."""
    seen: dict[Stage, StageCount] = {}
    numbers: list[int] = []
    for stage in STAGES:
        count = counts.get(stage, 0)
        if count < LEAST:
            seen[stage] = "few"
        elif any(abs(count - other) < LEAST for other in numbers):
            seen[stage] = "about_as_many"
        else:
            seen[stage] = count
            numbers.append(count)
    return seen
