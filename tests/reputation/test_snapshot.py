"""What members see: a snapshot a month, by which nobody can tell who said what; operators see at once."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import cli
from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import Exclusion, ratings_of
from services.reputation.rebuild.commands import with_settings
from services.reputation.scores.store import sums_of
from services.reputation.snapshot import commands, store
from services.reputation.snapshot.domain import TOGETHER, Told, shown
from services.reputation.trust import PRODUCT, reading
from services.reputation.trust.sums import Sums, Voice
from shared import clock
from shared.contracts.events import base
from shared.contracts.events.reputation import BandChanged
from shared.contracts.events.requests import OutcomeAnswer, OutcomesRevealed
from shared.postgres.database import Pool, transaction
from tests.backends import owner
from tests.reputation.conftest import MODERATOR, Hear, Read, exclude, name_anchors, night, snapshot
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, branch_of, erased, intro, revealed, upheld

WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
BAD: list[OutcomeAnswer | None] = ["not_as_described", "worthwhile"]
VOICES = {member: Voice(2, 2, branch_of(member), False) for member in (BEA, CARLA, DINA, EVA, FLOR)}
VOICES[BEA] = Voice(0, 0, base.NIL, False)
"""Bea's word doesn't count yet; the others' does, each by a path of her own."""


def months(count: int) -> list[datetime]:
    """The moments of so many snapshots, the first a day after T."""
    return [T + timedelta(days=1 + 30 * number) for number in range(count)]


LeftOut = Mapping[int, tuple[str, datetime]]
"""Of these events, by their place, the bad or the good words are excluded at that moment."""


def hers(
    events: Sequence[OutcomesRevealed],
    moments: Sequence[datetime],
    praised: frozenset[UUID] = frozenset(),
    left_out: LeftOut | None = None,
) -> Sums:
    """Ana's sums as they are shown in the last of these snapshots."""
    of_each = [[one for one in ratings_of(event) if one.member_id == ANA and one.role == "voucher"] for event in events]
    excluded = {
        one.key: Exclusion(*one.key, FLOR, FLOR, "", at)
        for place, (value, at) in (left_out or {}).items()
        if place < len(events)
        for one in of_each[place]
        if one.value == value
    }
    told = Told([*chain(*of_each)], {event.introduction_id: event.side_ids for event in events}, praised, excluded=excluded)
    return shown(told, moments, VOICES, PRODUCT)


def said(answers: list[OutcomeAnswer | None], number: int, days: float = 0, sides: tuple[UUID, UUID] = (BEA, CARLA)) -> OutcomesRevealed:
    return revealed(ANA, sides, answers, number=number, days=days)


ONE_BAD: list[list[OutcomeAnswer | None]] = [
    ["not_as_described", "worthwhile"],
    ["not_as_described", None],
    ["not_as_described", "did_not_meet"],
    ["not_as_described", "misconduct"],
]
STORIES = st.lists(
    st.tuples(st.sampled_from([*ONE_BAD, WELL, ["worthwhile", None]]), st.floats(0, 200), st.permutations([BEA, CARLA, DINA, EVA])),
    min_size=1,
    max_size=8,
)


EXCLUSIONS = st.dictionaries(
    st.integers(0, 7), st.tuples(st.sampled_from(["bad", "bad", "good"]), st.floats(0, 250).map(lambda days: T + timedelta(days=days)))
)
Story = list[tuple[list[OutcomeAnswer | None], float, list[UUID]]]


def as_told(story: Story) -> list[OutcomesRevealed]:
    return [said(answers, number, days, (sides[0], sides[1])) for number, (answers, days, sides) in enumerate(story)]


@given(
    story=STORIES,
    swapped=st.lists(st.booleans(), min_size=8, max_size=8),
    count=st.integers(1, 9),
    praised=st.sets(st.sampled_from([BEA, CARLA])),
    left_out=EXCLUSIONS,
)
def test_histories_that_differ_only_in_who_gave_the_bad_word_look_the_same(
    story: Story, swapped: list[bool], count: int, praised: set[UUID], left_out: LeftOut
) -> None:
    """Whatever is excluded of an introduction, too: its bad word goes whole, whichever side gave it."""
    told = [said(answers, number, days, (sides[0], sides[1])) for number, (answers, days, sides) in enumerate(story)]
    other = [
        said(answers[::-1] if swap and "not_as_described" in answers else answers, number, days, (sides[0], sides[1]))
        for number, ((answers, days, sides), swap) in enumerate(zip(story, swapped, strict=False))
    ]
    for moment in range(1, count + 1):
        seen = [hers(events, months(moment), frozenset(praised), left_out) for events in (told, other)]
        assert seen[0] == seen[1]


@given(story=STORIES, left_out=EXCLUSIONS, count=st.integers(1, 9))
def test_what_is_excluded_before_it_could_show_was_never_said(story: Story, left_out: LeftOut, count: int) -> None:
    told, at_once = as_told(story), {place: (value, T - timedelta(days=1)) for place, (value, _) in left_out.items()}
    worth: dict[str, OutcomeAnswer] = {"good": "worthwhile", "bad": "not_as_described"}
    without = [
        event.model_copy(update={"answers": {side: said for side, said in event.answers.items() if said != worth[at_once[place][0]]}})
        if place in at_once
        else event
        for place, event in enumerate(told)
    ]
    assert hers(told, months(count), left_out=at_once) == hers(without, months(count))


@given(story=STORIES, left_out=EXCLUSIONS, count=st.integers(1, 9))
def test_an_earlier_snapshot_drawn_again_is_what_it_was(story: Story, left_out: LeftOut, count: int) -> None:
    told, moments = as_told(story), months(count)
    known_then = {place: one for place, one in left_out.items() if one[1] <= moments[-1]}
    assert hers(told, moments, left_out=left_out) == hers(told, moments, left_out=known_then)


WAITING: list[tuple[str, list[OutcomesRevealed], list[bool]]] = [
    ("one bad word waits for 90 days", [said(BAD, 1)], [False, False, False, True]),
    ("two wait for the older one's 90 days", [said(BAD, 1), said(BAD, 2, 25)], [False, False, False, True]),
    ("three introductions lie together", [said(BAD, 1), said(BAD, 2), said(BAD, 3, 20)], [False, True]),
    ("both sides of one introduction are one", [said(["not_as_described"] * 2, 1), said(BAD, 2)], [False, False, False, True]),
    ("one after three others waits again", [said(BAD, number, 9 * (number == 4)) for number in range(1, 5)], [True]),
    ("a word of the same day as a snapshot waits for the next", [said(BAD, number, 1.1) for number in range(3)], [False, True]),
    ("praise by one side alone doesn't show", [said(["worthwhile", None], 1), said(["worthwhile", "did_not_meet"], 2)], [False] * 6),
]


@pytest.mark.parametrize(("events", "shows"), [one[1:] for one in WAITING], ids=[one[0] for one in WAITING])
def test_a_bad_word_waits_for_two_others_or_for_90_days(events: list[OutcomesRevealed], shows: list[bool]) -> None:
    assert [bool(hers(events, months(count))) for count in range(1, len(shows) + 1)] == shows


def test_what_came_after_three_bad_words_waits_for_itself() -> None:
    three = [said(BAD, number) for number in range(TOGETHER)]
    fourth = said(BAD, 9, 9, (DINA, EVA))
    assert [hers([*three, fourth], months(count)) == hers(three, months(count)) for count in range(1, 6)] == [True, True, True, True, False]


def test_half_a_bad_word_of_each_side_is_no_praise_of_a_woman() -> None:
    """One side's word counts and the other's doesn't yet: each carries half of both."""
    weights = reading.weigh(hers([said(BAD, 1, sides=(CARLA, BEA))], months(4)), T, PRODUCT)
    assert (weights.good, weights.bad) == pytest.approx((0.25, 0.125))
    assert weights.women == 0
    assert reading.weigh(hers([said(WELL, 1, sides=(CARLA, DINA))], months(1)), T, PRODUCT).women == 2


def test_one_bad_word_in_halves_weighs_no_more_than_one_path_may_say() -> None:
    both: list[OutcomeAnswer | None] = ["not_as_described", "not_as_described"]
    for answers, bad in ((BAD, 0.25), (both, 0.5)):
        weights = reading.weigh(hers([said(answers, 1, sides=(CARLA, DINA))], months(4)), T, PRODUCT)
        assert weights.bad == pytest.approx(bad), answers


def test_two_bad_words_that_entered_with_an_excluded_one_stay() -> None:
    three, at = [said(BAD, number, sides=(DINA, EVA)) for number in range(TOGETHER)], months(2)[1]
    weighs = [reading.weigh(hers(three, months(count), left_out={0: ("bad", at)}), T, PRODUCT).bad for count in (1, 2, 3)]
    assert weighs[0] > 0 and weighs == pytest.approx([weighs[0]] * 3), "one woman has one voice, and Dina and Eva still carry another"
    apart = [said(BAD, 1, sides=(DINA, EVA)), said(BAD, 2, sides=(CARLA, FLOR)), said(BAD, 3, sides=(BEA, FLOR))]
    weighs = [reading.weigh(hers(apart, months(count), left_out={0: ("bad", at)}), T, PRODUCT).bad for count in (1, 2)]
    assert weighs[0] > weighs[1] > 0


def test_what_an_excluded_word_had_replaced_shows_again() -> None:
    first, later = said(WELL, 1), said(BAD, 2, 1)
    assert hers([first, later], months(9)) != hers([first], months(9))
    assert hers([first, later], months(9), left_out={1: ("bad", T)}) == hers([first], months(9))


def test_a_later_introduction_replaces_what_both_sides_carried() -> None:
    later = said(WELL, 2, 150, (BEA, CARLA))
    assert hers([said(BAD, 1), later], months(9)) == hers([later], months(9))


# --- on a real database ---

at_hand = [pytest.mark.servers, pytest.mark.usefixtures("known")]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Business time stands so many days after T."""

    def travel(days: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: T + timedelta(days=days))

    travel(0)
    return travel


@pytest.fixture
def madrina(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """`await madrina("show", "--id", …)`: its status, and what it says."""
    monkeypatch.setenv("REPUTATION_DATABASE_URL", database)
    monkeypatch.delenv("CLOCK_FILE", raising=False)

    async def run(*arguments: str) -> tuple[int, str]:
        status = await asyncio.to_thread(cli.main, ["reputation", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


async def published(pool: Pool) -> list[tuple[UUID, str]]:
    """The bands in the outbox, in the order in which they were published."""
    events = [base.parse(row["body"]) for row in await pool.fetch("select body from outbox order by position")]
    return [(event.aggregate_id, event.band) for event in events if isinstance(event, BandChanged)]


def servers(test: Any) -> Any:
    """A test on a database in which everyone counts, each by a path of her own."""
    for mark in at_hand:
        test = mark(test)
    return test


@servers
async def test_a_band_changes_by_a_snapshot_and_only_when_it_really_does(pool: Pool, hear: Hear, travel: Callable[[float], None]) -> None:
    after = [((BEA, CARLA), "building"), ((CARLA, BEA), None), ((DINA, EVA), "established"), ((FLOR, BEA), None)]
    for number, (sides, _) in enumerate(after):
        await hear(revealed(ANA, sides, WELL, number=number))
        assert len(await published(pool)) == sum(band is not None for _, band in after[:number])
        await snapshot(pool, T + timedelta(days=number))
        assert await published(pool) == [(ANA, band) for _, band in after[: number + 1] if band]
    await snapshot(pool, T + timedelta(days=3000))
    assert (await published(pool))[-1] == (ANA, "new"), "bands fade, too"
    versions = [base.parse(row["body"]).aggregate_version for row in await pool.fetch("select body from outbox order by position")]
    assert versions == [1, 2, 3]


@servers
async def test_a_month_has_one_snapshot(pool: Pool, hear: Hear, read: Read, travel: Callable[[float], None]) -> None:
    await hear(revealed(ANA, (BEA, CARLA), WELL, days=-1))
    for days, snapshots, score in ((0, 1, 0.75), (20, 1, 0.75), (31, 2, 0.83), (45, 2, 0.83)):
        travel(days)
        await commands.monthly(pool)
        assert await pool.fetchval("select count(*) from snapshots where finished") == snapshots
        page = await read(ANA, "/v1/me/ledger")
        assert page["score"] == pytest.approx(score, abs=0.02)
        await hear(revealed(ANA, (DINA, EVA), WELL, number=days + 2, days=days))
        assert await read(ANA, "/v1/me/ledger") == page, "between two snapshots nothing moves"


@servers
async def test_operators_see_at_once_what_her_page_shows_later(pool: Pool, hear: Hear, read: Read, travel: Callable[[float], None]) -> None:
    await hear(revealed(ANA, (DINA, EVA), BAD, days=-1))
    async with pool.acquire() as tx:
        assert {bucket.kind for bucket in (await sums_of(tx, [ANA]))[ANA]} == {"good", "women", "bad"}
    for days, lines in ((0, 1), (31, 1), (61, 1), (92, 3)):
        travel(days)
        await commands.monthly(pool)
        assert len((await read(ANA, "/v1/me/ledger"))["lines"]) == lines, days
    assert await published(pool) == []


@servers
async def test_an_interrupted_snapshot_is_gone_on_with(
    pool: Pool, hear: Hear, read: Read, travel: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    await hear(*(revealed(member, (FLOR, EVA), WELL, number=number) for number, member in enumerate((ANA, BEA, CARLA, DINA))))
    bands_of, together = store.bands_of, set()

    async def fails(tx: Any, ids: Sequence[UUID]) -> Any:
        together.add(len(ids))
        if CARLA in ids:
            raise RuntimeError("no more power")
        return await bands_of(tx, ids)

    monkeypatch.setattr(commands, "AT_ONCE", 1)
    monkeypatch.setattr(store, "bands_of", fails)
    await commands.monthly(pool)
    assert together == {1}, "events wait for no more members than that"
    assert not await pool.fetchval("select finished from snapshots")
    monkeypatch.setattr(store, "bands_of", bands_of)
    travel(0.5)
    await commands.monthly(pool)
    assert [tuple(row) for row in await pool.fetch("select taken_at, finished from snapshots")] == [(T, True)]
    assert {row["shown_at"] for row in await pool.fetch("select shown_at from bands")} == {T}
    assert sorted(await published(pool)) == [(member, "building") for member in (ANA, BEA, CARLA, DINA)]


@servers
async def test_workers_that_take_it_at_the_same_time_share_it(pool: Pool, hear: Hear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: T)
    await hear(*(revealed(member, (FLOR, EVA), WELL, number=number) for number, member in enumerate((ANA, BEA, CARLA, DINA))))
    ticking = count(1)
    monkeypatch.setattr(clock, "now", lambda: T + timedelta(seconds=next(ticking)))
    await asyncio.gather(*(commands.monthly(pool) for _ in range(3)))
    await commands.monthly(pool)
    assert await pool.fetchval("select count(*) from snapshots where finished") == 1
    assert sorted(await published(pool)) == [(member, "building") for member in (ANA, BEA, CARLA, DINA)]


@servers
async def test_who_waited_to_begin_a_months_snapshot_finds_it_begun(pool: Pool) -> None:
    async with transaction(pool) as tx:
        assert await commands.begin(tx, T)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group, transaction(pool) as first:
        assert await commands.begin(first, T + timedelta(days=31))

        async def second() -> bool:
            async with transaction(pool) as tx:
                return await commands.begin(tx, T + timedelta(days=31, seconds=1))

        waiting = group.create_task(second())
        while not await pool.fetchval("select count(*) from pg_locks where not granted"):
            await asyncio.sleep(0)
    assert waiting.result() is False
    async with transaction(pool) as tx:
        assert not await commands.begin(tx, T, anew=True), "never before the last one"
        assert await commands.begin(tx, T + timedelta(days=32), anew=True)


@servers
async def test_after_an_upgrade_no_snapshot_is_drawn_before_raters_count_and_all_is_counted(
    pool: Pool, hear: Hear, travel: Callable[[float], None]
) -> None:
    """Else every band would go, and come back once they do."""
    await hear(revealed(ANA, (BEA, CARLA), WELL, days=-1), revealed(BEA, (ANA, CARLA), WELL, number=2, days=-1))
    await pool.execute("delete from nights; delete from tiers; delete from live_words; delete from live_buckets")
    await owner.execute(pool, "alter table ratings disable trigger user; update ratings set live = false")
    await owner.execute(pool, "alter table ratings enable trigger user")
    await commands.monthly(pool)
    await night(pool, T)
    await commands.monthly(pool)
    assert await pool.fetchval("select count(*) from snapshots") == 0
    await with_settings(pool, PRODUCT)
    await commands.monthly(pool)
    assert sorted(await published(pool)) == [(ANA, "building"), (BEA, "building")]
    await pool.execute("update nights set finished = false")
    travel(31)
    await commands.monthly(pool)
    assert await pool.fetchval("select count(*) from snapshots") == 1, "a night is under way"


@servers
async def test_an_erased_sides_words_go_on_in_halves_under_her_pseudonym(pool: Pool, hear: Hear, travel: Callable[[float], None]) -> None:
    await hear(revealed(ANA, (DINA, EVA), BAD, days=-100))
    await snapshot(pool, T)
    shown = "select kind, tier, branch, amount from buckets where member_id = $1 order by 1, 2, 3"
    before = await pool.fetch(shown, ANA)
    assert [row["kind"] for row in before] == ["bad", "bad", "good", "good"]
    await hear(erased(DINA))
    await snapshot(pool, T + timedelta(seconds=1))
    assert await pool.fetch(shown, ANA) == before


@servers
async def test_of_an_erased_anchor_no_snapshot_keeps_the_id(pool: Pool, hear: Hear, travel: Callable[[float], None]) -> None:
    await name_anchors(pool, DINA)
    await night(pool, T + timedelta(seconds=1))
    await hear(revealed(ANA, (DINA, EVA), WELL))
    await snapshot(pool, T + timedelta(seconds=2))
    assert await pool.fetchval("select count(*) from buckets where branch = $1", DINA) == 1
    await hear(erased(DINA))
    assert await pool.fetchval("select count(*) from buckets where branch = $1", DINA) == 0
    assert await pool.fetchval("select count(*) from buckets where branch = pseudonym($1)", DINA) == 1


@servers
async def test_a_rebuild_draws_the_last_snapshot_again(
    pool: Pool, hear: Hear, travel: Callable[[float], None], madrina: Callable[..., Any]
) -> None:
    await hear(revealed(ANA, (BEA, CARLA), WELL, days=-1), upheld(BEA, days=-1))
    await commands.monthly(pool)
    before = await pool.fetch("select * from buckets order by 1, 2, 3, 4, 5")
    await pool.execute("update buckets set amount = amount + 1")
    await name_anchors(pool, CARLA)
    assert await night(pool, T + timedelta(days=1)) == 2, "how Carla and Ana count now isn't how they counted then"
    assert (await madrina("rebuild", "--replace"))[0] == 0
    await commands.monthly(pool)
    assert await pool.fetch("select * from buckets order by 1, 2, 3, 4, 5") == before
    assert await pool.fetchval("select count(*) from snapshots") == 1


@servers
async def test_the_operator_takes_a_snapshot_and_reads_a_live_score(
    pool: Pool, hear: Hear, read: Read, travel: Callable[[float], None], madrina: Callable[..., Any]
) -> None:
    await hear(revealed(ANA, (CARLA, DINA), WELL, number=1, days=-3), revealed(ANA, (EVA, FLOR), BAD, number=2, days=-2))
    assert "live; building\nHer snapshot: none yet" in (await madrina("show", "--id", str(ANA)))[1]
    status, said = await madrina("snapshot")
    assert status == 0 and "are shown what was known by now" in said
    assert (await read(ANA, "/v1/me/ledger"))["band"] == "building"
    status, said = await madrina("show", "--id", str(ANA))
    assert status == 0 and "bad" in said and "Her snapshot: building, as of 2026-03-01 12:00" in said
    async with pool.acquire() as tx:
        bad = next(one for one in (await ledger.heard(tx, ANA)).values() if one.value == "bad")
    await exclude(pool, bad)
    status, said = await madrina("show", "--id", str(ANA))
    assert f"Excluded on 2026-03-01 by {MODERATOR}: what {EVA} said in introduction {intro(2)}" in said and "She never met her." in said
    assert (await madrina("show", "--id", str(intro(1))))[0] == 1
    await pool.execute("update snapshots set finished = false; update bands set shown_at = null")
    assert "was interrupted" in (await madrina("snapshot"))[1]
    assert await pool.fetchval("select bool_and(finished) from snapshots")
