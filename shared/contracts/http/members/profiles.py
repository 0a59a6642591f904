"""Profiles, her own account, and the address of whom she was introduced to."""

import re
from datetime import datetime
from functools import cache
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from shared.contracts import lengths
from shared.contracts.events.members import Language, Visibility
from shared.contracts.http.base import Answer, Body, CommandRoute, QueryRoute
from shared.problems import NotFound, Problem
from shared.text import Words, field_error

MOST_LANGUAGES = 8
"""That a member names as those she speaks."""

Name = Annotated[str, Words(1, 80, one_line=True, name=True)]
ShortLine = Annotated[str, Words(0, 120, one_line=True)]
TwoLines = Annotated[str, Words(0, 200)]


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


class ProfileBody(Body):
    """A profile as she writes it. `languages` are those she speaks (ISO 639), `language` is the one she reads Madrina in.

    `pronunciation` is how her name is said. `visibility` says who reads more than her name, how it is said, and the headline; `findable`
    lets others find her by what they may read. The first one makes her a member: `adult` says that she is 18 or older, and `terms` is the
    version of the terms that she agrees to; `group`: she may be suggested by the group she was invited from. `version` is the one that she
    saw, 0 before the first: if it is another by now, nothing is written. Without it whatever is there is replaced. Without `visibility` or
    `findable` they stay as they are; at first they are `connections` and false.
    """

    name: Name
    pronunciation: ShortLine = ""
    headline: ShortLine = ""
    organisation: ShortLine = ""
    place: ShortLine = ""
    help_with: TwoLines = ""
    seeking: TwoLines = ""
    languages: Annotated[list[lengths.Word], Field(max_length=MOST_LANGUAGES), AfterValidator(_languages)] = Field(default_factory=list)
    language: Language
    time_zone: Annotated[lengths.Word, AfterValidator(_time_zone)]
    visibility: Visibility | None = None
    findable: bool | None = None
    discreet: bool | None = None
    group: bool = False
    adult: bool = False
    terms: Annotated[int, Field(ge=1, le=lengths.MOST_VERSIONS)] | None = None
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class ProfileView(Answer):
    """What another member reads. `photo` is the tag of her photo, empty if she shows none."""

    id: UUID
    name: lengths.Line
    pronunciation: lengths.Line = ""
    headline: lengths.Line
    organisation: lengths.Line = ""
    place: lengths.Line = ""
    help_with: lengths.Text = ""
    seeking: lengths.Text = ""
    languages: list[lengths.Word] = Field(default_factory=list, max_length=MOST_LANGUAGES)
    photo: lengths.Word = ""


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
    pronunciation: lengths.Line = ""
    help_with: lengths.Text = ""
    seeking: lengths.Text = ""
    findable: bool = False
    discreet: bool = False


class InvitedAs(Body):
    """What was known of her when those who run the community invited her; her profile begins with it, and nobody else reads it."""

    name: Annotated[str, Words(0, 80, one_line=True, name=True)] = ""
    headline: ShortLine = ""
    organisation: ShortLine = ""
    place: ShortLine = ""
    language: Language | None = None
    group: ShortLine = ""


class Me(Answer):
    """What she sees of her own account. `version` is her profile's, 0 before the first.

    `suspended`: all that is left to her are her notices, her appeal, her export and her leaving. `notice_id`: one she hasn't acknowledged.
    `terms_to_agree`: the version of the terms that she is asked to agree to before she goes on.
    `asks_to_join`: she was let in by nobody yet, and has asked or may ask.
    `ends_at`: her last days run until then, and all that is left to her is to keep her account, and her export.
    `passed_on`: the address that introductions pass on, if it isn't `email`.
    """

    id: UUID
    email: lengths.Address
    joined: bool
    profile: OwnProfile | None
    photo: lengths.Word = ""
    version: int = Field(default=0, le=lengths.MOST_VERSIONS)
    suspended: bool = False
    notice_id: UUID | None = None
    terms_to_agree: int | None = Field(default=None, le=lengths.MOST_VERSIONS)
    invited_as: InvitedAs | None = None
    ends_at: datetime | None = None
    asks_to_join: bool = False
    passed_on: lengths.Address | None = None


class Introduced(Answer):
    """Where to write to her: for a woman to whom she was introduced, both having said yes, and for nobody else."""

    address: lengths.Address


class ProfileNeeded(Problem, sentence="Please create your profile first."):
    """She has an account, and isn't a member before her profile is there."""


class NotLetIn(Problem, status=403, sentence="To join you need an invitation, or a yes from our moderators."):
    """Joining isn't open, and nobody let her in yet."""


class TermsNeeded(Problem, sentence="The terms have changed. Please read what is new first."):
    """She has yet to agree to the current terms."""


class TooManyProfileChanges(Problem, sentence="You have changed your profile as often as an hour allows. Nothing you wrote here is lost."):
    """20 changes within an hour."""


class ProfileChangedMeanwhile(
    Problem, code="profile_changed", sentence="Your profile was changed elsewhere in the meantime. Choose what should stay."
):
    """Her profile isn't the one that she saw when she began to write."""


ME = QueryRoute(path="/v1/me", answer=Me)
WRITE_PROFILE = CommandRoute(
    method="PUT", path="/v1/me/profile", body=ProfileBody, problems=(NotLetIn, ProfileChangedMeanwhile, TooManyProfileChanges)
)
PROFILE = QueryRoute(path="/v1/profiles/{member_id}", answer=ProfileView, problems=(ProfileNeeded, NotFound))
INTRODUCED = QueryRoute(path="/v1/introduced/{member_id}", answer=Introduced, problems=(NotFound,))
