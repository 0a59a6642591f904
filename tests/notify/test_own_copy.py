"""Notify's own copy of members and blocks: the newest wins in whatever order events come, and an erased member stays erased."""

from collections.abc import Callable
from itertools import permutations, product
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify import members
from services.notify.members import Profile, Recipient
from shared.contracts.events.base import Event
from shared.messaging.registry import CannotHandle, NotYetKnown
from shared.postgres.database import Pool, transaction
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import ANA, INES, MARTA

pytestmark = pytest.mark.servers


async def known(pool: Pool, member: Recipient) -> tuple[Recipient | None, Profile | None]:
    async with transaction(pool) as tx:
        found = await members.people(tx, [member.profile.id])
    return found.recipient(member.profile.id), found.profile(member.profile.id)


async def row(pool: Pool, member_id: UUID) -> dict[str, Any]:
    found = await pool.fetchrow("select * from members where member_id = $1", member_id)
    assert found
    return dict(found)


async def test_the_newest_profile_and_address_win_in_any_order(desk: Desk) -> None:
    for order in permutations(range(4)):
        ana = world.member("Ana García")
        newer = world.joined(ana, 2, name="Ana G. López", language="es", discreet=True)
        events: list[Event] = [world.joined(ana), newer, world.address_set(ana), world.address_set(ana, 2, "new@example.test")]
        for number in order:
            await desk.heard(events[number], events[number])
        member, card = await known(desk.pool, ana)
        assert member
        assert member.address == "new@example.test"
        assert card == Profile(ana.profile.id, "Ana G. López", "", "es", "America/Mexico_City", discreet=True) == member.profile


async def test_what_introductions_pass_on_comes_and_goes_with_her_address_and_goes_with_her(desk: Desk) -> None:
    ana = world.member("Ana García")
    second = world.address_set(ana, 2).model_copy(update={"passed_on": "ana@work.example.test"})
    await desk.heard(*world.joining(ana), second)
    member, _ = await known(desk.pool, ana)
    assert member
    assert (member.address, member.introduced.address) == (ana.address, "ana@work.example.test")
    await desk.heard(world.address_set(ana, 3))
    member, _ = await known(desk.pool, ana)
    assert member
    assert member.introduced.address == ana.address
    await desk.heard(second.model_copy(update={"aggregate_version": 4, "id": uuid4()}), world.erased(ana))
    assert (await row(desk.pool, ana.profile.id))["passed_on"] is None


async def test_letters_under_way_go_to_the_new_address_and_introductions_to_the_one_they_pass_on(desk: Desk) -> None:
    await desk.heard(*(event for one in (ANA, INES, MARTA) for event in world.joining(one)), world.confirmed(), world.signed_in())
    moved = world.address_set(ANA, 2, "ana@new.example.test").model_copy(update={"passed_on": "ana@work.example.test"})
    await desk.heard(moved, world.address_set(ANA, 1))
    rows = await desk.pool.fetch("select kind, recipient_id, address, message from letters order by letter_id")
    found = {(row["kind"], row["recipient_id"]): (row["address"], world.read(row["message"]).addresses("To")) for row in rows}
    to_ines, to_ana, to_work, to_new = (
        (name, address)
        for name, address in (
            ("Inés Peña", INES.address),
            ("Ana García", ANA.address),
            ("Ana García", "ana@work.example.test"),
            ("Ana García", "ana@new.example.test"),
        )
    )
    assert found == {
        ("introduction", ANA.profile.id): ("ana@work.example.test", [to_ines, to_work]),
        ("introduction", INES.profile.id): (INES.address, [to_ana, to_ines]),  # as it was when both said yes
        ("new_device", ANA.profile.id): ("ana@new.example.test", [to_new]),
    }


async def test_without_a_card_or_an_address_she_is_not_yet_known(desk: Desk) -> None:
    with pytest.raises(NotYetKnown):
        await known(desk.pool, ANA)
    await desk.heard(world.address_set(ANA))
    with pytest.raises(NotYetKnown):
        await known(desk.pool, ANA)
    await desk.heard(world.suspended(ANA), world.joined(ANA))
    assert (await known(desk.pool, ANA))[0] == ANA
    await desk.heard(world.joined(INES))
    with pytest.raises(NotYetKnown):
        await known(desk.pool, INES)


async def test_nothing_brings_an_erased_member_back(desk: Desk) -> None:
    makers: list[Callable[[Recipient, int], Event]] = [world.joined, world.address_set, world.reinstated, world.suspended]
    for late, first in product(makers, [True, False]):
        ana = world.member("Ana García")
        if first:
            await desk.heard(*world.joining(ana), late(ana, 9))
        await desk.heard(world.erased(ana, 3), late(ana, 9))
        assert await known(desk.pool, ana) == (None, None)
        found = await row(desk.pool, ana.profile.id)
        assert found["erased"]
        assert [found[name] for name in ("name", "headline", "language", "time_zone", "address")] == [None] * 5


async def test_status_goes_by_version(desk: Desk) -> None:
    await desk.heard(world.reinstated(ANA, 2), world.suspended(ANA, 1))
    assert not (await row(desk.pool, ANA.profile.id))["suspended"]
    await desk.heard(world.suspended(ANA, 3))
    assert (await row(desk.pool, ANA.profile.id))["suspended"]


async def test_blocks_go_by_version_and_direction(desk: Desk) -> None:
    everyone = [ANA.profile.id, INES.profile.id, MARTA.profile.id]
    await desk.heard(world.unblocked(ANA, INES, 2), world.blocked(ANA, INES, 1), world.blocked(INES, ANA, 1))
    async with transaction(desk.pool) as tx:
        assert (await members.people(tx, everyone)).blockers(everyone) == {INES.profile.id}
        two = [INES.profile.id, MARTA.profile.id]
        assert (await members.people(tx, everyone)).blockers(two) == (await members.people(tx, two)).blockers(two) == set()
    await desk.heard(world.blocked(ANA, INES, 3), world.unblocked(INES, ANA, 2))
    async with transaction(desk.pool) as tx:
        assert (await members.people(tx, everyone)).blockers(everyone) == {ANA.profile.id}


@pytest.mark.parametrize("address", ["ñandú@example.test", "no address", "a@b\r\nBcc: c@d.test"])
async def test_an_address_that_no_letter_could_carry_is_a_dead_letter_that_quotes_nothing(address: str, desk: Desk) -> None:
    with pytest.raises(CannotHandle) as caught:
        await desk.heard(world.address_set(ANA, 1, address))
    assert str(caught.value).startswith("unfit_address")
    assert address not in str(caught.value)
    with pytest.raises(CannotHandle):
        await desk.heard(world.code_issued(address=address))
    assert await desk.letters() == []


async def test_erasing_empties_what_has_not_left_to_her_or_about_her(desk: Desk) -> None:
    await desk.heard(*world.joining(ANA), *world.joining(INES), *world.joining(MARTA))
    await desk.heard(
        world.confirmed(), world.asked(), world.reminder(member_id=MARTA.profile.id, about_id=ANA.profile.id), world.erased(INES)
    )
    rows = {(row["kind"], row["recipient_id"]): row for row in await desk.letters()}
    emptied = {key for key, letter in rows.items() if letter["message"] is None}
    assert emptied == {("introduction", ANA.profile.id), ("introduction", INES.profile.id), ("introduction_asked", MARTA.profile.id)}
    for key in emptied:
        assert (rows[key]["state"], rows[key]["reason"], rows[key]["address"]) == ("suppressed", "erased", None)
