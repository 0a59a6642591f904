"""Invitations in memory."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared.contracts.http.members import joining
from shared.http.routing import serve
from shared.problems import NotFound
from tests.web.fake_world import Key, Who, World, later


def create(service: FastAPI, world: World) -> None:
    """Its routes."""

    @serve(service.router, joining.INVITATIONS)
    async def invitations(who: Who) -> Any:
        mine = [{"id": id_, **row} for id_, row in world.invitations.items() if row["sponsor"] == who and not row["used"]]
        left = max(0, joining.OPEN_INVITATIONS - sum(row["sponsor"] == who for row in world.invitations.values()))
        invited = [row for sponsor, row in world.invited if sponsor == who]
        return {"open": mine[::-1], "left": left, "next_at": None if left else later(12), "invited": invited}

    @serve(service.router, joining.INVITE)
    async def invite(who: Who, key: Key) -> Any:
        def make() -> UUID:
            if sum(row["sponsor"] == who for row in world.invitations.values()) >= joining.OPEN_INVITATIONS:
                raise joining.NoInvitationLeft(again_at=later(12))
            id_ = uuid4()
            number = len(world.invitations)
            world.invitations[id_] = {"sponsor": who, "token": f"{number}".zfill(43), "expires_at": later(14), "used": False}
            return id_

        return world.once(key, make)

    @serve(service.router, joining.TAKE_BACK)
    async def take_back(invitation_id: UUID, who: Who, key: Key) -> None:
        if world.invitations.get(invitation_id, {}).get("sponsor") != who:
            raise NotFound
        del world.invitations[invitation_id]

    @serve(service.router, joining.RELEASE)
    async def release(member_id: UUID, who: Who, key: Key) -> None:
        before = len(world.invited)
        world.invited = [(sponsor, row) for sponsor, row in world.invited if (sponsor, row["id"]) != (who, member_id)]
        if len(world.invited) == before:
            raise NotFound

    @serve(service.router, joining.OPEN_INVITATION)
    async def open_(body: joining.InvitationBody) -> Any:
        for row in world.invitations.values():
            if row["token"] == body.invitation and not row["used"]:
                return {"name": world.card(row["sponsor"]).name}
        raise joining.InvitationGone
