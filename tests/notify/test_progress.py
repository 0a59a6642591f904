"""Whose name notify keeps once she has left, and how long: as long as silence would have looked open to the others."""

from typing import Any

import pytest

from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import ANA, INES, MARTA

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("members")]


async def kept(desk: Desk) -> list[dict[str, str]]:
    return [row["departed"] for row in await desk.pool.fetch("select departed from progress order by subject_id")]


async def told(desk: Desk) -> dict[str, str]:
    """The subject of each letter so far, by its kind and whom it is to."""
    names = {ANA.profile.id: "Ana", INES.profile.id: "Inés", MARTA.profile.id: "Marta"}
    return {
        f"{row['kind']} {names[row['recipient_id']]}": world.read(row["message"]).subject for row in await desk.letters() if row["message"]
    }


async def test_a_name_is_kept_as_it_was_last_until_the_end_is_told(desk: Desk) -> None:
    ask, request = world.asked(), world.connection_requested()
    await desk.heard(ask, request, world.connection_requested(requester_id=INES.profile.id, recipient_id=MARTA.profile.id))
    await desk.heard(world.joined(INES, 2, name="Inés P. Soto"), world.erased(INES))
    assert await kept(desk) == [{str(INES.profile.id): "Inés P. Soto"}] * 3
    await desk.heard(world.closed("member_left", aggregate_id=ask.aggregate_id))
    await desk.heard(world.connection_closed("member_left", aggregate_id=request.aggregate_id))
    subjects = await told(desk)
    assert subjects["did_not_go_ahead Marta"] == "La presentación de Ana García e Inés P. Soto no siguió adelante"
    assert sorted(await kept(desk), key=len) == [{}, {}, {str(INES.profile.id): "Inés P. Soto"}]


async def test_the_asker_hears_of_a_vouch_as_if_the_counterpart_had_not_left(desk: Desk) -> None:
    ask = world.asked()
    same: dict[str, Any] = {"aggregate_id": ask.aggregate_id}
    await desk.heard(ask, world.erased(INES), world.vouched(**same))
    assert (await told(desk))["introduction_vouched Ana"] == "Marta Ruiz vouches for your introduction to Inés Peña"
    async with desk.delivering():
        await desk.until(desk.over)
    states = {(row["kind"], row["recipient_id"]): row["state"] for row in await desk.letters()}
    assert states["introduction_vouched", ANA.profile.id] == "sent"
    assert ("introduction_vouched", INES.profile.id) not in states


async def test_nothing_is_kept_of_one_of_whom_nothing_looks_open(desk: Desk) -> None:
    ask = world.asked()
    await desk.heard(ask, world.closed("expired", aggregate_id=ask.aggregate_id), world.erased(INES))
    await desk.heard(world.connection_requested(requester_id=ANA.profile.id, recipient_id=MARTA.profile.id))
    assert await kept(desk) == [{}, {}]
