"""One page in one state, for one of the women."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class State:
    """A page in one state. `path` names members, requests and introductions as the story does; `shows` is what the service that
    it is about answers `who`, as far as it makes the state, with `...` for whatever is there; None if she gets no page. With `passkey` it
    is so once she has signed in with one."""

    title: str
    who: str
    path: str
    shows: Mapping[str, Any] | None = field(default_factory=dict)
    passkey: bool = False


def of(role: str, state: str, **more: Any) -> Mapping[str, Any]:
    """What an introduction or a request shows to a member in that role, in that state."""
    return {"my_role": role, "state": state, **more}
