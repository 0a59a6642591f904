"""The API of the members service: signing in, sessions, member tokens, profiles, and the address of whom one was introduced to."""

import re
from datetime import datetime
from functools import cache
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, IPvAnyAddress

from shared.contracts import lengths
from shared.contracts.events.members import Language, Visibility
from shared.contracts.http.base import Answer, Body, CommandRoute, OpenRoute, QueryRoute
from shared.problems import NotFound, NotSignedIn, Problem
from shared.text import Words, field_error, without_unseen_ends

LETTERS_AN_HOUR = 5
"""At most so many letters with codes leave for one browser and address."""

Audience = Literal["members", "requests", "reputation"]
"""The services that take member tokens."""

Secret = Annotated[str, Field(min_length=32, max_length=256)]
SessionSecret = Annotated[str, Field(max_length=256)]

MOST_LANGUAGES = 8
"""That a member names as those she speaks."""

Name = Annotated[str, Words(1, 80, one_line=True, name=True)]
ShortLine = Annotated[str, Words(0, 120, one_line=True)]


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


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _time_zone(name: str) -> str:
    if name not in _time_zones():
        raise field_error("not_a_time_zone")
    return name


def _languages(codes: list[str]) -> list[str]:
    if not all(re.fullmatch(r"[a-z]{2,3}", code) for code in codes):
        raise field_error("not_a_language")
    return list(dict.fromkeys(codes))


_LONGEST_ADDRESS = 400


def _not_endless(typed: object) -> object:
    # Longer than any address is no matter of characters too many.
    if isinstance(typed, str) and len(typed) > _LONGEST_ADDRESS:
        raise field_error("not_an_address")
    return typed


class SignInBody(Body):
    """Who wants a code, in which language, for which browser; `ip` is where that browser is on the internet."""

    email: Annotated[str, BeforeValidator(_not_endless), Field(max_length=_LONGEST_ADDRESS)]
    language: Language
    browser: Secret
    ip: IPvAnyAddress


class Challenge(Answer):
    """A question for a code; every address gets one."""

    challenge_id: UUID
    expires_at: datetime


class CodeBody(Body):
    """The code as she typed it, from the browser that asked; the `session` that the browser still has ends with the new one."""

    code: Annotated[str, Field(max_length=60), AfterValidator(_code)]
    browser: Secret
    ip: IPvAnyAddress
    session: SessionSecret = ""


class SignedIn(Answer):
    """A session's secret for the cookie, and when it ends at the latest."""

    session: lengths.Token
    expires_at: datetime
    joined: bool


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


class SessionBody(Body):
    """A session, by its secret."""

    session: SessionSecret


class ProfileBody(Body):
    """A profile as she writes it. `languages` are those she speaks (ISO 639), `language` is the one she reads Madrina in.

    `version` is the one that she saw, 0 before the first: if it is another by now, nothing is written. Without it whatever is there is
    replaced. Without `visibility` it stays as it is; at first it is `connections`.
    """

    name: Name
    headline: ShortLine = ""
    organisation: ShortLine = ""
    place: ShortLine = ""
    languages: Annotated[list[lengths.Word], Field(max_length=MOST_LANGUAGES), AfterValidator(_languages)] = Field(default_factory=list)
    language: Language
    time_zone: Annotated[lengths.Word, AfterValidator(_time_zone)]
    visibility: Visibility | None = None
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class ProfileView(Answer):
    """What another member reads."""

    id: UUID
    name: lengths.Line
    headline: lengths.Line
    organisation: lengths.Line = ""
    place: lengths.Line = ""
    languages: list[lengths.Word] = Field(default_factory=list, max_length=MOST_LANGUAGES)
    time_zone: lengths.Word | None = None


class OwnProfile(Answer):
    """Her own profile, whole. It was checked when she wrote it: a rule that is stricter now doesn't make it unreadable."""

    name: lengths.Line
    headline: lengths.Line
    organisation: lengths.Line
    place: lengths.Line
    languages: list[lengths.Word] = Field(max_length=MOST_LANGUAGES)
    language: Language
    time_zone: lengths.Word
    visibility: Visibility


class Me(Answer):
    """What she sees of her own account. `version` is her profile's, 0 before the first."""

    id: UUID
    email: lengths.Address
    joined: bool
    profile: OwnProfile | None
    version: int = Field(default=0, le=lengths.MOST_VERSIONS)


class Introduced(Answer):
    """Where to write to her: for a woman to whom she was introduced, both having said yes, and for nobody else."""

    address: lengths.Address


class ForeignCaller(Problem, code="foreign_caller", status=403, sentence="This is for our own pages alone."):
    """Signing in, and what belongs to it, is asked for by the web alone, which shows its key."""


class WrongCode(Problem, code="wrong_code", status=422, sentence="That code isn't right. Please check the email again."):
    """Not the code of this challenge, or not the browser that asked for it."""


class CodeExpired(Problem, code="code_expired", status=410, sentence="This code doesn't work any more. Please ask for a new one."):
    """Used, too old, tried too often, or never there: all the same to whoever asks."""


class SignedOut(NotSignedIn, code="signed_out", sentence="You have been signed out. Please sign in again."):
    """No such session, or one that has ended."""


class TooManyProfileChanges(
    Problem,
    code="too_many_profile_changes",
    status=409,
    sentence="You have changed your profile as often as an hour allows. Nothing you wrote here is lost.",
):
    """20 changes within an hour."""


class ProfileNeeded(Problem, code="profile_needed", status=409, sentence="Please create your profile first."):
    """She has an account, and isn't a member before her profile is there."""


class ProfileChangedMeanwhile(
    Problem, code="profile_changed", status=409, sentence="Your profile was changed elsewhere in the meantime. Choose what should stay."
):
    """Her profile isn't the one that she saw when she began to write."""


SIGN_IN = OpenRoute(path="/v1/sign-in", body=SignInBody, answer=Challenge, status=202, problems=(ForeignCaller,))
ANSWER_WITH_CODE = OpenRoute(
    path="/v1/sign-in/{challenge_id}", body=CodeBody, answer=SignedIn, problems=(ForeignCaller, WrongCode, CodeExpired)
)
ISSUE_TOKEN = OpenRoute(
    path="/v1/sessions/tokens", body=TokenBody, answer=Token, problems=(ForeignCaller, SignedOut, ProfileNeeded), repeatable=True
)
END_SESSION: OpenRoute[Answer] = OpenRoute(
    path="/v1/sessions/end", body=SessionBody, status=204, problems=(ForeignCaller,), repeatable=True
)
ME = QueryRoute(path="/v1/me", answer=Me)
WRITE_PROFILE = CommandRoute(
    method="PUT", path="/v1/me/profile", body=ProfileBody, problems=(ProfileChangedMeanwhile, TooManyProfileChanges)
)
PROFILE = QueryRoute(path="/v1/profiles/{member_id}", answer=ProfileView, problems=(ProfileNeeded, NotFound))
INTRODUCED = QueryRoute(path="/v1/introduced/{member_id}", answer=Introduced, problems=(NotFound,))
