"""The members service in memory."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import FastAPI, Response
from pydantic import BaseModel

from shared.problems import Field, Invalid, NotFound, Problem
from shared.text import Line
from tests.web.fake_world import Key, Who, World, app

CODE = "246810"


class WrongCode(Problem):
    code, status, sentence = "wrong_code", 422, "This code isn't right."


class CodeExpired(Problem):
    code, status, sentence = "code_expired", 410, "This code has ended."


class SignedOut(Problem):
    code, status, sentence = "signed_out", 401, "Please sign in."


class ProfileNeeded(Problem):
    code, status, sentence = "profile_needed", 409, "Please make your profile."


class Asked(BaseModel):
    email: str
    language: Literal["en", "es"]
    browser: str


class Answered(BaseModel):
    code: str
    browser: str


class Session(BaseModel):
    session: str
    audience: str = ""


class Profile(BaseModel):
    name: Annotated[str, Line(1, 80)]
    headline: Annotated[str, Line(0, 120)] = ""
    organisation: Annotated[str, Line(0, 120)] = ""
    place: Annotated[str, Line(0, 120)] = ""
    languages: list[str] = []
    language: Literal["en", "es"]
    time_zone: str
    visibility: str = "members"


def create(world: World) -> FastAPI:
    """The service over that world."""
    service = app("members")

    @service.post("/v1/sign-in", status_code=202)
    async def ask(asked: Asked) -> dict[str, Any]:
        if "@" not in asked.email:
            raise Invalid(fields=[Field("email", "not_an_address")])
        challenge = str(uuid4())
        world.challenges[challenge] = asked.model_dump()
        return {"challenge_id": challenge, "expires_at": _soon(600)}

    @service.post("/v1/sign-in/{challenge_id}")
    async def answer(challenge_id: UUID, answered: Answered) -> dict[str, Any]:
        challenge = world.challenges.get(str(challenge_id))
        if challenge is None:
            raise CodeExpired
        if answered.code != CODE or answered.browser != challenge["browser"]:
            raise WrongCode
        found = next((one for one, row in world.members.items() if row["email"] == challenge["email"]), None)
        member_id = found or uuid4()
        row = world.members.setdefault(member_id, {"email": challenge["email"], "profile": None})
        secret = uuid4().hex
        world.sessions[secret] = member_id
        return {"session": secret, "expires_at": _soon(86400), "joined": row["profile"] is not None}

    @service.post("/v1/sessions/tokens")
    async def token(session: Session) -> dict[str, Any]:
        member_id = world.sessions.get(session.session)
        if member_id is None:
            raise SignedOut
        joined = world.members[member_id]["profile"] is not None
        if not joined and session.audience != "members":
            raise ProfileNeeded
        text = f"{session.audience}:{member_id}"
        return {"token": text, "expires_at": _soon(world.token_life), "member_id": str(member_id), "joined": joined}

    @service.post("/v1/sessions/end", status_code=204)
    async def end(session: Session) -> Response:
        world.sessions.pop(session.session, None)
        return Response(status_code=204)

    @service.get("/v1/me")
    async def me(who: Who) -> dict[str, Any]:
        row = world.members[who]
        return {"id": str(who), "email": row["email"], "joined": row["profile"] is not None, "profile": row["profile"]}

    @service.put("/v1/me/profile")
    async def write(profile: Profile, who: Who, key: Key) -> Profile:
        world.members[who]["profile"] = profile.model_dump()
        return profile

    @service.get("/v1/profiles/{wanted}")
    async def read(wanted: UUID, who: Who) -> dict[str, Any]:
        if not world.meets(who, wanted):
            raise NotFound
        return {**world.members[wanted]["profile"], "id": str(wanted)}

    return service


def _soon(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
