"""What a member says of herself, and who may read which part of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.contracts.events.base import Event
from shared.contracts.events.members import AddressSet, Language, MemberJoined, ProfileChanged, Visibility
from shared.text import Line


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _time_zone(name: str) -> str:
    if name not in _zones():
        raise PydanticCustomError("not_a_time_zone", "Please choose a time zone from the list.")
    return name


def _languages(codes: list[str]) -> list[str]:
    if not all(re.fullmatch(r"[a-z]{2,3}", code) for code in codes):
        raise PydanticCustomError("not_a_language", "Please choose languages from the list.")
    return list(dict.fromkeys(codes))


class Profile(BaseModel):
    """A profile as she writes it. `languages` are those she speaks (ISO 639), `language` is the one she reads Madrina in."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Line(1, 80)]
    headline: Annotated[str, Line(0, 120)] = ""
    organisation: Annotated[str, Line(0, 120)] = ""
    place: Annotated[str, Line(0, 120)] = ""
    languages: Annotated[list[str], Field(max_length=8), AfterValidator(_languages)] = []
    language: Language
    time_zone: Annotated[str, AfterValidator(_time_zone)]
    visibility: Visibility = "members"


class PublicProfile(BaseModel):
    """What another member reads."""

    id: UUID
    name: str
    headline: str
    organisation: str = ""
    place: str = ""
    languages: list[str] = []
    time_zone: str | None = None


@dataclass(frozen=True)
class Member:
    """An account that may have a profile: it has joined once it has one."""

    id: UUID
    address: str
    address_version: int
    profile: Profile | None = None
    version: int = 0

    def write(self, profile: Profile, at: datetime) -> tuple["Member", list[Event]]:
        """The member with this profile, and what others hear of it: the first joins, the same again says nothing."""
        if profile == self.profile:
            return self, []
        after = Member(self.id, self.address, self.address_version, profile, self.version + 1)
        if self.profile is not None:
            return after, [after._tell(ProfileChanged, at)]
        address = AddressSet(aggregate_id=self.id, aggregate_version=self.address_version, occurred_at=at, address=self.address)
        return after, [address, after._tell(MemberJoined, at)]

    def _tell(self, kind: type[MemberJoined] | type[ProfileChanged], at: datetime) -> Event:
        assert self.profile is not None  # noqa: S101  (`write` has just set it)
        shown = self.profile.model_dump(include={"name", "headline", "language", "time_zone", "visibility"})
        return kind(aggregate_id=self.id, aggregate_version=self.version, occurred_at=at, **shown)


def shown_to(reader: UUID, member_id: UUID, profile: Profile) -> PublicProfile:
    """What `reader` may read of a member's profile.

    `connections` keeps all but her name and headline to herself: this service doesn't know who her connections are.
    """
    kept = {"name", "headline"}
    if reader == member_id or profile.visibility == "members":
        kept |= {"organisation", "place", "languages", "time_zone"}
    return PublicProfile(id=member_id, **profile.model_dump(include=kept))
