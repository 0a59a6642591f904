"""Signing in and out, and the member tokens that a session gives. No route here asks for a token."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from services.members.accounts import addresses
from services.members.keys import Keys_
from services.members.profiles import queries as profiles
from services.members.sessions import codes, queries, sign_in
from services.members.sessions.domain import CodeExpired, ProfileNeeded, SignedOut, Verdict, WrongCode
from shared.clock import machine_now
from shared.contracts.events.members import Language
from shared.http.app import Pool_
from shared.postgres.database import transaction

routes = APIRouter(prefix="/v1")

Secret = Annotated[str, Field(min_length=32, max_length=256)]


def _six_digits(typed: str) -> str:
    code = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(r"[0-9]{6}", code):
        raise PydanticCustomError("not_six_digits", "The code has six digits.")
    return code


class Asked(BaseModel):
    """Who wants a code, in which language, for which browser."""

    email: Annotated[str, Field(max_length=320)]
    language: Language
    browser: Secret


class Challenged(BaseModel):
    """A question for a code; every address gets one."""

    challenge_id: UUID
    expires_at: datetime


class Answered(BaseModel):
    """The code, as she typed it, from the browser that asked."""

    code: Annotated[str, Field(max_length=40), AfterValidator(_six_digits)]
    browser: Secret


class SignedIn(BaseModel):
    """A session's secret for the cookie, and when it ends at the latest."""

    session: str
    expires_at: datetime
    joined: bool


class TokenAsked(BaseModel):
    """The session, and the service the token is for."""

    session: Annotated[str, Field(max_length=256)]
    audience: Literal["members", "requests", "reputation"]


class Token(BaseModel):
    """A member token, good for one service until `expires_at`."""

    token: str
    expires_at: datetime
    member_id: UUID
    joined: bool


class Ended(BaseModel):
    """The session to end."""

    session: Annotated[str, Field(max_length=256)]


@routes.post("/sign-in", status_code=202)
async def ask_for_code(asked: Asked, pool: Pool_, keys: Keys_) -> Challenged:
    """A challenge, the same for every address, and a code by letter where one may be sent."""
    address = addresses.parse(asked.email, local=keys.local)
    async with transaction(pool) as tx:
        challenge = await sign_in.ask(tx, keys, address, asked.language, asked.browser)
    return Challenged(challenge_id=challenge.id, expires_at=challenge.expires_at)


@routes.post("/sign-in/{challenge_id}")
async def answer_with_code(challenge_id: UUID, answered: Answered, pool: Pool_, keys: Keys_) -> SignedIn:
    """A session for the right code. Raises WrongCode, CodeExpired."""
    async with transaction(pool) as tx:
        verdict, secret, session = await sign_in.answer(tx, keys, challenge_id, answered.code, answered.browser)
        joined = session is not None and await profiles.exists(tx, session.member_id)
    if session is None:
        raise CodeExpired if verdict is Verdict.SPENT else WrongCode
    return SignedIn(session=secret, expires_at=session.expires_at, joined=joined)


@routes.post("/sessions/tokens")
async def issue_token(asked: TokenAsked, pool: Pool_, keys: Keys_) -> Token:
    """A member token for an open session. Raises SignedOut, and ProfileNeeded for other services before she has joined."""
    secret_hash, at = codes.hash_of(asked.session), machine_now()
    found = await queries.find(pool, secret_hash)
    if found is None or not found[0].open(at):
        raise SignedOut
    session, joined = found
    if not joined and asked.audience != "members":
        raise ProfileNeeded
    if session.due_for_seen(at):
        await queries.seen(pool, secret_hash, at)
    token, expires_at = keys.signer.issue(session.member_id, asked.audience)
    return Token(token=token, expires_at=expires_at, member_id=session.member_id, joined=joined)


@routes.post("/sessions/end", status_code=204)
async def end_session(ended: Ended, pool: Pool_) -> Response:
    """End the session; an unknown or ended one is ended already."""
    await queries.end(pool, codes.hash_of(ended.session), machine_now())
    return Response(status_code=204)
