"""What a member sees of her ledger, and what others see of her."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared import clock
from shared.contracts.events.members import MemberErased, ProfileChanged
from shared.contracts.events.requests import OutcomeAnswer
from shared.postgres.database import Pool
from tests.reputation.conftest import Hear, Read, snapshot
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, confirmed, intro, joined, revealed, upheld, vouched

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("known")]
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: T)


async def vouches(read: Read, member: UUID) -> list[dict[str, Any]]:
    """All her vouches, read two at a time."""
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await read(member, "/v1/me/vouches", limit=2, **after)
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


async def test_a_new_member_has_a_start_and_nothing_else(read: Read) -> None:
    mine = await read(ANA, "/v1/me/ledger")
    assert mine["lines"][0] == {"kind": "start", "points": 0.5, "fades_by_half_at": None}
    assert len(mine["lines"]) == 1
    assert {name: mine[name] for name in ("score", "band", "evidence")} == {"score": 0.5, "band": "new", "evidence": 0}
    assert await read(ANA, "/v1/me/vouches") == {"items": [], "next": None}


async def test_a_vouch_given_appears_with_the_cards_of_both_sides(hear: Hear, read: Read) -> None:
    await hear(joined(BEA, "Bea"), confirmed(ANA, (BEA, CARLA)), joined(CARLA, "Carla"))
    (vouch,) = await vouches(read, ANA)
    assert vouch["introduction_id"] == str(intro(1))
    assert vouch["went_well_at"] is None
    assert [side["name"] for side in vouch["sides"]] == ["Bea", "Carla"]
    assert datetime.fromisoformat(vouch["confirmed_at"]) == T - timedelta(days=21)
    assert await vouches(read, BEA) == []


@pytest.mark.parametrize(
    "answers", [["worthwhile", None], ["worthwhile", "not_as_described"], ["did_not_meet", "worthwhile"], ["misconduct", "misconduct"]]
)
async def test_her_page_is_the_same_whatever_was_said_unless_both_found_it_worthwhile(
    hear: Hear, read: Read, pool: Pool, answers: list[OutcomeAnswer | None]
) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), vouched(ANA, (DINA, EVA), number=2))
    await snapshot(pool, T - timedelta(seconds=1))
    before = [await read(ANA, "/v1/me/ledger"), await read(ANA, "/v1/me/vouches")]
    await hear(revealed(ANA, (BEA, CARLA), answers, days=-1))
    await snapshot(pool, T)
    before[0]["as_of"] = T.isoformat().replace("+00:00", "Z")
    assert [await read(ANA, "/v1/me/ledger"), await read(ANA, "/v1/me/vouches")] == before


async def test_what_went_well_shows_and_moves_her_score(hear: Hear, read: Read, pool: Pool) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), revealed(ANA, (BEA, CARLA), WELL))
    assert (await read(ANA, "/v1/me/ledger"))["score"] == 0.5, "until the next snapshot"
    await snapshot(pool, T)
    mine = await read(ANA, "/v1/me/ledger")
    assert mine["score"] == pytest.approx(0.75)
    assert mine["evidence"] == pytest.approx(1)
    assert sum(line["points"] for line in mine["lines"]) == pytest.approx(mine["score"], abs=1e-9)
    (vouch,) = await vouches(read, ANA)
    assert (vouch["introduction_id"], datetime.fromisoformat(vouch["went_well_at"])) == (str(intro(1)), T)
    assert mine["lines"][1]["fades_by_half_at"] > "2026"


async def test_an_outcome_that_comes_before_its_confirmation_brings_the_vouch(hear: Hear, read: Read) -> None:
    await hear(revealed(ANA, (BEA, CARLA), WELL), confirmed(ANA, (BEA, CARLA)))
    (vouch,) = await vouches(read, ANA)
    assert datetime.fromisoformat(vouch["went_well_at"]) == T


async def test_confirmations_in_a_batch_are_all_kept_once(hear: Hear, read: Read) -> None:
    events = [confirmed(ANA, (BEA, CARLA), number=number) for number in range(1, 6)]
    await hear(*events, *events, together=True)
    assert len(await vouches(read, ANA)) == 5


async def test_vouches_are_paged_newest_first_and_none_is_shown_twice_or_left_out(hear: Hear, read: Read) -> None:
    days = [9, 3, 3, 3, 7, 1, 9]
    events = [
        confirmed(ANA, (BEA, CARLA), number=number).model_copy(update={"confirmed_at": T - timedelta(days=ago)})
        for number, ago in enumerate(days)
    ]
    await hear(*events, confirmed(BEA, (ANA, CARLA), number=50))
    newest = sorted(events, key=lambda event: (event.confirmed_at, event.introduction_id), reverse=True)
    assert [vouch["introduction_id"] for vouch in await vouches(read, ANA)] == [str(event.introduction_id) for event in newest]
    page = await read(ANA, "/v1/me/vouches", limit=3)
    assert (len(page["items"]), page["next"]) == (3, str(newest[2].introduction_id))
    late = confirmed(ANA, (BEA, CARLA), number=90).model_copy(update={"confirmed_at": T})
    await hear(late)
    further = await read(ANA, "/v1/me/vouches", limit=100, after=page["next"])
    assert [vouch["introduction_id"] for vouch in further["items"]] == [str(event.introduction_id) for event in newest[3:]]
    assert further["next"] is None


@pytest.mark.parametrize("limit", [0, 101])
async def test_a_page_has_one_to_a_hundred_rows(read: Read, limit: int) -> None:
    with pytest.raises(AssertionError, match="422"):
        await read(ANA, "/v1/me/vouches", limit=limit)


async def test_others_see_building_and_established_alone(hear: Hear, read: Read, pool: Pool) -> None:
    for number, sides in enumerate([(BEA, CARLA), (DINA, EVA), (FLOR, EVA)]):
        await hear(revealed(ANA, sides, WELL, number=number))
    await hear(revealed(BEA, (CARLA, DINA), WELL, number=9, days=-1))
    await snapshot(pool, T)
    seen = await read(DINA, "/v1/bands", member_id=[str(ANA), str(BEA), str(EVA)])
    assert seen == {"bands": {str(ANA): "established", str(BEA): "building", str(EVA): None}}


async def test_a_report_that_was_upheld_is_a_line_of_hers_and_of_who_vouched_for_her(hear: Hear, read: Read, pool: Pool) -> None:
    await hear(vouched(BEA, (ANA, CARLA), days=-9), upheld(ANA, days=-1))
    await snapshot(pool, T)
    for member, points in ((ANA, -0.44), (BEA, -0.25), (CARLA, 0.05)):
        lines = (await read(member, "/v1/me/ledger"))["lines"]
        assert [line["kind"] for line in lines] == ["start", "newcomer" if member == CARLA else "upheld"]
        assert lines[1]["points"] == pytest.approx(points, abs=0.01)


@pytest.mark.parametrize(("band", "seen"), [("new", None), ("mixed", None), ("building", "building"), ("established", "established")])
async def test_mixed_and_new_look_the_same_to_others(hear: Hear, read: Read, pool: Pool, band: str, seen: str | None) -> None:
    await hear(joined(ANA, "Ana"))
    await pool.execute("insert into bands (member_id, band) values ($1, $2) on conflict (member_id) do update set band = $2", ANA, band)
    assert (await read(BEA, "/v1/bands", member_id=[str(ANA)]))["bands"][str(ANA)] == seen
    assert (await read(ANA, "/v1/me/ledger"))["band"] == band


async def test_cards_follow_the_newest_profile_and_go_with_an_erasure(hear: Hear, read: Read, pool: Pool) -> None:
    newer = ProfileChanged(**{**joined(BEA, "Beatriz").model_dump(exclude={"id"}), "aggregate_version": 2})
    gone = MemberErased(aggregate_id=CARLA, aggregate_version=1, occurred_at=T)
    await hear(confirmed(ANA, (BEA, CARLA)), newer, joined(BEA, "Bea"), gone, joined(CARLA, "Carla"))
    (vouch,) = await vouches(read, ANA)
    assert [side["name"] for side in vouch["sides"]] == ["Beatriz"]
    assert await pool.fetchval("select count(*) from members where name like 'Carla%' or headline like 'Carla%'") == 0


async def test_a_token_for_another_service_or_none_is_refused(api: httpx.AsyncClient) -> None:
    for path in ("/v1/me/ledger", "/v1/me/vouches", f"/v1/bands?member_id={ANA}"):
        answer = await api.get(path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


async def test_bands_of_too_many_are_refused(api: httpx.AsyncClient, read: Read) -> None:
    with pytest.raises(AssertionError, match="422"):
        await read(ANA, "/v1/bands", member_id=[str(intro(number)) for number in range(101)])
