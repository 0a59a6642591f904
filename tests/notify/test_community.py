"""In whose name letters leave: what the steward chose, for what is written from then on."""

import pytest

from shared.contracts.events.members import COMMUNITY, CommunityChanged
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import AT, INES, MARTA

pytestmark = pytest.mark.servers


def changed(version: int, name: str, sender: str) -> CommunityChanged:
    """What members tells of it."""
    return CommunityChanged(aggregate_id=COMMUNITY, aggregate_version=version, occurred_at=AT, name=name, sender=sender)


async def senders(desk: Desk) -> list[tuple[str, bool]]:
    """The name in From of each letter, oldest first, and whether the letter names the community."""
    letters = [world.read(row["message"]) for row in await desk.letters()]
    return [
        (letter.addresses("From")[0][0], "Asociación Madrina" in letter.text and "Asociación Madrina" in letter.html) for letter in letters
    ]


async def write(desk: Desk) -> None:
    """A letter to Inés, of whom Marta asks something."""
    await desk.heard(world.connection_requested(requester_id=MARTA.profile.id, recipient_id=INES.profile.id))


async def test_what_is_written_later_leaves_in_the_name_of_the_community_and_what_is_written_stays(desk: Desk) -> None:
    await desk.heard(*world.joining(MARTA), *world.joining(INES))
    await write(desk)
    await desk.heard(changed(2, "Asociación Madrina", "Madrina Valencia"), changed(1, "Else", "Else"))
    await write(desk)
    await desk.heard(changed(3, "", ""))
    await write(desk)
    assert await senders(desk) == [("Madrina", False), ("Madrina Valencia", True), ("Madrina", False)]


async def test_a_name_can_add_no_header(desk: Desk) -> None:
    await desk.heard(*world.joining(MARTA), *world.joining(INES), changed(1, "X\r\nBcc: a@b.test", "X\r\nBcc: a@b.test"))
    await write(desk)
    [row] = await desk.letters()
    assert b"\nBcc:" not in row["message"]
