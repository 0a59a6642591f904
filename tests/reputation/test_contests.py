"""A member contests a line, and a moderator decides: who may, what is told, and what counts from then on."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from services.reputation.contests.commands import ContestLine
from services.reputation.contests.domain import MOST, STEPS_IN, WITHIN, Contest, contest
from services.reputation.features import FEATURES
from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import Rating
from services.reputation.rebuild import commands as rebuild
from services.reputation.rebuild import store as rebuilds
from services.reputation.snapshot import commands as snapshots
from services.reputation.snapshot import store as shown
from services.reputation.trust import PRODUCT
from shared import clock
from shared.contracts.events.requests import OutcomeAnswer
from shared.contracts.http.contests import AlreadyContested, NoSuchLine, TooManyContests
from shared.http.export import sections_of
from shared.postgres.database import Pool, transaction
from shared.problems import Problem
from tests.backends import owner
from tests.reputation.conftest import HANDLERS, Hear, Read, bearer, differences, exclude, night, snapshot
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, confirmed, erased, intro, revealed, upheld, vouched
from tests.reputation.test_invisible import block

servers = [pytest.mark.servers, pytest.mark.usefixtures("known")]
BAD: list[OutcomeAnswer | None] = ["not_as_described", "worthwhile"]
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
WORDS = "We had agreed on another day, and nobody came."
ANSWER = "We looked at it, and one word on that line no longer counts."
AFTERWARDS = T + timedelta(hours=1)
"""What is asked and decided comes after the snapshot of T."""
LATER = T + timedelta(days=40)
Ask = Callable[..., Coroutine[Any, Any, httpx.Response]]


def on_a_database(test: Any) -> Any:
    """Everyone counts, each by a path of her own."""
    for mark in servers:
        test = mark(test)
    return test


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTERWARDS)


@pytest.fixture
def ask(api: httpx.AsyncClient) -> Ask:
    """`await ask(member, path, body, roles=…)`: what the API answers her; with a body it is a command."""

    async def ask(
        member: UUID, path: str, body: object = None, roles: Sequence[str] = ("moderator",), key: str | None = None
    ) -> httpx.Response:
        headers = bearer(member, *roles)
        if body is None:
            return await api.get(path, headers=headers)
        return await api.post(path, json=body, headers={**headers, "Idempotency-Key": key or str(uuid4())})

    return ask


async def contested(ask: Ask, line: str = "bad", by: UUID = ANA) -> str:
    """Her contest's id."""
    answer = await ask(by, "/v1/me/contests", {"line": line, "objection": WORDS})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def decided(ask: Ask, contest_id: str, *exclude: int, by: UUID = FLOR, **more: Any) -> httpx.Response:
    body = {"exclude": list(exclude), "why_excluded": "She never went there." if exclude else "", "answer_to_her": ANSWER, **more}
    return await ask(by, f"/v1/moderation/contests/{contest_id}/decision", body)


async def behind(ask: Ask, contest_id: str, by: UUID = FLOR) -> list[dict[str, Any]]:
    answer = await ask(by, f"/v1/moderation/contests/{contest_id}")
    assert answer.status_code == 200, answer.text
    words: list[dict[str, Any]] = answer.json()["words"]
    return words


async def live(pool: Pool, member: UUID) -> list[str]:
    return [row["kind"] for row in await pool.fetch("select kind from live_buckets where member_id = $1 order by 1", member)]


async def lines(read: Read, member: UUID = ANA) -> list[str]:
    return [line["kind"] for line in (await read(member, "/v1/me/ledger"))["lines"]]


# --- making one ---


def of(line: Any, days: float, *, open_: bool = True) -> Contest:
    at = T + timedelta(days=days)
    return Contest(uuid4(), ANA, line, WORDS, at, None if open_ else ANSWER, None if open_ else at)


FIVE = [of("bad", -29 + day, open_=False) for day in range(MOST)]
REFUSED: list[tuple[str, list[Contest], type[Problem] | None]] = [
    ("her page has the line", [], None),
    ("one open contest a line", [of("bad", -100)], AlreadyContested),
    ("of another line she may have one", [of("good", -1)], None),
    ("one that is decided is no obstacle", [of("bad", -1, open_=False)], None),
    ("five within thirty days are enough", FIVE, TooManyContests),
    ("one of them may be older", [*FIVE[1:], of("bad", -30, open_=False)], None),
]


@pytest.mark.parametrize(("earlier", "refused"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_when_a_line_can_be_contested(earlier: list[Contest], refused: type[Problem] | None) -> None:
    made = of("bad", 0)
    if refused is None:
        assert contest(made, ["start", "bad"], earlier) == made
    else:
        with pytest.raises(refused):
            contest(made, ["start", "bad"], earlier)


def test_it_says_when_she_can_do_so_again() -> None:
    with pytest.raises(TooManyContests) as refusal:
        contest(of("bad", 0), ["bad"], FIVE)
    assert refusal.value.again_at == FIVE[0].contested_at + WITHIN
    with pytest.raises(NoSuchLine):
        contest(of("upheld", 0), ["start", "bad"], [])


@on_a_database
async def test_she_contests_what_her_page_shows_and_it_costs_her_nothing(pool: Pool, hear: Hear, read: Read, ask: Ask) -> None:
    await hear(revealed(ANA, (BEA, CARLA), BAD, days=-100))
    early = await ask(ANA, "/v1/me/contests", {"line": "bad", "objection": WORDS})
    assert (early.status_code, early.json()["code"]) == (409, "no_such_line"), "it waits, and she mustn't learn of it so"
    await snapshot(pool, T)
    before = await read(ANA, "/v1/me/ledger")
    for body in ({"line": "start", "objection": WORDS}, {"line": "bad", "objection": "No."}, {"line": "bad", "objection": "n" * 2001}):
        assert (await ask(ANA, "/v1/me/contests", body)).status_code == 422
    contest_id = await contested(ask)
    again = await ask(ANA, "/v1/me/contests", {"line": "bad", "objection": WORDS})
    assert (again.status_code, again.json()["code"]) == (409, "already_contested")
    assert await read(ANA, "/v1/me/ledger") == before
    mine = await read(ANA, f"/v1/me/contests/{contest_id}")
    assert mine == {
        "id": contest_id,
        "line": "bad",
        "objection": WORDS,
        "contested_at": "2026-03-01T13:00:00Z",
        "answer": None,
        "decided_at": None,
    }
    assert (await read(ANA, "/v1/me/contests"))["items"] == [mine]
    assert (await ask(BEA, f"/v1/me/contests/{contest_id}")).status_code == 404
    assert (await read(BEA, "/v1/me/contests"))["items"] == []
    assert await pool.fetchval("select count(*) from outbox") == 0, "nobody is told"


@on_a_database
async def test_two_contests_of_a_line_at_the_same_time_are_one(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(revealed(ANA, (BEA, CARLA), BAD, days=-100))
    await snapshot(pool, T)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group, transaction(pool) as tx:
        first = ContestLine("bad", WORDS)
        loaded = await first.load(tx, ANA)
        await first.save(tx, loaded, first.decide(loaded, ANA, AFTERWARDS)[0])
        second = group.create_task(ask(ANA, "/v1/me/contests", {"line": "bad", "objection": WORDS}))
        while not await pool.fetchval("select count(*) from pg_locks where not granted"):
            await asyncio.sleep(0)
    assert (second.result().status_code, second.result().json()["code"]) == (409, "already_contested")


# --- who decides ---


@on_a_database
async def test_nobody_decides_what_concerns_her(pool: Pool, hear: Hear, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), confirmed(EVA, (ANA, DINA), number=2))
    await hear(revealed(ANA, (BEA, CARLA), ["not_as_described", None], days=-100))
    await snapshot(pool, T)
    contest_id = await contested(ask)

    async def may(member: UUID, *roles: str) -> bool:
        path = f"/v1/moderation/contests/{contest_id}"
        body = {"exclude": [2**40], "why_excluded": "", "answer_to_her": ANSWER}
        listed, seen, done = [
            await ask(member, "/v1/moderation/contests", roles=roles),
            await ask(member, path, roles=roles),
            await ask(member, f"{path}/decision", body, roles=roles),
        ]
        found = [[row["id"] for row in listed.json().get("items", [])] == [contest_id], seen.status_code == 200, done.status_code == 422]
        assert len(set(found)) == 1, (found, done.text)
        return found[0]

    for member, free in ((ANA, False), (BEA, False), (CARLA, False), (DINA, False), (EVA, False), (FLOR, True)):
        assert await may(member, "moderator") is free, member
    await hear(block(FLOR, ANA))
    assert not await may(FLOR, "moderator")
    await hear(block(FLOR, ANA, version=2))
    assert not await may(FLOR) and not await may(FLOR, "steward")
    monkeypatch.setattr(clock, "now", lambda: AFTERWARDS + STEPS_IN)
    assert await may(FLOR, "steward"), "perhaps no moderator can"
    assert not await may(BEA, "steward")


@on_a_database
async def test_a_voucher_decides_nothing_about_a_woman_for_whom_she_vouched(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(vouched(EVA, (ANA, FLOR), days=-9), upheld(ANA, days=-1))
    await snapshot(pool, T)
    about_ana, about_eva = await contested(ask, "upheld"), await contested(ask, "upheld", by=EVA)
    for contest_id, member, status in ((about_eva, ANA, 404), (about_eva, BEA, 200), (about_ana, BEA, 200), (about_ana, ANA, 404)):
        assert (await ask(member, f"/v1/moderation/contests/{contest_id}")).status_code == status


@on_a_database
async def test_moderators_see_the_oldest_first_with_what_is_behind_it(
    pool: Pool, hear: Hear, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hear(
        *(confirmed(ANA, (BEA, CARLA), number=number) for number in (1, 2)),
        revealed(ANA, (BEA, CARLA), BAD, number=1, days=-100),
        revealed(BEA, (DINA, EVA), BAD, number=3, days=-99),
    )
    await snapshot(pool, T)
    first = await contested(ask)
    monkeypatch.setattr(clock, "now", lambda: T + timedelta(days=1))
    await hear(revealed(ANA, (BEA, CARLA), BAD, number=2, days=1))
    second = await contested(ask, "good")
    queue = (await ask(FLOR, "/v1/moderation/contests")).json()["items"]
    assert [(row["id"], row["about"]["name"], row["line"]) for row in queue] == [(first, "Ana", "bad"), (second, "Ana", "good")]
    page = (await ask(FLOR, f"/v1/moderation/contests/{first}")).json()
    assert page["objection"] == WORDS
    seen = [(word["by"]["name"], word["value"], word["introduction_id"], word["shows"], word["role"]) for word in page["words"]]
    assert seen == [("Bea", "bad", str(intro(2)), False, "voucher"), ("Bea", "bad", str(intro(1)), True, "voucher")]
    assert [side["name"] for side in page["words"][0]["sides"]] == ["Bea", "Carla"]
    assert {word["by"]["name"] for word in await behind(ask, second)} == {"Carla"}
    log = await pool.fetch("select by_id, action, contest_id from contest_log order by entry_id")
    assert [tuple(row) for row in log] == [
        *((None, "contested", UUID(one)) for one in (first, second)),
        *((FLOR, "read", UUID(one)) for one in (first, second)),
    ]


# --- deciding ---


@on_a_database
async def test_what_is_excluded_counts_no_more_and_shows_in_the_next_snapshot(pool: Pool, hear: Hear, read: Read, ask: Ask) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), revealed(ANA, (BEA, CARLA), BAD, days=-100))
    await snapshot(pool, T)
    contest_id, before = await contested(ask), await read(ANA, "/v1/me/ledger")
    assert "bad" in await live(pool, ANA)
    (word,) = await behind(ask, contest_id)
    assert (await decided(ask, contest_id, word["position"])).status_code == 204
    assert "bad" not in await live(pool, ANA)
    assert await differences(pool) == []
    mine = await read(ANA, f"/v1/me/contests/{contest_id}")
    assert (mine["answer"], mine["decided_at"]) == (ANSWER, "2026-03-01T13:00:00Z")
    assert await read(ANA, "/v1/me/ledger") == before, "until the next snapshot"
    await snapshot(pool, LATER)
    assert await lines(read) == ["start"], "both halves are gone, and the praise that had come with them"
    assert await pool.fetchval("select count(*) from ratings") == 4, "the ledger keeps its rows"
    entries = await pool.fetch("select member_id, by_id, reason from exclusions order by reason")
    assert [tuple(row) for row in entries] == [(ANA, FLOR, "She never went there."), (CARLA, FLOR, None)]
    assert (await ask(FLOR, "/v1/moderation/contests")).json()["items"] == []
    excluded = await behind(ask, contest_id)
    assert [(one["position"], one["reason"]) for one in excluded] == [(word["position"], "She never went there.")]


@on_a_database
async def test_a_decision_is_refused_unless_it_is_reasoned_names_nobody_and_is_the_first(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(
        confirmed(ANA, (BEA, CARLA)),
        confirmed(DINA, (ANA, EVA), number=7),
        revealed(ANA, (BEA, CARLA), ["not_as_described", None], days=-100),
    )
    await snapshot(pool, T)
    contest_id = await contested(ask)
    (word,) = await behind(ask, contest_id)
    named = "We asked Bea, and what she said no longer counts."
    for wrong, field in (
        ({"exclude": [word["position"] + 1], "why_excluded": WORDS}, "exclude"),
        ({"exclude": [word["position"]], "why_excluded": "Because."}, "why_excluded"),
        ({"answer_to_her": named}, "answer_to_her"),
        ({"answer_to_her": named.replace("Bea", "carla")}, "answer_to_her"),
        ({"answer_to_her": "Fine."}, "answer_to_her"),
    ):
        answer = await decided(ask, contest_id, **wrong)
        assert (answer.status_code, [one["field"] for one in answer.json()["fields"]]) == (422, [field])
    assert (await decided(ask, contest_id, answer_to_her=f"Dear Ana: {ANSWER}")).status_code == 204
    late = await decided(ask, contest_id, word["position"])
    assert (late.status_code, late.json()["code"]) == (409, "contest_decided")
    assert await pool.fetchval("select count(*) from exclusions") == 0
    again = await contested(ask)
    assert (await decided(ask, again, word["position"])).status_code == 204
    third = await contested(ask)
    twice = await decided(ask, third, word["position"])
    assert [one["field"] for one in twice.json()["fields"]] == ["exclude"]


@on_a_database
async def test_nothing_is_excluded_as_long_as_another_release_makes_the_sums(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), revealed(ANA, (BEA, CARLA), ["not_as_described", None], days=-100))
    await snapshot(pool, T)
    contest_id = await contested(ask)
    (word,) = await behind(ask, contest_id)
    await pool.execute("update made_with set model = 'of the next release'")
    assert (await decided(ask, contest_id, word["position"])).status_code == 503
    assert await pool.fetchval("select count(*) from exclusions") == 0
    await pool.execute("update made_with set model = ''")
    assert (await decided(ask, contest_id, word["position"])).status_code == 204


@on_a_database
async def test_of_two_moderators_who_decide_at_the_same_time_one_does(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(revealed(ANA, (BEA, CARLA), BAD, days=-100))
    await snapshot(pool, T)
    contest_id = await contested(ask)
    (word,) = await behind(ask, contest_id)
    answers = await asyncio.gather(*(decided(ask, contest_id, word["position"], by=by) for by in (FLOR, EVA, FLOR, EVA)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409]
    assert await pool.fetchval("select count(*) from exclusions where reason is not null") == 1
    assert await differences(pool) == []


@on_a_database
async def test_a_decision_and_an_outcome_take_turns(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(revealed(ANA, (BEA, CARLA), BAD, days=-100))
    await snapshot(pool, T)
    contest_id = await contested(ask)
    (word,) = await behind(ask, contest_id)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group, transaction(pool) as tx:
        await HANDLERS.handle([revealed(ANA, (BEA, CARLA), WELL, number=2, days=-1)], tx)
        deciding = group.create_task(decided(ask, contest_id, word["position"]))
        while not await pool.fetchval("select count(*) from pg_locks where not granted"):
            await asyncio.sleep(0)
    assert deciding.result().status_code == 204
    assert await differences(pool) == []
    assert await live(pool, ANA) == ["good", "good", "women"]


@on_a_database
@pytest.mark.parametrize("value", ["bad", "good"])
async def test_whichever_side_gave_the_bad_word_her_pages_and_contests_are_the_same(
    pool: Pool, hear: Hear, read: Read, ask: Ask, value: str
) -> None:
    """Ana's history and Dina's differ in nothing else."""
    pages: dict[UUID, list[Any]] = {}
    for number, (her, sides, answers) in enumerate(((ANA, (BEA, CARLA), BAD), (DINA, (BEA, CARLA), BAD[::-1]))):
        await hear(confirmed(her, sides, number=number), revealed(her, sides, answers, number=number, days=-100))
    await snapshot(pool, T)

    async def look() -> None:
        for her, seen in pages.items():
            contests = (await read(her, "/v1/me/contests"))["items"]
            vouches = (await read(her, "/v1/me/vouches"))["items"]
            seen += [await read(her, "/v1/me/ledger"), [one | {"id": ""} for one in contests]]
            seen.append([one | {"introduction_id": ""} for one in vouches])

    pages = {ANA: [], DINA: []}
    ids = {her: await contested(ask, value, by=her) for her in pages}
    await look()
    for contest_id in ids.values():
        words = [word for word in await behind(ask, contest_id) if word["value"] == value]
        assert (await decided(ask, contest_id, *(word["position"] for word in words))).status_code == 204
    await look()
    await snapshot(pool, LATER)
    await look()
    assert pages[ANA] == pages[DINA]
    assert pages[ANA][0] == pages[ANA][3] != pages[ANA][6]


@on_a_database
async def test_what_went_well_goes_with_the_next_snapshot_if_the_praise_is_excluded(pool: Pool, hear: Hear, read: Read, ask: Ask) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), revealed(ANA, (BEA, CARLA), WELL, days=-1))
    await snapshot(pool, T)
    contest_id = await contested(ask, "good")
    words = await behind(ask, contest_id)
    assert (await decided(ask, contest_id, words[0]["position"])).status_code == 204
    (vouch,) = (await read(ANA, "/v1/me/vouches"))["items"]
    assert vouch["went_well_at"] is not None
    await snapshot(pool, LATER)
    (vouch,) = (await read(ANA, "/v1/me/vouches"))["items"]
    assert vouch["went_well_at"] is None
    assert await lines(read) == ["start"]


@on_a_database
async def test_the_moderator_sees_returned_praise_on_its_line(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(revealed(ANA, (BEA, CARLA), WELL, days=-2), revealed(BEA, (ANA, DINA), WELL, number=2, days=-1))
    await snapshot(pool, T)
    by = {line: [word["by"]["name"] for word in await behind(ask, await contested(ask, line))] for line in ("good", "mutual")}
    assert by == {"good": ["Carla"], "mutual": ["Bea"]}


@on_a_database
async def test_praise_isnt_mutual_by_a_word_of_hers_that_is_excluded(pool: Pool, hear: Hear, read: Read) -> None:
    await hear(revealed(ANA, (BEA, CARLA), WELL, days=-2), revealed(BEA, (ANA, DINA), WELL, number=2, days=-1))
    await snapshot(pool, T)
    assert await lines(read) == ["start", "good", "mutual"]
    await exclude(pool, await heard(pool, BEA, "voucher", ANA))
    assert set(await live(pool, ANA)) == {"good", "women"}
    assert await differences(pool) == []
    drawn = await pool.fetch("select * from buckets order by 1, 2, 3, 4, 5")
    await drawn_again(pool)
    assert await pool.fetch("select * from buckets order by 1, 2, 3, 4, 5") == drawn
    await snapshot(pool, LATER)
    assert await lines(read) == ["start", "good"]


@on_a_database
async def test_who_vouched_is_charged_no_more_for_a_report_that_is_excluded(pool: Pool, hear: Hear, read: Read, ask: Ask) -> None:
    await hear(vouched(BEA, (ANA, CARLA), days=-9), upheld(ANA, days=-2), upheld(ANA, number=2, days=-1))
    await snapshot(pool, T)
    charged = "select amount from live_buckets where member_id = $1 and kind = 'upheld'"
    drawn = await pool.fetch("select * from buckets order by 1, 2, 3, 4, 5")
    before, contest_id = await pool.fetchval(charged, BEA), await contested(ask, "upheld", by=BEA)
    words = await behind(ask, contest_id)
    assert [(word["role"], word["about"]["name"], word["by"], word["shows"]) for word in words[:2]] == [("report", "Ana", None, True)] * 2
    assert [(word["role"], word["by"]["name"]) for word in words[2:]] == [("vouch", "Bea")]
    assert (await decided(ask, contest_id, words[0]["position"])).status_code == 204
    assert 0 < await pool.fetchval(charged, BEA) < before, "the earlier report counts again"
    assert await differences(pool) == []
    again = await contested(ask, "upheld", by=BEA)
    assert (await decided(ask, again, words[1]["position"])).status_code == 204
    assert (await pool.fetchval(charged, BEA), await pool.fetchval(charged, ANA)) == (None, None)
    assert await differences(pool) == []
    await drawn_again(pool)
    assert await pool.fetch("select * from buckets order by 1, 2, 3, 4, 5") == drawn, "as of its moment it is what it was"
    await snapshot(pool, LATER)
    assert await lines(read, BEA) == ["start"]


@on_a_database
async def test_whose_vouch_is_excluded_answers_for_nobody(pool: Pool, hear: Hear) -> None:
    await hear(vouched(BEA, (ANA, CARLA), days=-9), vouched(EVA, (ANA, DINA), number=2, days=-9), upheld(ANA, days=-2))
    vouch = await heard(pool, ANA, "vouch", BEA)
    await exclude(pool, vouch)
    assert (await live(pool, BEA), "upheld" in await live(pool, EVA)) == ([], True)
    assert await differences(pool) == []
    await hear(upheld(ANA, number=2, days=-1))
    assert await live(pool, BEA) == [], "nor for what comes later"
    assert await differences(pool) == []


async def heard(pool: Pool, member: UUID, role: str, by: UUID) -> Rating:
    async with pool.acquire() as tx:
        return next(
            one for one in (await ledger.heard(tx, member)).values() if one.role == role and one.rater_id == by and one.member_id == member
        )


async def drawn_again(pool: Pool) -> None:
    """Rebuild everything, and draw the last snapshot anew, of the same moment."""
    async with transaction(pool) as tx:
        await rebuild.rebuild(tx, PRODUCT)
        assert await snapshots.some(tx, 100, 0) > 0
        assert await shown.finish(tx)


@on_a_database
async def test_nobody_is_known_elsewhere_by_a_word_that_is_excluded(pool: Pool, hear: Hear) -> None:
    """Nor by what the same woman said of the other side."""
    await hear(revealed(ANA, (BEA, CARLA), WELL, days=-3), revealed(ANA, (BEA, DINA), WELL, number=2, days=-2))
    await hear(revealed(EVA, (ANA, BEA), WELL, number=3, days=-1))
    last = "select distinct on (rater_id) rater_id, known from tiers order by rater_id, settled_at desc"
    known = f"select array_agg(rater_id) from ({last}) as last where known"
    await night(pool, T + timedelta(days=1))
    assert set(await pool.fetchval(known)) == {ANA, BEA, EVA}
    await exclude(pool, await heard(pool, ANA, "voucher", CARLA), at=T + timedelta(days=1, seconds=1))
    await exclude(pool, await heard(pool, EVA, "voucher", ANA), at=T + timedelta(days=1, seconds=1))
    await night(pool, T + timedelta(days=2))
    assert set(await pool.fetchval(known)) == {ANA}
    assert await differences(pool) == []


# --- who leaves, and older code ---


@on_a_database
async def test_an_erased_raters_word_goes_on_being_excluded(pool: Pool, hear: Hear, read: Read, ask: Ask) -> None:
    event = revealed(ANA, (BEA, CARLA), BAD, days=-100)
    await hear(event)
    await snapshot(pool, T)
    contest_id = await contested(ask)
    assert (await decided(ask, contest_id, (await behind(ask, contest_id))[0]["position"])).status_code == 204
    before = await live(pool, ANA)
    await hear(erased(BEA))
    await pool.execute("delete from inbox")
    await hear(event)
    assert await live(pool, ANA) == before
    assert await differences(pool) == []
    await snapshot(pool, LATER)
    assert await lines(read) == ["start"]
    assert await pool.fetchval("select count(*) from exclusions where rater_id = $1 or member_id = $1", BEA) == 0
    assert await pool.fetchval("select count(*) from exclusions where rater_id = pseudonym($1)", BEA) == 2


@on_a_database
async def test_of_an_erased_member_no_contest_is_left(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(revealed(ANA, (BEA, CARLA), BAD, days=-100))
    await snapshot(pool, T)
    contest_id = await contested(ask)
    assert (await decided(ask, contest_id, (await behind(ask, contest_id))[0]["position"])).status_code == 204
    (exported,) = (await sections_of(pool, FEATURES, ANA))["contests"]
    assert {name: exported[name] for name in ("line", "objection", "answer")} == {"line": "bad", "objection": WORDS, "answer": ANSWER}
    assert str(FLOR) not in str(exported)
    await hear(erased(ANA))
    assert await pool.fetchval("select count(*) from contests") == 0
    assert await pool.fetchval("select count(*) from exclusions where $1 in (member_id, rater_id) or reason is not null", ANA) == 0
    assert (await ask(ANA, "/v1/me/contests", {"line": "bad", "objection": WORDS})).status_code == 401
    assert await differences(pool) == []


@on_a_database
async def test_what_older_code_took_in_or_erased_beside_is_made_good(pool: Pool, hear: Hear, ask: Ask) -> None:
    """It knows of no exclusions: it charges for what is excluded, and leaves contests and bare ids behind."""

    async def behind_now() -> bool:
        async with pool.acquire() as tx:
            return await rebuilds.left_behind(tx)

    await hear(vouched(BEA, (ANA, CARLA), days=-9), upheld(ANA, days=-2))
    await owner.execute(pool, "alter table ratings disable trigger user; update ratings set excluding = false")
    await owner.execute(pool, "alter table ratings enable trigger user")
    assert not await behind_now(), "while nothing is excluded, older code counts alike"
    await exclude(pool, await heard(pool, ANA, "vouch", BEA))
    await pool.execute("insert into live_buckets values ($1, 'upheld', 0, $1, false, 5)", BEA)
    assert await behind_now()
    await rebuild.with_settings(pool, PRODUCT)
    assert (await behind_now(), await live(pool, BEA), await differences(pool)) == (False, [], [])

    await pool.execute("insert into contests values (gen_random_uuid(), $1, 'bad', $2, $3)", DINA, WORDS, T)
    await pool.execute("update members set erased = true where member_id = $1", DINA)
    await pool.execute("delete from ratings where member_id = $1", DINA)
    assert await behind_now()
    await rebuild.with_settings(pool, PRODUCT)
    assert (await behind_now(), await pool.fetchval("select count(*) from contests")) == (False, 0)

    await pool.execute("update members set erased = true where member_id = any($1)", [ANA, BEA])
    await pool.execute("delete from ratings where member_id = any($1)", [ANA, BEA])
    await pool.execute("update ratings set rater_id = pseudonym(rater_id) where rater_id = any($1)", [ANA, BEA])
    await pool.execute("delete from live_words where member_id = any($1)", [ANA, BEA])
    assert await behind_now()
    await rebuild.with_settings(pool, PRODUCT)
    assert not await behind_now()
    assert await pool.fetchval("select count(*) from exclusions where $1 in (member_id, rater_id)", BEA) == 0


@on_a_database
async def test_exclusions_and_the_log_are_only_added_to(pool: Pool, hear: Hear, ask: Ask) -> None:
    await hear(revealed(ANA, (BEA, CARLA), BAD, days=-100))
    await snapshot(pool, T)
    contest_id = await contested(ask)
    assert (await decided(ask, contest_id, (await behind(ask, contest_id))[0]["position"])).status_code == 204
    for statement in (
        "delete from exclusions",
        "update exclusions set reason = 'none'",
        "update exclusions set rater_id = pseudonym(rater_id)",
        "delete from contest_log",
        "update contest_log set by_id = null",
    ):
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await pool.execute(statement)
