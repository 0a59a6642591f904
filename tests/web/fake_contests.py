"""Contests, as the fake reputation service keeps them."""

from typing import Any
from uuid import UUID, uuid5

from fastapi import FastAPI

from shared.contracts.http import contests as http
from shared.http.routing import PagingOf, serve
from shared.problems import Field, Invalid, NotFound
from tests.web.fake_world import Key, Who, World, later, page

OBJECTION = "We had agreed on another day. That nobody came to the first one was my mistake, and no fault of theirs."
ANSWER = "We looked at all that is behind this line. One word no longer counts, and the others stay."


def new_contest(world: World, by: UUID, **own: Any) -> dict[str, Any]:
    """A contest, open, as a row that `own` changes."""
    contest_id = uuid5(by, f"contest {len(world.contests)}")
    row: dict[str, Any] = {"id": contest_id, "by": by, "line": "good", "objection": OBJECTION, "contested_at": later(-2)}
    row |= {"about": world.card(by), "answer": None, "decided_at": None, "words": []}
    world.contests[contest_id] = row | own
    return world.contests[contest_id]


def new_word(world: World, position: int, about: UUID, by: UUID | None, *sides: UUID, **own: Any) -> dict[str, Any]:
    """A word behind a line, as a row that `own` changes."""
    row = {"position": position, "role": "voucher", "value": "good", "about": world.card(about), "by": by and world.card(by)}
    row |= {"introduction_id": uuid5(about, str(position)), "sides": [world.card(side) for side in sides], "said_at": later(-30)}
    return row | {"shows": True, "excluded_at": None, "reason": None} | own


def serve_contests(service: FastAPI, world: World) -> None:
    """Her routes, and the moderators'."""

    def hers(who: UUID, contest_id: UUID) -> dict[str, Any]:
        found = world.contests.get(contest_id)
        if found is None or found["by"] != who:
            raise NotFound
        return found

    @serve(service.router, http.CONTEST_LINE)
    async def contest(body: http.ContestBody, who: Who, key: Key) -> Any:
        if any(row["by"] == who and row["line"] == body.line and row["answer"] is None for row in world.contests.values()):
            raise http.AlreadyContested
        return {"id": new_contest(world, who, line=body.line, objection=body.objection, contested_at=later(0))["id"]}

    @serve(service.router, http.MY_CONTESTS)
    async def mine(who: Who, paging: PagingOf) -> Any:
        return page([row for row in world.contests.values() if row["by"] == who], paging)

    @serve(service.router, http.MY_CONTEST)
    async def one(contest_id: UUID, who: Who) -> Any:
        return hers(who, contest_id)

    _decided(service, world)


def _decided(service: FastAPI, world: World) -> None:
    def case_of(who: UUID, contest_id: UUID) -> dict[str, Any]:
        if not world.roles.get(who) or contest_id not in world.contests or world.contests[contest_id]["by"] == who:
            raise NotFound
        return world.contests[contest_id]

    @serve(service.router, http.CONTESTS)
    async def waiting(who: Who, paging: PagingOf) -> Any:
        if not world.roles.get(who):
            raise NotFound
        return page([row for row in world.contests.values() if row["by"] != who and row["answer"] is None], paging)

    @serve(service.router, http.CONTEST)
    async def case(contest_id: UUID, who: Who) -> Any:
        return case_of(who, contest_id)

    @serve(service.router, http.DECIDE_CONTEST)
    async def decide(contest_id: UUID, body: http.ContestDecisionBody, who: Who, key: Key) -> None:
        found = case_of(who, contest_id)
        if body.exclude and len(body.why_excluded) < http.LEAST_REASON:
            raise Invalid(fields=[Field("why_excluded", "too_short", minimum=http.LEAST_REASON)])
        for word in found["words"]:
            if word["position"] in body.exclude:
                word.update(excluded_at=later(0), reason=body.why_excluded)
        found.update(answer=body.answer_to_her, decided_at=later(0))
