"""Handlers of a service's features together are for exactly the events that it hears."""

from typing import Any

import pytest

from shared.contracts.events.base import Event
from shared.contracts.events.heard import HEARS
from shared.contracts.events.members import MemberErased, MemberJoined, MemberPlaced
from shared.contracts.events.requests import IntroductionConfirmed, IntroductionVouched, OutcomesRevealed, VouchWithdrawn
from shared.messaging.registry import Handlers, of_service
from shared.postgres.database import Tx


async def handle(event: Any, tx: Tx) -> None: ...


def handling(*kinds: type[Event]) -> Handlers:
    handlers = Handlers()
    handlers.consumes(*kinds)(handle)
    return handlers


def test_the_parts_of_a_service_are_put_together() -> None:
    many = Handlers()
    many.consumes_many(IntroductionConfirmed)(handle)
    of_members = handling(*(kind for kind in HEARS["reputation"] if kind.publisher == "members"))
    together = of_service("reputation", [of_members, many, handling(OutcomesRevealed, IntroductionVouched, VouchWithdrawn)])
    assert together.types == {kind.type for kind in HEARS["reputation"]}
    assert [kind.type for kind in HEARS["reputation"] if together.in_lists(kind.type)] == [IntroductionConfirmed.type]


def test_an_event_without_a_handler_is_a_mistake() -> None:
    missed = {MemberErased, MemberPlaced, OutcomesRevealed}
    with pytest.raises(
        ValueError,
        match=r"reputation has no handler of members\.v1\.member_erased, members\.v1\.member_placed, requests\.v1\.outcomes_revealed$",
    ):
        of_service("reputation", [handling(*(kind for kind in HEARS["reputation"] if kind not in missed))])


def test_a_handler_of_what_the_service_doesnt_hear_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"members doesn't hear members\.v1\.member_joined"):
        of_service("members", [handling(MemberJoined, *HEARS["members"])])


def test_two_handlers_of_one_event_are_a_mistake() -> None:
    handlers = handling(MemberJoined)
    for register in (handlers.consumes, handlers.consumes_many):
        with pytest.raises(ValueError, match="two handlers"):
            register(MemberJoined)(handle)
    with pytest.raises(ValueError, match="two handlers"):
        of_service("reputation", [handlers, handling(MemberJoined)])
