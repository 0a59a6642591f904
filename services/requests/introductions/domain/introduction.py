"""An introduction, and how it looks to whom at a time. Pure.

    asked ──vouch──▶ vouched ──both confirm──▶ confirmed ──outcomes or 35 days──▶ settled
      └────────────────┴──▶ closed

Nobody can tell a no from silence. While a decline, a pass, a block or a departure stands, the introduction can't be
confirmed, and to the others it goes on as if nothing had been said, until the end that silence would have brought. Until
then whoever passed or declined may still say yes, for nobody was told. What the others may know follows from `state`, which
looks at no `first_no`. Shown ends follow from stored times, so nothing here depends on a timer having run.

Each verb is a function in a module of its own, which returns the introduction afterwards and its events; if nothing
changes, the same introduction and no events.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from services.requests.introductions.domain.parts import End, Side
from shared.contracts.events.base import Event
from shared.contracts.events.requests import IntroductionEvent, Origin
from shared.contracts.http.requests.introduction_problems import AlreadyClosed, AlreadyConfirmed, NotNow, NotYours
from shared.contracts.http.requests.introductions import InTouch, State, VouchersReason
from shared.contracts.kind_answers import KindAnswer
from shared.problems import NotFound
from shared.shown_ends import next_full_hour

AnEvent = TypeVar("AnEvent", bound=IntroductionEvent)

OPEN_DAYS = 14
"""So long is a vouched introduction open; for an ask the asker chooses."""
QUESTION_AFTER = timedelta(days=21)
SETTLES_AFTER = timedelta(days=35)
NOBODY: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """`sides` of an ask are the asker and the counterpart, in that order. `version` rises by 1 with every change."""

    id: UUID
    origin: Origin
    voucher_id: UUID
    sides: tuple[Side, Side]
    made_at: datetime
    """When it was asked for, or proposed."""
    asker_id: UUID | None = None
    version: int = 1
    open_days: int = OPEN_DAYS
    """For so many days the ask is open, as the asker chose."""
    why_her: str | None = None
    show_why_her: bool = False
    vouched_at: datetime | None = None
    confirmed_at: datetime | None = None
    declined_at: datetime | None = None
    kind_answer: KindAnswer | None = None
    """The sentence in which the voucher declined; the end shows at once."""
    reason: VouchersReason | None = None
    """Why she declined, or withdrew her vouch: for herself alone."""
    hidden_end: End | None = None
    """The first block or departure: nothing takes that back."""
    shown_end: End | None = None
    """The end that everyone sees: withdrawn at once, or announced when its time had come."""
    hidden_from: frozenset[UUID] = NOBODY
    """For these it doesn't exist: they blocked or left, or that came before they could see it."""
    in_touch_asked_at: datetime | None = None
    in_touch_reminded_at: datetime | None = None
    in_touch: InTouch | None = None
    """What the side who writes first said; hers alone."""
    reminded_at: datetime | None = None
    """When whoever hadn't answered was reminded: of the ask or, once vouched, of the introduction."""
    need_id: UUID | None = None
    """The ask by need that it answers; its first side is who asked, and the counterpart is asked first."""
    opened_at: datetime | None = None
    """When the counterpart said yes, and so it came to exist for who asked."""
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
    def asked_later(self) -> UUID | None:
        """Who asked by need, as long as the counterpart hasn't said yes."""
        return self.side_ids[0] if self.need_id and not self.opened_at else None

    @property
    def first_no(self) -> End | None:
        """The first no that stands and doesn't show; as long as there is one, it can't be confirmed."""
        declined = End("declined_by_voucher", self.declined_at) if self.declined_at else None
        passed = [End("passed", side.said_at) for side in self.sides if side.said == "passed" and side.said_at]
        return min((no for no in (self.hidden_end, declined, *passed) if no), key=lambda no: no.at, default=None)

    @property
    def both_said_yes(self) -> bool:
        return all(side.said == "confirmed" for side in self.sides)

    @property
    def writes_first(self) -> UUID:
        """Once both have said yes: the asker; in a proposal whoever said it last."""
        return self.asker_id or max(self.sides, key=lambda side: side.said_at or self.made_at).member_id

    @property
    def corrected(self) -> tuple[datetime, ...]:
        """When words were corrected, once for each side who had asked for it. How many tells which words somebody has read."""
        asked = (side.correction for side in self.sides)
        return tuple(sorted(one.corrected_at for one in asked if one and one.corrected_at))

    @property
    def went_well(self) -> bool:
        """Whether both found it worthwhile, the only outcome the voucher learns."""
        return all(side.outcome is not None and side.outcome.answer == "worthwhile" for side in self.sides)

    @property
    def expires_at(self) -> datetime:
        """When silence ends it: after the days of the ask or, once vouched, 14 days after the vouch, on a full hour."""
        began, days = (self.vouched_at, OPEN_DAYS) if self.vouched_at else (self.made_at, self.open_days)
        return next_full_hour(began + timedelta(days=days))

    def state(self, at: datetime) -> State:
        """As it looks to everyone who hasn't said no herself."""
        if self.confirmed_at:
            return "settled" if self.settled_at or at >= self.confirmed_at + SETTLES_AFTER else "confirmed"
        if self.shown_end or at >= self.expires_at:
            return "closed"
        return "vouched" if self.vouched_at else "asked"

    def state_for(self, member_id: UUID, at: datetime) -> State:
        """As it looks to `member_id`: what she said no to is over for her.

        To the voucher it settles early only if it went well: that both had answered would tell her the rest.
        """
        if self.refused_at(member_id):
            return "closed"
        if member_id == self.voucher_id and self.confirmed_at and not self.went_well:
            return "settled" if at >= self.confirmed_at + SETTLES_AFTER else "confirmed"
        return self.state(at)

    def refused_at(self, member_id: UUID) -> datetime | None:
        """When she passed or declined, if she did."""
        if member_id == self.voucher_id:
            return self.declined_at
        side = self.side(member_id)
        return side.said_at if side.said == "passed" else None

    def exists_for(self, member_id: UUID) -> bool:
        """False for other members, for the counterpart before the vouch, for whoever asked by need before the counterpart's yes, and
        after a block or a departure took it away.

        Once it is confirmed, whether the other two exist for her must be asked as well.
        """
        if member_id not in self.participants or member_id in self.hidden_from or member_id == self.asked_later:
            return False
        return self.vouched_at is not None or member_id != self.counterpart_id

    def side(self, member_id: UUID) -> Side:
        """Her side. Raises NotYours if she is neither."""
        for side in self.sides:
            if side.member_id == member_id:
                return side
        raise NotYours

    def other_side(self, member_id: UUID) -> Side:
        return self.sides[1] if self.sides[0].member_id == member_id else self.sides[0]

    def changed(self, **changes: Any) -> "Introduction":
        """The next version, with `changes`."""
        return replace(self, version=self.version + 1, **changes)

    def with_side(self, member_id: UUID, **changes: Any) -> tuple[Side, Side]:
        """Both sides, with `changes` in hers."""
        a, b = (replace(side, **changes) if side.member_id == member_id else side for side in self.sides)
        return a, b

    @property
    def long_ago(self) -> tuple[UUID, ...]:
        """Sides with whom the voucher hadn't spoken for more than two years when she wrote: that dates her words."""
        return tuple(side.member_id for side in self.sides if side.last_spoke == "longer")

    def certificate(self) -> dict[str, Any]:
        """The voucher's words as events carry them, with what dates them."""
        return {"words_for": self.words_for(), "long_ago": self.long_ago}

    def words_for(self) -> dict[UUID, str]:
        """The voucher's words, by side."""
        return {side.member_id: side.words or "" for side in self.sides}

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


Changed = tuple[Introduction, list[Event]]
"""An introduction after a verb, and what others hear of it."""


def check_takes_part(intro: Introduction, by: UUID, roles: Set[UUID | None]) -> None:
    """Raises NotFound if it doesn't exist for her, NotYours if this is for others (`roles`) to decide."""
    if not intro.exists_for(by):
        raise NotFound
    if by not in roles:
        raise NotYours


def check_confirmed(intro: Introduction, by: UUID, at: datetime) -> None:
    """What only a side may do, and only once both have said yes. Raises NotFound, NotYours, AlreadyClosed, NotNow."""
    check_takes_part(intro, by, set(intro.side_ids))
    if not intro.confirmed_at:
        raise AlreadyClosed if intro.state_for(by, at) == "closed" else NotNow


def check_open(intro: Introduction, at: datetime) -> None:
    """Raises AlreadyClosed or AlreadyConfirmed; a no that isn't shown yet neither shows here nor binds whoever said it."""
    state = intro.state(at)
    if state == "closed":
        raise AlreadyClosed
    if state not in ("asked", "vouched"):
        raise AlreadyConfirmed
