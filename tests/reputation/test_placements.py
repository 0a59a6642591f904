"""Where members came in, as reputation keeps it."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from shared.contracts.events.members import MemberErased, MemberPlaced
from shared.postgres.database import Pool
from tests.reputation.conftest import Hear

pytestmark = pytest.mark.servers
AT = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)


def placed(member_id: UUID) -> MemberPlaced:
    return MemberPlaced(aggregate_id=member_id, aggregate_version=1, occurred_at=AT, branch=uuid4(), joined_on=date(2026, 5, 3))


def erased(member_id: UUID) -> MemberErased:
    return MemberErased(aggregate_id=member_id, aggregate_version=1, occurred_at=AT)


async def test_a_placement_is_kept_until_she_is_erased(pool: Pool, hear: Hear) -> None:
    ana, mia = placed(uuid4()), placed(uuid4())
    await hear(ana, mia, ana)
    rows = await pool.fetch("select member_id, branch, joined_on from placements")
    assert {tuple(row) for row in rows} == {(event.member_id, event.branch, event.joined_on) for event in (ana, mia)}
    await hear(erased(ana.member_id))
    assert await pool.fetchval("select array_agg(member_id) from placements") == [mia.member_id]


async def test_one_that_comes_after_her_erasure_is_not_kept(pool: Pool, hear: Hear) -> None:
    ana = placed(uuid4())
    await hear(erased(ana.member_id), ana)
    assert await pool.fetchval("select count(*) from placements") == 0
