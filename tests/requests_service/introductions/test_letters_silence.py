"""Letters don't tell a no from silence: notify hears all that was told with a no and without, and the others get the same."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.notify import worker
from shared.contracts.events.base import parse
from shared.contracts.events.heard import HEARS
from shared.contracts.events.members import AddressSet, MemberErased
from shared.messaging import registry
from shared.postgres.database import Pool, create_pool, transaction
from tests.conftest import MakeDatabase
from tests.notify.world import SENDER, read
from tests.requests_service.introductions.circle import ID
from tests.requests_service.introductions.test_api_silence import (
    END,
    TOLD,
    Story,
    Twin,
    ana_passes_a_proposal,
    both,
    carla_passes,
    the_asker_waits_and_asks_anew,
    the_asker_withdraws_and_asks_anew,
    the_other_says_yes,
    vera_declines,
    vera_does_not_know_them_well_enough,
)
from tests.requests_service.world import START, World

pytestmark = pytest.mark.servers

OWN = rf"{ID}|mark-[0-9a-f]{{8}}"
"""What differs between two worlds because their women do: ids, and the marks drawn from them."""
HANDLERS = registry.of_service("notify", [feature.handlers for feature in worker.features(SENDER)])
HEARD = {event.type for event in HEARS["notify"]}


async def carla_leaves_a_proposal(it: Twin) -> None:
    it.id_ = await it.circle.proposed()
    if it.says_no:
        await it.circle.world.status(MemberErased, it.circle.carla)


async def carla_blocks_ana_in_a_proposal(it: Twin) -> None:
    it.id_ = await it.circle.proposed()
    if it.says_no:
        await it.circle.world.block(it.circle.carla, it.circle.ana)


async def the_other_is_reminded(it: Twin) -> None:
    await it.circle.until(END - timedelta(days=1))
    await it.look(it.circle.ana)
    assert it.circle.ana in [event.member_id for event in await it.circle.told("RemindersDue")]
    await it.circle.until(END)


QUIET = (vera_declines, vera_does_not_know_them_well_enough, carla_passes)
CASES = [
    *TOLD,
    (ana_passes_a_proposal, the_other_says_yes),
    *((no, the_other_is_reminded) for no in (carla_leaves_a_proposal, carla_blocks_ana_in_a_proposal)),
]
CASES += [(no, goes_on) for no in QUIET for goes_on in (the_asker_waits_and_asks_anew, the_asker_withdraws_and_asks_anew)]


@pytest.fixture
async def notify(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    pool = await create_pool(await make_database("notify"))
    yield pool
    await pool.close()


async def letters(twin: Twin, notify: Pool) -> list[tuple[str, str]]:
    """Every letter about the introduction as it is written, without ids: to whom, and what she reads."""
    circle, world = twin.circle, twin.circle.world
    names = dict(zip(circle.three, ("ana", "vera", "carla"), strict=True))
    rows = await world.pool.fetch("select position, body from outbox")
    events = sorted([*((row["position"], parse(row["body"])) for row in rows), *world.heard], key=lambda one: one[0])
    theirs = set(map(str, circle.three))
    hers = [event for _, event in events if event.type in HEARD and theirs & set(re.findall(ID, event.model_dump_json(exclude={"id"})))]
    boxes = [AddressSet(aggregate_id=id_, aggregate_version=1, occurred_at=START, address=f"{id_.hex}@example.test") for id_ in names]
    got: list[tuple[str, str]] = []
    for event in [*boxes, *hers]:
        async with transaction(notify) as tx:
            await HANDLERS.handle([event], tx)
        for row in await notify.fetch("delete from letters returning recipient_id, subject_id, message"):
            if str(row["subject_id"]) == twin.id_:
                letter = read(row["message"])
                got.append((names[row["recipient_id"]], re.sub(OWN, "<her own>", "\n".join((letter.subject, letter.text, letter.html)))))
    return sorted(got)


@pytest.mark.parametrize(("no", "goes_on"), CASES)
async def test_the_others_get_the_letters_of_silence(world: World, notify: Pool, no: Story, goes_on: Story) -> None:
    said, silent = await both(world, no, goes_on)
    world.clock.at = END + timedelta(days=400)  # when all has been told
    with_a_no, without = await letters(said, notify), await letters(silent, notify)
    others = {"ana", "vera", "carla"} - {no.__name__.partition("_")[0]}
    assert [one for one in with_a_no if one[0] in others] == [one for one in without if one[0] in others]
    assert without
