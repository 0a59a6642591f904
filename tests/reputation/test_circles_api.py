"""What moderators see of groups that nobody but themselves praises."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.reputation.circles import api as circles_api
from services.reputation.circles.domain import groups
from services.reputation.ledger.domain import ratings_of
from shared.contracts.events import base
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberErased, MemberSuspended
from shared.contracts.events.reputation import CirclesRead
from shared.contracts.events.requests import OutcomeAnswer
from shared.http.tokens import TokenSigner
from shared.postgres.database import Pool
from tests.reputation.conftest import KEY, Hear, Read, exclude
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, FLOR, T, confirmed, joined, revealed, vouched
from tests.reputation.test_invisible import block

pytestmark = pytest.mark.servers
PATH = "/v1/moderation/circles"
MODERATOR, OTHER = UUID(int=77), UUID(int=78)
WELL: list[OutcomeAnswer | None] = ["worthwhile", "worthwhile"]
RING = list(permutations((ANA, BEA, CARLA), 2))


@pytest.mark.parametrize(
    ("praise", "established", "found"),
    [
        (RING, [ANA, BEA], [{ANA, BEA, CARLA}]),  # once, however many of it are established
        (RING, [], []),
        (RING, [DINA], []),
        ([*RING, (ANA, DINA)], [DINA, BEA], [{ANA, BEA, CARLA, DINA}]),  # not what lies in another
        ([*RING, (ANA, DINA), (BEA, EVA)], [DINA, EVA], [{ANA, BEA, CARLA, DINA}, {ANA, BEA, CARLA, EVA}]),
        ([*RING, (DINA, EVA), (EVA, DINA)], [ANA, EVA], [{ANA, BEA, CARLA}, {DINA, EVA}]),
        ([*RING, *((UUID(int=100 + n), ANA) for n in range(10))], [ANA], []),  # larger than anybody looks into
    ],
)
def test_the_largest_groups_of_the_established(
    praise: list[tuple[UUID, UUID]], established: Collection[UUID], found: list[Collection[UUID]]
) -> None:
    praised_by = {about: [rater for rater, of in praise if of == about] for _, about in praise}
    assert sorted(map(sorted, groups(praised_by, established))) == sorted(map(sorted, found))


@pytest.fixture
async def ring(hear: Hear, pool: Pool, known: None) -> list[Event]:
    """Ana, Bea and Carla introduced each other, and Ana is Established; Dina praised Eva, who praised nobody."""
    made = [revealed(ANA, (BEA, CARLA), WELL), revealed(BEA, (CARLA, ANA), WELL, number=2, days=-9)]
    answers: list[OutcomeAnswer | None] = ["worthwhile", "not_as_described"]
    await hear(*made, revealed(FLOR, (DINA, EVA), answers, number=3), together=True)
    await pool.execute("update bands set band = 'established' where member_id = $1", ANA)
    return list(made)


async def circles(read: Read, reader: UUID = MODERATOR) -> list[dict[str, Any]]:
    answer = await read(reader, PATH, roles=["moderator"])
    assert answer["left_out"] == 0
    found: list[dict[str, Any]] = answer["items"]
    return found


async def test_a_circle_has_names_how_many_introductions_and_since_when(hear: Hear, read: Read, ring: list[Event]) -> None:
    await hear(vouched(FLOR, (BEA, EVA), number=9, days=-30))  # which is no praise
    [circle] = await circles(read)
    assert circle.keys() == {"members", "gone", "introductions", "since"}
    assert [card["name"] for card in circle["members"]] == ["Ana", "Bea", "Carla"]
    assert (circle["gone"], circle["introductions"], datetime.fromisoformat(circle["since"])) == (0, 2, T - timedelta(days=9))


async def test_what_a_moderator_excluded_makes_no_circle(hear: Hear, read: Read, pool: Pool, ring: list[Event]) -> None:
    first, second = ([one for one in ratings_of(event) if one.role == "voucher"] for event in ring)
    await exclude(pool, *second)
    [circle] = await circles(read)
    assert (circle["introductions"], datetime.fromisoformat(circle["since"])) == (1, T)
    await exclude(pool, *first)
    assert await circles(read) == []


async def test_one_good_word_of_another_woman_hides_it(hear: Hear, read: Read, ring: list[Event]) -> None:
    await hear(*(joined(UUID(int=200 + n), "Nora") for n in range(20)))
    for n in range(10):
        sides = (UUID(int=200 + 2 * n), UUID(int=201 + 2 * n))
        await hear(revealed(FLOR, sides, WELL, number=20 + n))
    assert await circles(read)
    await hear(revealed(BEA, (FLOR, DINA), WELL, number=4))
    assert await circles(read) == []


async def test_who_has_left_is_counted_and_who_is_suspended_is_named(hear: Hear, read: Read, ring: list[Event]) -> None:
    await hear(
        MemberErased(aggregate_id=BEA, aggregate_version=1, occurred_at=T),
        MemberSuspended(aggregate_id=CARLA, aggregate_version=1, occurred_at=T),
    )
    [circle] = await circles(read)
    assert ([card["name"] for card in circle["members"]], circle["gone"]) == (["Ana", "Carla"], 1)


async def test_nor_her_own_when_whoever_introduced_her_has_left(hear: Hear, read: Read, pool: Pool, known: None) -> None:
    await hear(revealed(FLOR, (DINA, EVA), WELL), MemberErased(aggregate_id=FLOR, aggregate_version=1, occurred_at=T))
    await pool.execute("update bands set band = 'established' where member_id = $1", DINA)
    assert (len(await circles(read)), await circles(read, EVA)) == (1, [])


@pytest.mark.parametrize("knows", ["in it", "blocks", "is blocked", "was introduced", "introduced"])
async def test_a_moderator_does_not_see_a_circle_of_women_she_knows(hear: Hear, read: Read, ring: list[Event], knows: str) -> None:
    reader = BEA if knows == "in it" else MODERATOR
    events: dict[str, Event] = {
        "blocks": block(MODERATOR, CARLA),
        "is blocked": block(CARLA, MODERATOR),
        "was introduced": confirmed(FLOR, (MODERATOR, CARLA), number=8),
        "introduced": confirmed(MODERATOR, (FLOR, CARLA), number=8),
    }
    await hear(*[events[knows]] if knows in events else [])
    assert await circles(read, reader) == []
    assert len(await circles(read, OTHER)) == 1


async def test_how_many_are_left_out_is_told(
    hear: Hear, read: Read, pool: Pool, ring: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    await hear(revealed(DINA, (EVA, FLOR), WELL, number=5, days=-20), revealed(EVA, (DINA, FLOR), WELL, number=6, days=-20))
    await pool.execute("update bands set band = 'established' where member_id = $1", DINA)
    assert len(await circles(read)) == 2
    monkeypatch.setattr(circles_api, "MOST_CIRCLES", 1)
    answer = await read(MODERATOR, PATH, roles=["moderator"])
    assert ([card["name"] for card in answer["items"][0]["members"]], answer["left_out"]) == (["Ana", "Bea", "Carla"], 1)


async def test_each_look_is_told_to_the_log(read: Read, pool: Pool, ring: list[Event]) -> None:
    await circles(read)
    await circles(read, OTHER)
    rows = await pool.fetch("select body from outbox where type = $1 order by position", CirclesRead.type)
    looks = [base.parse(row["body"]) for row in rows]
    assert [look.by_id for look in looks if isinstance(look, CirclesRead)] == [MODERATOR, OTHER]


@pytest.mark.parametrize("roles", [[], ["steward"]])
async def test_it_exists_for_moderators_alone(api: httpx.AsyncClient, pool: Pool, ring: list[Event], roles: list[str]) -> None:
    token, _ = TokenSigner(KEY).issue(MODERATOR, "reputation", roles=roles)
    assert (await api.get(PATH, headers={"Authorization": f"Bearer {token}"})).status_code == 404
    assert await pool.fetchval("select count(*) from outbox where type = $1", CirclesRead.type) == 0
