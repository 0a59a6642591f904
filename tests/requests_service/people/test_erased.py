"""What an erasure leaves of connections."""

import pytest

from shared.contracts.events.members import MemberErased
from tests.requests_service.world import World

pytestmark = pytest.mark.servers


async def test_what_she_kept_goes_and_the_others_keep_theirs(world: World) -> None:
    ana, bea, carla = await world.join("Ana", "Bea", "Carla")
    first = await world.connect(ana, bea)
    second = await world.connect(bea, carla)
    await world.status(MemberErased, ana)
    rows = await world.pool.fetch("select member_id, other_id from connections")
    assert {(row["member_id"], row["other_id"]) for row in rows} == {(bea, ana), (bea, carla), (carla, bea)}
    assert (await world.get(bea, f"/v1/connection-requests/{second}")).json()["first"] is False
    assert (await world.get(bea, f"/v1/connection-requests/{first}")).status_code == 404
