"""Her address, as the pages ask for it: of whom she was introduced to, once members has heard of it."""

from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.clients.members import Members
from shared.contracts.http.members.signing_in import Audience
from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.scenes import trio


@dataclass
class Reader:
    """In whose name it is asked."""

    member_id: UUID

    async def token(self, service: Audience) -> str:
        return f"{service}:{self.member_id}"

    def refused(self, service: Audience) -> None: ...


def asking(app: FastAPI, reader: UUID) -> Members:
    return Members(app.state.services["members"], Reader(reader))


async def test_each_side_gets_the_others_address_and_nobody_else_any(app: FastAPI, community: Community) -> None:
    three = trio(community)
    three.confirmed()
    women = (three.lucia, three.andrea, three.marisol)
    got = {(reader, her): await asking(app, reader).introduced(her) for reader in women for her in women}
    assert {two: address for two, address in got.items() if address} == {
        (three.lucia, three.andrea): "andrea@example.test",
        (three.andrea, three.lucia): "lucía@example.test",
    }


@pytest.mark.parametrize("before", ["vouched", "unheard", "blocked"])
async def test_before_members_has_heard_and_once_blocked_there_is_none(app: FastAPI, community: Community, before: str) -> None:
    three = trio(community)
    if before == "vouched":
        three.vouched()
    else:
        three.confirmed(unheard=before == "unheard")
    if before == "blocked":
        community.world.blocked.add(frozenset((three.lucia, three.andrea)))
    assert await asking(app, three.lucia).introduced(three.andrea) is None


async def test_whatever_else_goes_wrong_is_no_answer(app: FastAPI, community: Community, fakes: Fakes) -> None:
    three = trio(community)
    fakes.wires["members"].answer = lambda request: httpx.Response(409, json={"code": "other"})
    with pytest.raises(ServiceProblem):
        await asking(app, three.lucia).introduced(three.andrea)
    fakes.wires["members"].down = True
    with pytest.raises(ServiceDown):
        await asking(app, three.lucia).introduced(three.andrea)
