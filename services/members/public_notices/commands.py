"""Somebody gives a notice, and a moderator answers it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.moderation import commands as moderation
from services.members.moderation import store as cases
from services.members.moderation.domain import Case
from services.members.profiles import store as profiles
from services.members.public_notices import store
from services.members.public_notices.domain import PublicNotice, whom
from services.members.safety import store as safety
from services.members.safety.store import Report
from services.members.sessions import store as counts
from services.members.sessions.domain.hashes import keyed
from services.members.sessions.domain.limits import NOTICES_ALL, NOTICES_NETWORK, network_of
from shared import clock
from shared.clock import machine_now
from shared.contracts.events.base import NIL, Event
from shared.contracts.http.members.public_notices import PublicNoticeBody, TooManyNotices
from shared.ids import new_id
from shared.postgres.database import Tx
from shared.problems import NotFound


async def give(tx: Tx, key: str, body: PublicNoticeBody, address: Address | None) -> UUID:
    """It is a report from now on. By the same statements whomever it names. Raises TooManyNotices."""
    limits = {keyed(key, NOTICES_NETWORK.name, network_of(body.ip)): NOTICES_NETWORK, keyed(key, NOTICES_ALL.name): NOTICES_ALL}
    if not await counts.within(tx, limits, machine_now()):
        raise TooManyNotices
    about = next(iter(await accounts.hold(tx, [whom(body.concerns)])), None)
    notice = PublicNotice(new_id(), about, body.concerns, body.language, clock.now(), address.address if address else None)
    report = Report(notice.id, about, None, body.kind, "profile", None, body.what_happened, notice.given_at)
    await safety.add_report(tx, report)
    await store.add(tx, notice, address.key if address else None)
    return notice.id


async def lock(tx: Tx, me: UUID, notice_id: UUID) -> tuple[PublicNotice, Case | None]:
    """The notice, and the case about the member whom it names. Raises NotFound unless both are hers to know of."""
    notice = await store.find(tx, notice_id)
    if notice is None or not await _hers(tx, me, notice):
        raise NotFound
    return notice, await cases.of_report(tx, notice.id)


async def handled_by(tx: Tx, me: UUID, notices: list[PublicNotice]) -> list[PublicNotice]:
    """Those among the notices that are hers to know of."""
    return [notice for notice in notices if await _hers(tx, me, notice)]


async def _hers(tx: Tx, me: UUID, notice: PublicNotice) -> bool:
    case = await cases.of_report(tx, notice.id) or Case(notice.id, notice.about_id or NIL, notice.given_at)
    return bool(await moderation.handled_by(tx, me, [case]))


@dataclass(frozen=True)
class Reply:
    """With the reasons."""

    notice_id: UUID
    reply: str
    key: str = field(repr=False)

    async def load(self, tx: Tx, me: UUID) -> tuple[PublicNotice, list[str]]:
        """The notice, and the names that mustn't stand in the answer. Raises NotFound."""
        notice, _ = await lock(tx, me, self.notice_id)
        cards = await profiles.cards(tx, [notice.about_id] if notice.about_id else [])
        return notice, [card.name for card in cards.values()]

    def decide(self, loaded: tuple[PublicNotice, list[str]], me: UUID, at: datetime) -> tuple[tuple[PublicNotice, UUID], list[Event]]:
        notice, names = loaded
        after, events = notice.answer(self.reply, self.key, names, at)
        return (after, me), events

    async def save(self, tx: Tx, loaded: object, row: tuple[PublicNotice, UUID]) -> None:
        notice, by_id = row
        await store.answer(tx, notice)
        await cases.log(tx, notice.id, by_id, "notice_answered", notice.answered_at or notice.given_at)
