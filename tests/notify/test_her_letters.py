"""The letters that a member was sent, as she takes them with her data: kind, day, and the subject, if whom it names exists for her."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.notify import worker
from services.notify.members import Recipient
from services.notify.queue import store
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberErased
from shared.messaging import registry
from shared.postgres.database import transaction
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import ANA, INES, MARTA

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("members")]


def erased(member: Recipient) -> MemberErased:
    return MemberErased(aggregate_id=member.profile.id, aggregate_version=9, occurred_at=world.AT)


GONE: dict[str, Callable[[], Event]] = {
    "erased": lambda: erased(INES),
    "suspended": lambda: world.suspended(INES),
    "blocked by her": lambda: world.blocked(INES, ANA),
    "blocked by me": lambda: world.blocked(ANA, INES),
}


async def hers(desk: Desk) -> Sequence[Any]:
    async with transaction(desk.pool) as tx:
        return (await store.export(tx, ANA.profile.id))["letters"]


async def sent(desk: Desk, *events: Event) -> None:
    async with desk.delivering():
        await desk.heard(*events)
        await desk.until(desk.over)


async def test_she_reads_which_letters_she_was_sent(desk: Desk) -> None:
    await sent(desk, world.connection_accepted(), world.restricted())
    await desk.heard(world.reminder())  # this one hasn't left
    assert [(one["letter"], one["subject"]) for one in await hers(desk)] == [
        ("connection_accepted", "You and Inés Peña are connected"),
        ("requests_restricted", "For a while, let others introduce you"),
    ]
    assert INES.address not in str(await hers(desk))


@pytest.mark.parametrize("case", GONE)
async def test_no_subject_names_one_who_is_not_there_for_her(desk: Desk, case: str) -> None:
    await sent(desk, world.connection_accepted(), world.restricted())
    await desk.heard(GONE[case]())
    assert [one["subject"] for one in await hers(desk)] == [None, "For a while, let others introduce you"]


async def test_no_title_outlives_whom_it_names(desk: Desk) -> None:
    """Those that were sent, that wait, and that are written once she is gone; and a sentence that needs no name in it is one of them."""
    request = world.connection_requested()
    await desk.heard(request, world.reminder(about_id=INES.profile.id))
    await sent(desk, world.connection_accepted(), world.vouched())
    assert any("Inés" in row["title"] for row in await desk.letters() if row["title"])
    await desk.heard(erased(INES))
    late = world.connection_closed("member_left", aggregate_id=request.aggregate_id, aggregate_version=5)
    await sent(desk, late, world.restricted())
    (told,) = [row for row in await desk.letters() if row["kind"] == "did_not_go_ahead"]
    assert (told["state"], told["title"]) == ("sent", None), "the letter tells her name, and nothing keeps it"
    assert [row["title"] for row in await desk.letters() if row["title"]] == ["For a while, let others introduce you"]
    await desk.heard(erased(ANA), erased(MARTA))
    assert [row["title"] for row in await desk.letters() if row["title"]] == []


async def test_a_letter_on_its_way_keeps_no_title_of_her_who_is_erased_meanwhile(desk: Desk) -> None:
    await desk.heard(world.connection_accepted())
    await desk.pool.execute("update letters set state = 'sending', due_at = now() + interval '1 hour'")
    await desk.heard(erased(INES))
    assert [(row["state"], row["title"]) for row in await desk.letters()] == [("sending", None)]


async def test_a_letter_that_is_written_while_she_is_erased_keeps_no_title_and_does_not_leave(desk: Desk) -> None:
    handlers = registry.of_service("notify", [feature.handlers for feature in worker.features(world.SENDER)])
    async with transaction(desk.pool) as tx:
        await handlers.handle([erased(INES)], tx)
        writing = asyncio.create_task(desk.heard(world.sides_connected()))
        await asyncio.sleep(0.3)
    await writing
    assert [row["title"] for row in await desk.letters()] == [None]
    await sent(desk)
    assert [(row["state"], row["message"]) for row in await desk.letters()] == [("suppressed", None)]


async def test_a_code_and_what_is_suppressed_keep_none(desk: Desk) -> None:
    await desk.heard(world.code_issued(), world.reminder())
    await desk.heard(world.suspended(ANA))
    await sent(desk)
    assert {row["kind"]: (row["state"], row["title"]) for row in await desk.letters()} == {
        "code": ("sent", None),
        "how_did_it_go": ("suppressed", None),
    }
