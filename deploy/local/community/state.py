"""One page in one state, for one of the women."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class State:
    """A page in one state. `path` names members, requests and introductions as the story does; `shows` is what the service that
    it is about answers `who`, as far as it makes the state; None if she gets no page."""

    title: str
    who: str
    path: str
    shows: Mapping[str, Any] | None = field(default_factory=dict)


def of(role: str, state: str, **more: Any) -> Mapping[str, Any]:
    """What an introduction or a request shows to a member in that role, in that state."""
    return {"my_role": role, "state": state, **more}
