"""What a member can do about whom it may reach."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.requests import visibility
from services.requests.reach import domain, store
from services.requests.reach.domain import Reach
from services.requests.reach.store import Exclusion
from shared.contracts.events.base import Event
from shared.contracts.http.requests.reach import MOST_EXCLUSIONS, Bar, HowLong, ReachChangedMeanwhile, TooManyExclusions
from shared.ids import new_id
from shared.postgres.database import Tx
from shared.problems import Field, Invalid, NotFound
from shared.text import name_key


@dataclass(frozen=True)
class _OnMine:
    """A command on what I allow."""

    async def load(self, tx: Tx, me: UUID) -> tuple[UUID, Reach]:
        return me, await store.lock(tx, me)

    async def save(self, tx: Tx, loaded: tuple[UUID, Reach], reach: Reach) -> None:
        await store.save(tx, loaded[0], reach)


@dataclass(frozen=True)
class SetReach(_OnMine):
    """Allow this from now on; my pause stays. Raises ReachChangedMeanwhile."""

    bar: Bar
    question: str | None
    suggestible: bool
    open_to_asks: bool
    reachable: bool
    introductions_in_30_days: int
    asks_in_30_days: int
    seen: int | None

    def decide(self, loaded: tuple[UUID, Reach], me: UUID, at: datetime) -> tuple[Reach, list[Event]]:
        _, before = loaded
        wanted: dict[str, Any] = {name: value for name, value in asdict(self).items() if name != "seen"}
        after = replace(before, **wanted)
        if after != before and self.seen not in {before.version, None}:
            raise ReachChangedMeanwhile
        return replace(after, version=before.version + 1), []


@dataclass(frozen=True)
class Pause(_OnMine):
    """Let nothing more reach me for a while. Raises Invalid."""

    how_long: HowLong
    until: date | None
    starting: date | None

    def decide(self, loaded: tuple[UUID, Reach], me: UUID, at: datetime) -> tuple[Reach, list[Event]]:
        return domain.pause(loaded[1], self.how_long, at, until=self.until, starting=self.starting), []


@dataclass(frozen=True)
class EndPause(_OnMine):
    """Let me be reached again at once."""

    def decide(self, loaded: tuple[UUID, Reach], me: UUID, at: datetime) -> tuple[Reach, list[Event]]:
        return domain.end_pause(loaded[1], at), []


@dataclass(frozen=True)
class Exclude:
    """Never be introduced to that member, or to whoever works there. Who excludes the same again changes nothing.

    Raises NotFound if she doesn't exist for me, Invalid, TooManyExclusions.
    """

    excluded_id: UUID | None
    organisation: str

    async def load(self, tx: Tx, me: UUID) -> list[Exclusion]:
        """What I exclude already, as far as I can see it: an exclusion that a block hides must not show by the list being full."""
        if self.excluded_id and (self.excluded_id == me or self.excluded_id not in await visibility.seen(tx, me, [self.excluded_id])):
            raise NotFound
        await store.lock(tx, me)
        return await store.exclusions(tx, me)

    def decide(self, there: list[Exclusion], me: UUID, at: datetime) -> tuple[Exclusion, list[Event]]:
        organisation = "" if self.excluded_id else self.organisation
        key = name_key(organisation)
        if not (self.excluded_id or key):
            raise Invalid(fields=[Field("organisation", "no_letter" if organisation else "empty")])
        same = next((one for one in there if (one.excluded_id, one.organisation_key) == (self.excluded_id, key)), None)
        if same is None and len(there) >= MOST_EXCLUSIONS:
            raise TooManyExclusions
        return same or Exclusion(new_id(), me, self.excluded_id, organisation, key, at), []

    async def save(self, tx: Tx, there: object, exclusion: Exclusion) -> None:
        await store.insert(tx, exclusion)


@dataclass(frozen=True)
class Include:
    """Take one off my list. Raises NotFound if it isn't on it."""

    exclusion_id: UUID

    async def load(self, tx: Tx, me: UUID) -> list[Exclusion]:
        """What of my list I can see."""
        await store.lock(tx, me)
        return await store.exclusions(tx, me)

    def decide(self, there: list[Exclusion], me: UUID, at: datetime) -> tuple[Exclusion, list[Event]]:
        found = next((one for one in there if one.id == self.exclusion_id), None)
        if found is None:
            raise NotFound
        return found, []

    async def save(self, tx: Tx, there: object, exclusion: Exclusion) -> None:
        await store.remove(tx, exclusion.member_id, exclusion.id)
