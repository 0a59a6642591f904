"""What a member does for her own safety: she blocks, takes it back, and tells moderators."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.photos import store as photos
from services.members.profiles import store as profiles
from services.members.safety import store
from services.members.safety.domain import DAY, Block, check_reports
from services.members.safety.store import Report
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.contracts.http.members.safety import ReportBody
from shared.ids import new_id
from shared.messaging.member_copy import lock_pair
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class _Pair:
    """Her block of another as it is, held.

    `known_as` is the other's name, as it was if she blocks her; None unless she is here for her or on her list. `about` is the other's id,
    None if there is no such member.
    """

    block: Block
    known_as: str | None
    about: UUID | None


async def _load(tx: Tx, me: UUID, member_id: UUID) -> _Pair:
    """Whatever she is to her, the same statements run. Raises ProfileNeeded."""
    await lock_pair(tx, me, member_id)
    here = await accounts.hold(tx, (me, member_id))
    joined = await profiles.joined(tx, me)
    seen = await profiles.seen_names(tx, me, [member_id])
    block = await store.find_block(tx, me, member_id) or Block(me, member_id)
    if not joined:
        raise ProfileNeeded
    if me == member_id:
        return _Pair(block, None, None)
    return _Pair(block, block.name if block.active else seen.get(member_id), member_id if member_id in here else None)


@dataclass(frozen=True)
class Reported:
    """A report, and the block that came with it, as it is now."""

    report: Report
    block: Block

    @property
    def id(self) -> UUID:
        """The report's."""
        return self.report.report_id


@dataclass(frozen=True)
class BlockHer:
    """From now on the two don't exist for each other."""

    member_id: UUID

    async def load(self, tx: Tx, me: UUID) -> _Pair:
        """Raises NotFound unless she is here for her, or on her list already."""
        pair = await _load(tx, me, self.member_id)
        if pair.known_as is None:
            raise NotFound
        return pair

    def decide(self, loaded: _Pair, me: UUID, at: datetime) -> tuple[Block, list[Event]]:
        return loaded.block.block(loaded.known_as or "", at)

    async def save(self, tx: Tx, loaded: _Pair, row: Block) -> None:
        if row != loaded.block:
            await store.save_block(tx, row)


@dataclass(frozen=True)
class UnblockHer:
    """She takes her block back, if there is one: of whom she never blocked it tells nothing."""

    member_id: UUID

    async def load(self, tx: Tx, me: UUID) -> Block:
        await lock_pair(tx, me, self.member_id)
        return await store.find_block(tx, me, self.member_id) or Block(me, self.member_id)

    def decide(self, loaded: Block, me: UUID, at: datetime) -> tuple[Block, list[Event]]:
        return loaded.unblock(at)

    async def save(self, tx: Tx, loaded: Block, row: Block) -> None:
        if row != loaded:
            await store.save_block(tx, row)


@dataclass(frozen=True)
class ReportHer:
    """She tells moderators about another, who never learns of it, and may block her at the same time.

    It is taken whoever it is about: an answer that told who is there would tell a woman whom another blocks, and whoever was blocked first
    could tell nobody. If there is no such member, it is kept that she reported, without a word.
    """

    member_id: UUID
    body: ReportBody

    async def load(self, tx: Tx, me: UUID) -> tuple[_Pair, list[datetime], str]:
        """With the tag of her photo, if the report is about that. Raises ProfileNeeded."""
        await accounts.lock(tx, me)  # one at a time, so that each is counted
        lately = await store.reported_since(tx, me, clock.now() - DAY)
        photo = await photos.tag(tx, self.member_id) if self.body.subject == "photo" else ""
        return await _load(tx, me, self.member_id), lately, photo

    def decide(self, loaded: tuple[_Pair, list[datetime], str], me: UUID, at: datetime) -> tuple[Reported, list[Event]]:
        """Raises TooManyReports."""
        pair, lately, photo = loaded
        check_reports(lately, at)
        body = self.body
        words, attached = (body.what_happened, [[one.what, one.text] for one in body.attached]) if pair.about else (None, [])
        if photo and pair.about:
            attached.append([store.PHOTO, photo])
        report = Report(new_id(), pair.about, me, body.kind, body.subject, body.subject_id, words, at, attached)
        block, events = pair.block.block(pair.known_as, at) if body.block and pair.known_as else (pair.block, [])
        return Reported(report, block), events

    async def save(self, tx: Tx, loaded: tuple[_Pair, list[datetime], str], row: Reported) -> None:
        await store.add_report(tx, row.report)
        if row.block != loaded[0].block:
            await store.save_block(tx, row.block)
