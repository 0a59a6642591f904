"""What moderators do in a case, and what the member it is about can do. Each is a line of the log."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.introduced import store as introduced
from services.members.moderation import domain, effects, store
from services.members.moderation.domain import Case
from services.members.profiles import store as profiles
from services.members.safety import store as safety
from services.members.sessions.domain.hashes import keyed
from shared.contracts.events.base import Event
from shared.contracts.http.members.moderation import Action, DecisionBody
from shared.ids import new_id
from shared.postgres.database import Tx
from shared.problems import Field, Invalid, NotFound


def barred_mac(code_key: str, address_key: str) -> bytes:
    """By which an address that can't join again is known."""
    return keyed(code_key, "barred", address_key)


async def handled_by(tx: Tx, me: UUID, cases: Iterable[Case]) -> list[Case]:
    """Those among the cases that are hers to know of."""
    roles, kept = await accounts.in_charge(tx), []
    for case in cases:
        tied = await safety.block_of_any(tx, list(case.parties)) | await introduced.with_any(tx, list(case.parties))
        if domain.may_handle(case, me, roles, tied):
            kept.append(case)
    return kept


async def lock(tx: Tx, me: UUID, case_id: UUID) -> Case:
    """The case, locked. Raises NotFound unless it is hers to know of."""
    case = await store.lock(tx, case_id)
    if case is None or not await handled_by(tx, me, [case]):
        raise NotFound
    return case


@dataclass(frozen=True)
class Done:
    """A case after what was done in it, when, and by which moderator; None is the member herself."""

    case: Case
    action: Action
    by_id: UUID | None
    at: datetime


Decided = tuple[Done, list[Event]]


class _Saves:
    async def save(self, tx: Tx, loaded: object, row: Done) -> None:
        await effects.keep(tx, row.case, row.at)
        await store.log(tx, row.case.id, row.by_id, row.action, row.at)


@dataclass(frozen=True)
class Take(_Saves):
    """She works on it."""

    case_id: UUID

    async def load(self, tx: Tx, me: UUID) -> Case:
        """Raises NotFound."""
        return await lock(tx, me, self.case_id)

    def decide(self, loaded: Case, me: UUID, at: datetime) -> Decided:
        return Done(domain.take(loaded, me), "took", me, at), []


@dataclass(frozen=True)
class HandOver(_Saves):
    """To another who may, or to whoever takes it."""

    case_id: UUID
    to: UUID | None

    async def load(self, tx: Tx, me: UUID) -> Case:
        """Raises NotFound; Invalid if the case isn't hers to know of to whom it goes."""
        case = await lock(tx, me, self.case_id)
        if self.to and not await handled_by(tx, self.to, [case]):
            raise Invalid(fields=[Field("to", "wrong")])
        return case

    def decide(self, loaded: Case, me: UUID, at: datetime) -> Decided:
        return Done(domain.hand_over(loaded, me, self.to), "handed_over", me, at), []


@dataclass(frozen=True)
class AddNote:
    """For moderators alone."""

    case_id: UUID
    note: str

    async def load(self, tx: Tx, me: UUID) -> Case:
        """Raises NotFound."""
        return await lock(tx, me, self.case_id)

    def decide(self, loaded: Case, me: UUID, at: datetime) -> Decided:
        return Done(loaded, "noted", me, at), []

    async def save(self, tx: Tx, loaded: Case, row: Done) -> None:
        assert row.by_id  # noqa: S101  (for the types: a note is a moderator's)
        await store.add_note(tx, row.case.id, row.by_id, self.note, row.at)
        await store.log(tx, row.case.id, row.by_id, row.action, row.at)


@dataclass(frozen=True)
class Decide(_Saves):
    """With its reasons."""

    case_id: UUID
    body: DecisionBody
    code_key: str = field(repr=False)
    """By which an address that can't join again is hashed."""

    async def load(self, tx: Tx, me: UUID) -> tuple[Case, UUID, list[str], str]:
        """The case, an id for the decision, the names that mustn't stand in it, and hers. Raises NotFound."""
        case = await lock(tx, me, self.case_id)
        cards = await profiles.cards(tx, case.parties)
        hers = cards.pop(case.about_id, None)
        return case, new_id(), [card.name for card in cards.values()], hers.name if hers else ""

    def decide(self, loaded: tuple[Case, UUID, list[str], str], me: UUID, at: datetime) -> Decided:
        case, decision_id, names, her_name = loaded
        after, events = domain.decide(case, me, decision_id, self.body, at, names=names, her_name=her_name)
        return Done(after, "decided", me, at), events

    async def save(self, tx: Tx, loaded: object, row: Done) -> None:
        await super().save(tx, loaded, row)
        await store.count(tx, "decisions", self.body.kind, row.at)
        if self.body.kind != "remove":
            await store.unbar(tx, row.case.about_id)
        else:
            for key in await accounts.address_keys_of(tx, row.case.about_id):
                await store.bar(tx, row.case.about_id, barred_mac(self.code_key, key), row.at)
        if row.case.appealed_at:
            await store.count(tx, "appeals", "dismissed" if self.body.kind != "dismiss" else "granted", row.at)


@dataclass(frozen=True)
class Acknowledge(_Saves):
    """She has read a decision about herself."""

    notice_id: UUID

    async def load(self, tx: Tx, me: UUID) -> Case:
        """Raises NotFound unless it is hers."""
        if case := await store.lock_of_notice(tx, me, self.notice_id):
            return case
        raise NotFound

    def decide(self, loaded: Case, me: UUID, at: datetime) -> Decided:
        return Done(domain.acknowledge(loaded, self.notice_id, at), "acknowledged", None, at), []


@dataclass(frozen=True)
class Appeal(Acknowledge):
    """She says once what speaks against it."""

    appeal: str

    def decide(self, loaded: Case, me: UUID, at: datetime) -> Decided:
        return Done(domain.appeal(loaded, self.notice_id, self.appeal, at), "appealed", None, at), []
