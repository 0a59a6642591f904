"""Invitations and requests to join in memory."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared.contracts.http.members import groups, joining
from shared.http.routing import PagingOf, serve
from shared.problems import Field, Invalid, NotFound
from tests.web.fake_world import Key, Who, World, later, page

ABOUT = "Reparo grúas en el puerto de Veracruz, y dos de las mujeres de quienes aprendí el oficio están aquí."


def new_join_request(world: World, name: str, **own: Any) -> dict[str, Any]:
    """A request to join, as a row that `own` changes."""
    row: dict[str, Any] = {"id": uuid4(), "by": None, "named": None, "name": name, "about": ABOUT, "asked_at": later(-2)}
    row |= {"answer_by": later(12), "let_in": None, "recommends": None}
    world.join_requests[row["id"]] = row | own
    return world.join_requests[row["id"]]


def create(service: FastAPI, world: World) -> None:
    """Its routes."""

    @serve(service.router, joining.INVITATIONS)
    async def invitations(who: Who) -> Any:
        mine = [{"id": id_, **row} for id_, row in world.invitations.items() if row["sponsor"] == who and not row["used"]]
        left = max(0, joining.OPEN_INVITATIONS - sum(row["sponsor"] == who for row in world.invitations.values()))
        invited = [row for sponsor, row in world.invited if sponsor == who]
        named_by = [row for row in world.join_requests.values() if row["named"] == who and row["let_in"] is None]
        return {
            "open": mine[::-1],
            "left": left,
            "next_at": None if left else later(12),
            "invited": invited,
            "named_by": named_by,
            "by_letter": world.by_letter,
        }

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

    @serve(service.router, joining.INVITE_BY_LETTER)
    async def invite_by_letter(body: joining.InvitationLetterBody, who: Who, key: Key) -> Any:
        if not world.by_letter:
            raise NotFound
        if "@" not in body.email:
            raise Invalid(fields=[Field("email", "not_an_address")])
        return await invite(who, key)

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

    _requests(service, world)

    @serve(service.router, groups.MY_GROUP)
    async def group(who: Who) -> Any:
        if who not in world.groups:
            raise NotFound
        return {"name": world.groups[who]}

    @serve(service.router, groups.TAKE_BACK_GROUP)
    async def take_back_group(who: Who, key: Key) -> None:
        if world.groups.pop(who, None) is None:
            raise NotFound

    @serve(service.router, joining.OPEN_INVITATION)
    async def open_(body: joining.InvitationBody) -> Any:
        for row in world.invitations.values():
            if row["token"] == body.invitation and not row["used"]:
                return {"name": world.card(row["sponsor"]).name}
        raise joining.InvitationGone


def _requests(service: FastAPI, world: World) -> None:
    def moderated(who: UUID) -> None:
        if "moderator" not in world.roles.get(who, []):
            raise NotFound

    @serve(service.router, joining.MY_JOIN_REQUEST)
    async def mine(who: Who) -> Any:
        for row in world.join_requests.values():
            if row["by"] == who:
                return row
        raise NotFound

    @serve(service.router, joining.ASK_TO_JOIN)
    async def ask(body: joining.JoinRequestBody, who: Who, key: Key) -> None:
        if not body.adult:
            raise Invalid(fields=[Field("adult", "not_adult")])
        new_join_request(world, body.name, by=who, about=body.about)

    @serve(service.router, joining.RECOMMEND)
    async def recommend(join_request_id: UUID, body: joining.RecommendBody, who: Who, key: Key) -> None:
        if world.join_requests.get(join_request_id, {}).get("named") != who:
            raise NotFound
        world.join_requests[join_request_id]["recommends"] = body.recommends

    @serve(service.router, joining.JOIN_REQUESTS)
    async def requests(who: Who, paging: PagingOf) -> Any:
        moderated(who)
        rows = [row for row in world.join_requests.values() if row["let_in"] is None]
        return page([{**row, "recommended_by": world.card(row["named"]) if row["recommends"] else None} for row in rows], paging)

    @serve(service.router, joining.ANSWER_JOIN_REQUEST)
    async def answer(join_request_id: UUID, body: joining.JoinAnswerBody, who: Who, key: Key) -> None:
        moderated(who)
        world.join_requests[join_request_id]["let_in"] = body.let_in
