"""What a member agrees to, and what a steward settles: each change is written down with what was before."""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.community import store
from services.members.community.domain import Community, who_may_join
from shared.contracts.events.base import Event
from shared.contracts.http.members.community import (
    FIRST_VERSION,
    AgreeBody,
    AnnounceBody,
    AnnouncementView,
    ChangedMeanwhile,
    CommunityBody,
    Join,
    MoreThanAllowed,
    NewerTerms,
    PublishBody,
)
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Agree:
    """She agrees to a text in the version that she had before her."""

    body: AgreeBody

    async def load(self, tx: Tx, me: UUID) -> int:
        return await store.version(tx, self.body.text)

    def decide(self, loaded: int, me: UUID, at: datetime) -> tuple[tuple[UUID, datetime], list[Event]]:
        if self.body.version != loaded:
            raise NewerTerms
        return (me, at), []

    async def save(self, tx: Tx, loaded: int, row: tuple[UUID, datetime]) -> None:
        await store.agree(tx, row[0], self.body.text, loaded, row[1])


@dataclass(frozen=True)
class Done:
    """The community as a steward left it."""

    community: Community
    by: UUID
    at: datetime


@dataclass(frozen=True)
class _OfCommunity:
    """What the two commands on the one row have in common."""

    async def load(self, tx: Tx, me: UUID) -> Community:
        await store.lock(tx)
        return await store.read(tx)


@dataclass(frozen=True)
class Settle(_OfCommunity):
    """What it is called, and who may join."""

    body: CommunityBody
    most: Join

    def decide(self, loaded: Community, me: UUID, at: datetime) -> tuple[Done, list[Event]]:
        """Raises ChangedMeanwhile, MoreThanAllowed."""
        _seen(self.body.version, loaded.version)
        if who_may_join(self.body.who_may_join, self.most) != self.body.who_may_join:
            raise MoreThanAllowed
        body = self.body
        after, events = loaded.change(at, name=body.community_name, sender=body.sender_name, who_may_join=body.who_may_join)
        return Done(after, me, at), events

    async def save(self, tx: Tx, loaded: Community, row: Done) -> None:
        for what in ("name", "sender", "who_may_join"):
            before, after = getattr(loaded, what) or "", getattr(row.community, what)
            if before != after:
                await store.log(tx, row.by, what, row.at, before=before, after=after)
        await store.save(tx, row.community, row.at)


@dataclass(frozen=True)
class Announce(_OfCommunity):
    """What members read on Today; nothing, if both languages are empty."""

    body: AnnounceBody

    def decide(self, loaded: Community, me: UUID, at: datetime) -> tuple[Done, list[Event]]:
        """Raises ChangedMeanwhile."""
        body = self.body
        _seen(body.version, loaded.version)
        words = {"en": body.said_en, "es": body.said_es}
        new = {"number": loaded.version + 1, "words": words, "first_day": body.first_day, "last_day": body.last_day}
        after, events = loaded.change(at, announcement=AnnouncementView.model_validate(new) if body.said_en else None)
        return Done(after, me, at), events

    async def save(self, tx: Tx, loaded: Community, row: Done) -> None:
        before, after = (_told(one.announcement) for one in (loaded, row.community))
        await store.log(tx, row.by, "announcement", row.at, before=before, after=after)
        await store.save(tx, row.community, row.at)


@dataclass(frozen=True)
class ShowLogo(_OfCommunity):
    """Its logo as it is kept, in base64; none, if empty."""

    picture: str

    def decide(self, loaded: Community, me: UUID, at: datetime) -> tuple[Done, list[Event]]:
        after, events = loaded.change(at, logo=b64decode(self.picture) or None)
        return Done(after, me, at), events

    async def save(self, tx: Tx, loaded: Community, row: Done) -> None:
        await store.log(tx, row.by, "logo", row.at, before=loaded.tag, after=row.community.tag)
        await store.save(tx, row.community, row.at)


@dataclass(frozen=True)
class Publish:
    """A text in its next version: of the terms, every member is asked to agree to it."""

    body: PublishBody

    async def load(self, tx: Tx, me: UUID) -> int:
        await store.lock(tx)
        return await store.version(tx, self.body.text)

    def decide(self, loaded: int, me: UUID, at: datetime) -> tuple[tuple[UUID, datetime], list[Event]]:
        """Raises ChangedMeanwhile."""
        _seen(self.body.version, loaded)
        return (me, at), []

    async def save(self, tx: Tx, loaded: int, row: tuple[UUID, datetime]) -> None:
        me, at = row
        body, version = self.body, max(loaded, FIRST_VERSION) + 1
        await store.add_text(tx, body.text, version, at, language="en", words=body.whole_en, changes=body.new_en)
        await store.add_text(tx, body.text, version, at, language="es", words=body.whole_es, changes=body.new_es)
        await store.log(tx, me, body.text, at, before=str(loaded), after=str(version))


def _seen(seen: int, now: int) -> None:
    if seen != now:
        raise ChangedMeanwhile


def _told(said: AnnouncementView | None) -> str:
    return f"{said.first_day} – {said.last_day}: {' / '.join(said.words.values())}" if said else ""
