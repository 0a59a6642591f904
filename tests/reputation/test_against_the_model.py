"""The database's sums are those of `Trust` in memory, bit for bit, whatever happened, in any order and more than once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reputation.ledger import exclusions
from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import Key, ratings_of
from services.reputation.scores import store
from services.reputation.standing import store as standing
from services.reputation.trust import PRODUCT, Settings, Trust
from shared import clock
from shared.contracts.events.base import NIL, Event
from shared.contracts.events.requests import OutcomeAnswer
from shared.postgres.database import Pool
from tests.backends import owner
from tests.reputation.conftest import Hear, differences, exclude, name_anchors, night
from tests.reputation.examples import ANA, BEA, CARLA, EVA, SILENT, T, branch_of, joined, placed, revealed, upheld, vouched, withdrawn

pytestmark = pytest.mark.servers
WOMEN = {ANA: -400.0, BEA: -89.0, CARLA: -75.0, EVA: None}
"""When they joined, in days after T. Two come by the same path; where Eva came in isn't known."""
PATHS = {ANA: branch_of(ANA), BEA: branch_of(BEA), CARLA: branch_of(BEA)}
ANSWERS: tuple[OutcomeAnswer | None, ...] = (
    "worthwhile",
    "worthwhile",
    "worthwhile",
    "worthwhile",
    "did_not_meet",
    "not_as_described",
    None,
)
SOON = replace(PRODUCT, doubling=1, known_to=1)
"""So that women of two paths are enough for one of them to be known elsewhere."""
DAYS = st.floats(-300, -1).map(lambda days: round(days, 2))


@dataclass(frozen=True)
class Anchored:
    """From the next night on she is an anchor, or no longer one."""

    member: UUID


class Night:
    """A night passes."""


@dataclass(frozen=True)
class Excluded:
    """A moderator leaves out one of the words that are there by then."""

    which: int


Step = Event | Anchored | Night | Excluded


@st.composite
def outcomes(draw: st.DrawFn) -> list[Step]:
    """An introduction's, some told in two events."""
    voucher, *sides = draw(st.permutations(list(WOMEN)))[:3]
    number, days, pair = draw(st.integers(1, 60)), draw(DAYS), (sides[0], sides[1])
    answers = [draw(st.sampled_from(ANSWERS)), draw(st.sampled_from(ANSWERS))]
    number = number * 1000 + [*WOMEN].index(voucher) * 100 + [*WOMEN].index(pair[0]) * 10 + [*WOMEN].index(pair[1])
    told: list[Step] = [revealed(voucher, pair, answers, number=number, days=days)]
    late: list[OutcomeAnswer | None] = ["worthwhile" if answer is None else None for answer in answers]
    return [*told, revealed(voucher, pair, late, number=number, days=days + 0.5, version=5)] if draw(st.booleans()) else told


@st.composite
def others(draw: st.DrawFn) -> list[Step]:
    one, other, third = draw(st.permutations(list(WOMEN)))[:3]
    number, days = draw(st.integers(100_000, 900_000)), draw(DAYS)
    choices: list[list[Step]] = [
        [vouched(one, (other, third), number=number, days=days)],
        [vouched(one, (other, third), number=number, days=days), withdrawn(one, (other, third), number=number, days=days + 0.5)],
        [upheld(other, number=number, days=days)],
        [upheld(other, one, number=number, days=days)],
        [Anchored(ANA if one > other else BEA), Night()],
        [Anchored(SILENT[0]), Night()],
        [Night()],
    ]
    return draw(st.sampled_from(choices))


EXCLUDED = st.integers(0, 1000).map(lambda which: [Excluded(which)])
PARTS: st.SearchStrategy[list[list[Step]]] = st.lists(
    st.one_of(outcomes(), outcomes(), others(), others(), EXCLUDED), min_size=1, max_size=16
)
STORIES = PARTS.map(lambda parts: list({getattr(step, "id", place): step for place, step in enumerate(chain(*parts))}.values()))
"""No two events of one id."""


@given(story=STORIES, draw=st.data(), rule=st.sampled_from([PRODUCT, SOON]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_every_history_gives_the_sums_of_the_model(
    pool: Pool, hear: Hear, story: list[Step], draw: st.DataObject, rule: Settings
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: T)
        patch.setattr(store, "PRODUCT", rule)
        await anew(pool, hear)
        again: list[Step] = [step for step in story if isinstance(step, Event) and draw.draw(st.booleans())]
        order: Sequence[Step] = draw.draw(st.permutations(story + again))
        anchors, named, settled, left_out = set[UUID](), set(SILENT), None, set[Key]()
        await name_anchors(pool)
        batch: list[Event] = []
        # What comes after its night makes nobody known before the next one, as it would have in memory.
        for step in [*order, Night() if rule == SOON or draw.draw(st.booleans()) else order[0]]:
            if isinstance(step, Event):
                batch.append(step)
                if draw.draw(st.booleans()):
                    continue
            if batch:
                await hear(*batch, together=True)
                batch = []
            if isinstance(step, Anchored):
                named ^= {step.member}
                async with pool.acquire() as tx:
                    if step.member in named:
                        await standing.add_anchor(tx, step.member, T)
                    else:
                        await standing.remove_anchor(tx, step.member)
            elif isinstance(step, Excluded):
                left_out |= await leave_out(pool, step.which)
            elif isinstance(step, Night):
                settled = (settled or T) + timedelta(days=10)
                await night(pool, settled)
                anchors = set(named) if len(named) >= rule.least_anchors else set[UUID]()
        await hear(*batch, together=True)
        events = {step.id: step for step in story if isinstance(step, Event)}
        assert await held(pool) == model(list(events.values()), anchors, settled, rule, left_out)
        assert await differences(pool) == []


async def anew(pool: Pool, hear: Hear) -> None:
    await owner.execute(pool, "alter table ratings disable trigger user; alter table vouches disable trigger user")
    await owner.execute(
        pool,
        "truncate members, placements, anchors, nights, tiers, ratings, vouches, exclusions, live_words, live_buckets, bands, inbox,"
        " outbox",
    )
    await owner.execute(pool, "alter table ratings enable trigger user; alter table vouches enable trigger user")
    await hear(*(joined(member, str(member)) for member in WOMEN), together=True)
    await hear(*(placed(member, branch=path, days=WOMEN[member] or 0) for member, path in PATHS.items()), together=True)


async def leave_out(pool: Pool, which: int) -> set[Key]:
    """Exclude one of those that count, as often as not one that had replaced another, and give the keys of all that goes with it."""
    async with pool.acquire() as tx:
        heard = {one.key: one for member in WOMEN for one in (await ledger.heard(tx, member)).values()}
        gone = {key for keys in (await exclusions.about(tx, list(WOMEN))).values() for key in keys}
    there = [heard[key] for key in sorted(heard.keys() - gone)]
    if not there:
        return set()
    reports = [one for one in there if one.role in ("report", "vouch")]
    replacing = [
        one for one in there for other in there if one.evidence.cell == other.evidence.cell and one.revealed_at > other.revealed_at
    ]
    some = (there, reports or there, replacing or there)[which % 3]
    word = some[which % len(some)]
    await exclude(pool, word)
    async with pool.acquire() as tx:
        return {word.key, *(one.key for one in await ledger.answers_of(tx, [word]))}


async def held(pool: Pool) -> dict[UUID, object]:
    async with pool.acquire() as tx:
        return {member: sums for member, sums in (await store.sums_of(tx, list(WOMEN))).items() if sums}


def model(events: list[Event], anchors: set[UUID], settled: datetime | None, rule: Settings, left_out: set[Key]) -> dict[UUID, object]:
    """The sums of `Trust` that heard all that counts, in whatever order, and settled once; what is excluded it never heard."""

    def where(member: UUID) -> tuple[UUID, datetime | None]:
        days = WOMEN.get(member)
        if days is None or settled is None:
            return NIL, None
        on = datetime.combine((T + timedelta(days=days)).date(), datetime.min.time(), UTC)
        counts = member in anchors or settled - on >= PRODUCT.grace
        return (PATHS[member], on) if counts else (NIL, on)

    ratings = [rating for event in events for rating in ratings_of(event) if rating.key not in left_out]
    trust = Trust(anchors, rule, where)
    for rating in ratings:
        trust.record(rating.evidence)
    if settled is not None:
        trust.settle(settled)
    return {member: dict(sums) for member in WOMEN if (sums := trust.sums(member))}
