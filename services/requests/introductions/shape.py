"""What an introduction is made of, and what it looks like to whom at a time.

A no can't be told from silence: what the others may know follows from `state`, which doesn't look at `quiet`. Shown ends
are a function of stored times, so nothing here depends on a timer having run.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

from services.requests.introductions.problems import NotYours
from shared.contracts.events.requests import Answer, IntroductionEnd, IntroductionEvent, Origin

AnEvent = TypeVar("AnEvent", bound=IntroductionEvent)

OPEN_DAYS = 14
REST_DAYS = 90
QUESTION_AFTER = timedelta(days=21)
SETTLES_AFTER = timedelta(days=35)

State = Literal["asked", "vouched", "confirmed", "settled", "closed"]
Said = Literal["confirmed", "passed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a side said of the introduction. `words` are for moderators, of a misconduct alone."""

    answer: Answer
    at: datetime
    thank_you: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the voucher's words for her, what she said last, and how it went."""

    member_id: UUID
    words: str | None = None
    said: Said | None = None
    said_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class End:
    reason: IntroductionEnd
    at: datetime


def silence_ends(since: datetime) -> datetime:
    """14 days after `since`, at the next full hour: a batch a full hour tells nobody which of its ends was a no."""
    end = since + timedelta(days=OPEN_DAYS)
    hour = end.replace(minute=0, second=0, microsecond=0)
    return hour if hour == end else hour + timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`sides` of an ask are the asker and the counterpart, in that order. `version` rises by 1 with every change."""

    id: UUID
    origin: Origin
    voucher_id: UUID
    sides: tuple[Side, Side]
    made_at: datetime
    """When it was asked for, or proposed."""
    asker_id: UUID | None = None
    version: int = 1
    why_her: str | None = None
    show_why_her: bool = False
    vouched_at: datetime | None = None
    confirmed_at: datetime | None = None
    declined_at: datetime | None = None
    quiet: End | None = None
    """The first no that doesn't show: from here on it can't be confirmed."""
    closed: End | None = None
    """The end that shows: taken back at once, or announced when its time had come."""
    gone_for: frozenset[UUID] = frozenset()
    """For these it doesn't exist: they blocked or left, or that came before they could see it."""
    questioned_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def side_ids(self) -> tuple[UUID, UUID]:
        return self.sides[0].member_id, self.sides[1].member_id

    @property
    def participants(self) -> tuple[UUID, UUID, UUID]:
        return self.voucher_id, *self.side_ids

    @property
    def counterpart_id(self) -> UUID | None:
        return self.side_ids[1] if self.asker_id else None

    @property
    def both_said_yes(self) -> bool:
        return all(side.said == "confirmed" for side in self.sides)

    @property
    def went_well(self) -> bool:
        """Whether both found it worthwhile, the one thing the voucher learns."""
        return all(side.outcome is not None and side.outcome.answer == "worthwhile" for side in self.sides)

    @property
    def expires_at(self) -> datetime:
        """When silence ends it: 14 days after the ask or, once vouched, after the vouch."""
        return silence_ends(self.vouched_at or self.made_at)

    def state(self, at: datetime) -> State:
        """As it looks to everyone who hasn't said no herself."""
        if self.confirmed_at:
            return "settled" if self.settled_at or at >= self.confirmed_at + SETTLES_AFTER else "confirmed"
        if self.closed or at >= self.expires_at:
            return "closed"
        return "vouched" if self.vouched_at else "asked"

    def state_for(self, member_id: UUID, at: datetime) -> State:
        """As it looks to `member_id`: what she said no to is over for her.

        To the voucher it settles before its time only where it went well, for both having answered would tell her the rest.
        """
        if self.refused_by(member_id):
            return "closed"
        if member_id == self.voucher_id and self.confirmed_at and not self.went_well:
            return "settled" if at >= self.confirmed_at + SETTLES_AFTER else "confirmed"
        return self.state(at)

    def refused_by(self, member_id: UUID) -> datetime | None:
        """When she passed or declined, if she did."""
        if member_id == self.voucher_id:
            return self.declined_at
        side = self.side(member_id)
        return side.said_at if side.said == "passed" else None

    def exists_for(self, member_id: UUID) -> bool:
        """False for strangers, for the counterpart before the vouch, and where a block or a leaving took it away.

        Once it is confirmed, whether the other two exist for her is to be asked as well.
        """
        if member_id not in self.participants or member_id in self.gone_for:
            return False
        return self.vouched_at is not None or member_id != self.counterpart_id

    def may_ask_again(self, at: datetime) -> bool:
        """Whether its asker may ask for its counterpart again: not while it looks open, and not for 90 days after its end
        where the counterpart let it go by. A pass, a yes and silence rest alike, so that the rest tells nothing.
        """
        if self.state(at) in ("asked", "vouched"):
            return False
        let_go = self.vouched_at and not self.confirmed_at and (not self.closed or self.closed.at == self.expires_at)
        return not let_go or at >= self.expires_at + timedelta(days=REST_DAYS)

    def due_at(self) -> datetime | None:
        """When time alone changes it next: its end, the question how it went, the reveal; None where nothing is left."""
        if self.confirmed_at:
            if self.settled_at:
                return None
            return self.confirmed_at + (SETTLES_AFTER if self.questioned_at else QUESTION_AFTER)
        return None if self.closed else self.expires_at

    def side(self, member_id: UUID) -> Side:
        """Raises NotYours where she is none."""
        for side in self.sides:
            if side.member_id == member_id:
                return side
        raise NotYours

    def other_side(self, member_id: UUID) -> Side:
        return self.sides[1] if self.sides[0].member_id == member_id else self.sides[0]

    def changed(self, **changes: Any) -> Self:
        """The next version, with `changes`."""
        return replace(self, version=self.version + 1, **changes)

    def with_side(self, member_id: UUID, **changes: Any) -> tuple[Side, Side]:
        """Both sides, with `changes` in hers."""
        one, other = (replace(side, **changes) if side.member_id == member_id else side for side in self.sides)
        return one, other

    def event(self, kind: type[AnEvent], at: datetime, **adds: Any) -> AnEvent:
        """An event of this version."""
        return kind(
            aggregate_id=self.id,
            aggregate_version=self.version,
            occurred_at=at,
            origin=self.origin,
            voucher_id=self.voucher_id,
            side_ids=self.side_ids,
            asker_id=self.asker_id,
            **adds,
        )
