"""Signing in, sessions, and the member tokens that they give."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, IPvAnyAddress

from shared.contracts import lengths
from shared.contracts.events.members import Language
from shared.contracts.http.base import Answer, Body, OpenRoute
from shared.contracts.http.members.profiles import ProfileNeeded, TermsNeeded
from shared.problems import AccountLeaving, AccountSuspended, NotSignedIn, Problem
from shared.text import Words, field_error, without_unseen_ends

LETTERS_AN_HOUR = 5
"""At most so many letters with codes leave for one browser and address."""

Audience = Literal["members", "requests", "reputation", "notify"]
"""The services that take member tokens."""

Role = Literal["moderator", "steward"]

Shown = Literal["code", "passkey"]
"""What she can show to say that it is her."""

Secret = Annotated[str, Field(min_length=32, max_length=256)]
Device = Annotated[str, Words(0, 60, one_line=True)]
"""Which program on which system it is, in two words: what the web makes of the browser's own name for itself."""
SessionSecret = Annotated[str, Field(max_length=256)]
InvitationToken = Annotated[str, Field(max_length=64)]
"""The end of an invitation's link; it lets her in though joining isn't open. One that isn't good is as good as none."""


def bare_address(typed: str) -> str:
    """The address in what was typed or pasted: without what can't be seen around it, the name before `<…>`, and `mailto:`."""
    bare = without_unseen_ends(typed)
    if bare.endswith(">"):
        bare = without_unseen_ends(bare[:-1].rpartition("<")[2])
    if bare.lower().startswith("mailto:"):
        bare = without_unseen_ends(bare[7:].partition("?")[0])
    return bare


def _code(typed: str) -> str:
    code = re.sub(r"[\W_]", "", typed)
    if not re.fullmatch(r"[0-9]{8}([0-9]{8})?", code):
        raise field_error("not_a_code")
    return code


_LONGEST_ADDRESS = 400


def _not_endless(typed: object) -> object:
    # Longer than any address is no matter of characters too many.
    if isinstance(typed, str) and len(typed) > _LONGEST_ADDRESS:
        raise field_error("not_an_address")
    return typed


Email = Annotated[str, BeforeValidator(_not_endless), Field(max_length=_LONGEST_ADDRESS)]
"""An address as she typed it."""
Code = Annotated[str, Field(max_length=60), AfterValidator(_code)]
"""A code as she typed it."""


class SignInBody(Body):
    """Who wants a code, in which language, for which browser; `ip` is where that browser is on the internet."""

    email: Email
    language: Language
    browser: Secret
    ip: IPvAnyAddress
    invitation: InvitationToken = ""


class Challenge(Answer):
    """A question for a code; every address gets one."""

    challenge_id: UUID
    expires_at: datetime


class CodeBody(Body):
    """The code as she typed it, from the browser that asked; the `session` that the browser still has ends with the new one."""

    code: Code
    browser: Secret
    ip: IPvAnyAddress
    session: SessionSecret = ""
    invitation: InvitationToken = ""
    device: Device = ""
    passkeys: bool = False
    """Whether the browser can make a passkey, so that one may be offered."""


class SignedIn(Answer):
    """A session's secret for the cookie, and when it ends at the latest."""

    session: lengths.Token
    expires_at: datetime
    joined: bool
    offer_passkey: bool = False
    """Whether to offer her a passkey: once, and if she has none."""


class TokenBody(Body):
    """The session, and the service the token is for."""

    session: SessionSecret
    audience: Audience


class Token(Answer):
    """A member token, good for one service until `expires_at`."""

    token: lengths.Token
    expires_at: datetime
    member_id: UUID
    joined: bool
    roles: list[Role] = Field(default_factory=list, max_length=2)
    """Those that the token says: none unless she has shown a passkey in this session."""


class SessionBody(Body):
    """A session, by its secret."""

    session: SessionSecret


class ForeignCaller(Problem, status=403, sentence="This is for our own pages alone."):
    """Signing in, and what belongs to it, is asked for by the web alone, which shows its key."""


class WrongCode(Problem, status=422, sentence="That code isn't right. Please check the email again."):
    """Not the code of this challenge, or not the browser that asked for it."""


class CodeExpired(Problem, status=410, sentence="This code doesn't work any more. Please ask for a new one."):
    """Used, too old, tried too often, or never there: all the same to whoever asks."""


class SignedOut(NotSignedIn, code="signed_out", sentence="You have been signed out. Please sign in again."):
    """No such session, or one that has ended."""


SIGN_IN = OpenRoute(path="/v1/sign-in", body=SignInBody, answer=Challenge, status=202, problems=(ForeignCaller,))
ANSWER_WITH_CODE = OpenRoute(
    path="/v1/sign-in/{challenge_id}", body=CodeBody, answer=SignedIn, problems=(ForeignCaller, WrongCode, CodeExpired)
)
ISSUE_TOKEN = OpenRoute(
    path="/v1/sessions/tokens",
    body=TokenBody,
    answer=Token,
    problems=(ForeignCaller, SignedOut, AccountSuspended, AccountLeaving, ProfileNeeded, TermsNeeded),
    repeatable=True,
)
END_SESSION: OpenRoute[Answer] = OpenRoute(
    path="/v1/sessions/end", body=SessionBody, status=204, problems=(ForeignCaller,), repeatable=True
)
