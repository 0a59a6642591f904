"""Women around a reader, in the requests service's real api."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from shared.text import name_key
from tests.requests_service.world import World, ok

FAIR = "PyCon ES 2024"


@dataclass
class Neighbourhood:
    """A reader who is connected to a friend, and what she reads."""

    world: World
    me: UUID
    friend: UUID

    async def knows(self, her: UUID, other: UUID | None = None, closeness: str = "know_well") -> None:
        """She is connected to the other; to the friend, if none is named."""
        await self.world.connect(her, other or self.friend, closeness)

    async def was_at(self, her: UUID, other: UUID, place: str) -> None:
        """Her side of that connection says that they met there."""
        await self.change(her, other, met_at=place, met_at_key=name_key(place))

    async def change(self, her: UUID, other: UUID, **columns: Any) -> None:
        """Her side of that connection becomes so."""
        changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 3))
        await self.world.pool.execute(
            f"update connections set {changes} where member_id = $1 and other_id = $2", her, other, *columns.values()
        )

    async def exclude(self, her: UUID, **what: str) -> None:
        """She excludes a member or an organisation."""
        ok(await self.world.post(her, "/v1/reach/exclusions", what), 201)

    async def works_at(self, her: UUID, name: str) -> None:
        """So her profile says."""
        await self.world.pool.execute(
            "update members set organisation = $2, organisation_key = $3 where member_id = $1", her, name, name_key(name)
        )

    async def paths(self, her: UUID, reader: UUID | None = None) -> list[UUID]:
        """Whom the reader, having looked, could ask for an introduction to her."""
        ok(await self.world.put(reader or self.me, f"/v1/members/{her}/look-up", None))
        found = ok(await self.world.get(reader or self.me, f"/v1/members/{her}/paths"))
        return [UUID(card["id"]) for card in found["vouchers"]]

    async def suggested(self, reader: UUID | None = None) -> dict[UUID, tuple[str, str | None]]:
        """Whom the reader might know: where both were, and the name of who could introduce them."""
        found = ok(await self.world.get(reader or self.me, "/v1/suggestions"))["might_know"]
        return {UUID(one["member"]["id"]): (one["met_at"], one["through"] and one["through"]["name"]) for one in found}

    async def pair(self, reader: UUID | None = None) -> tuple[set[UUID], str] | None:
        """Whom the reader could introduce to each other, and where she met both."""
        found = ok(await self.world.get(reader or self.me, "/v1/suggestions"))["introduce"]
        return ({UUID(card["id"]) for card in found["sides"]}, found["met_at"]) if found else None

    async def dismiss(self, *ids: UUID, reader: UUID | None = None) -> None:
        """Never again."""
        ok(await self.world.post(reader or self.me, "/v1/suggestions/dismissals", {"member_ids": [str(id_) for id_ in ids]}))


@pytest.fixture
async def around(world: World) -> Neighbourhood:
    """A reader and her friend."""
    me, friend = await world.join("Me", "Friend")
    made = Neighbourhood(world, me, friend)
    await made.knows(me)
    return made
