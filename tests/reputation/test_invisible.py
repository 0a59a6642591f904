"""Blocked, suspended, erased and never here can't be told apart: not by what the API answers, nor by the statements that ran."""

from uuid import UUID

import asyncpg
import pytest

from services.reputation.snapshot import store
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberBlocked, MemberErased, MemberReinstated, MemberSuspended, MemberUnblocked
from shared.postgres.database import Pool, transaction
from tests.reputation.conftest import Hear, Read
from tests.reputation.examples import ANA, BEA, CARLA, DINA, T, confirmed

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("known")]
NOBODY = UUID(int=99)


def block(blocker: UUID, blocked: UUID, *, version: int = 1) -> Event:
    ids = {"aggregate_id": UUID(int=blocker.int * 1000 + blocked.int), "blocker_id": blocker, "blocked_id": blocked}
    return (MemberBlocked if version % 2 else MemberUnblocked)(**ids, aggregate_version=version, occurred_at=T)


def about(kind: type[MemberSuspended] | type[MemberReinstated] | type[MemberErased], *, version: int = 1) -> Event:
    return kind(aggregate_id=BEA, aggregate_version=version, occurred_at=T)


ABSENT = [[block(ANA, BEA)], [block(BEA, ANA)], [about(MemberSuspended)], [about(MemberErased)]]
BACK = [
    ([block(ANA, BEA), block(ANA, BEA, version=2)]),
    ([block(BEA, ANA, version=2), block(BEA, ANA)]),
    ([about(MemberSuspended), about(MemberReinstated, version=2)]),
    ([block(CARLA, BEA), block(BEA, DINA)]),
]


@pytest.fixture(autouse=True)
async def established(pool: Pool, known: None) -> None:
    await pool.execute("update bands set band = 'established' where member_id = any($1::uuid[])", [ANA, BEA])


async def band(read: Read, reader: UUID, member: UUID) -> str | None:
    found: dict[str, str | None] = (await read(reader, "/v1/bands", member_id=[str(member)]))["bands"]
    assert list(found) == [str(member)]
    return found[str(member)]


@pytest.mark.parametrize("events", ABSENT)
async def test_a_member_who_does_not_exist_for_the_reader_has_no_band(hear: Hear, read: Read, events: list[Event]) -> None:
    assert await band(read, ANA, BEA) == "established"
    await hear(*events)
    assert await band(read, ANA, BEA) is None
    assert await band(read, ANA, NOBODY) is None


@pytest.mark.parametrize("events", BACK)
async def test_she_has_it_once_she_exists_for_her_again(hear: Hear, read: Read, events: list[Event]) -> None:
    await hear(*events)
    assert await band(read, ANA, BEA) == "established"


async def test_a_block_is_between_two_and_a_suspension_between_all(hear: Hear, read: Read) -> None:
    await hear(block(ANA, BEA))
    assert await band(read, CARLA, BEA) == "established"
    await hear(about(MemberSuspended))
    assert await band(read, CARLA, BEA) is None


@pytest.mark.parametrize("events", [[], [block(BEA, ANA)], [about(MemberSuspended)]])
async def test_of_herself_she_sees_what_others_would(hear: Hear, read: Read, events: list[Event]) -> None:
    await hear(*events)
    assert await band(read, BEA, BEA) == "established"


async def test_the_same_statement_runs_whoever_is_asked_for(hear: Hear, pool: Pool) -> None:
    await hear(block(DINA, ANA), about(MemberSuspended))
    ran: list[list[str]] = []
    for member in (ANA, BEA, CARLA, DINA, NOBODY):
        seen: list[str] = []

        def note(query: asyncpg.connection.LoggedQuery, seen: list[str] = seen) -> None:
            seen.append(query.query)

        async with transaction(pool) as tx:
            with tx.query_logger(note):
                await store.shown_bands(tx, DINA, [member])
        ran.append(seen)
    assert len(ran[0]) == 1
    assert ran.count(ran[0]) == len(ran)


@pytest.mark.parametrize("events", ABSENT)
async def test_her_vouches_and_reference_know_of_no_side_who_does_not_exist_for_her(hear: Hear, read: Read, events: list[Event]) -> None:
    await hear(confirmed(ANA, (BEA, CARLA)), *events)
    (vouch,) = (await read(ANA, "/v1/me/vouches"))["items"]
    assert [side["name"] for side in vouch["sides"]] == ["Carla"]
    assert await read(ANA, "/v1/me/reference") == {"vouched_for": 1, "went_well": 0, "trusted": 0, "reported": 0}


async def test_nothing_of_a_block_or_a_suspension_outlives_her_erasure(hear: Hear, pool: Pool) -> None:
    later = [about(MemberErased, version=2), block(ANA, BEA), block(BEA, ANA, version=3), about(MemberSuspended)]
    await hear(block(CARLA, BEA), about(MemberSuspended), *later)
    assert await pool.fetchval("select count(*) from blocks") == 0
    assert await pool.fetchval("select suspended from members where member_id = $1", BEA) is False
