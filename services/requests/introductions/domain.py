"""An introduction from the ask to both sides' yes.

    asked --vouch--> vouched --both confirm--> confirmed --(outcomes.py)--> settled
      `----------------`--> closed

A decline, a pass, a block and a leaving end it quietly: it can't be confirmed any more, and to the others it goes on as
if nothing had been said, until the end that silence would have brought (`shape.py`).

Commands return the introduction afterwards and its events; where nothing changes, itself and none.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.requests.introductions.problems import AlreadyClosed, AlreadyConfirmed, NotNow, NotYours, Suspended, WordsForBoth
from services.requests.introductions.shape import End, Shape, Side
from services.requests.introductions.vouching import Grounds
from shared.contracts.events.base import Event
from shared.contracts.events.requests import (
    IntroductionAsked,
    IntroductionClosed,
    IntroductionConfirmed,
    IntroductionEnd,
    IntroductionVouched,
    VouchWithdrawn,
)
from shared.problems import NotFound

NOBODY: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction(Shape):
    """The commands on it. `suspended` are those of the three who are suspended."""

    @classmethod
    def ask(
        cls, id_: UUID, *, asker: UUID, voucher: UUID, counterpart: UUID, why_her: str, at: datetime, estranged: bool = False
    ) -> tuple[Self, list[Event]]:
        """The asker asks the voucher; asking is her own confirmation.

        `estranged`: voucher and counterpart don't exist for each other, which the asker must not learn: neither hears of it.
        """
        sides = (Side(asker, said="confirmed", said_at=at), Side(counterpart))
        made = cls(id=id_, origin="asked", voucher_id=voucher, sides=sides, asker_id=asker, why_her=why_her, made_at=at)
        if estranged:
            return replace(made, quiet=End("blocked", at), gone_for=frozenset({voucher, counterpart})), []
        return made, [made.event(IntroductionAsked, at, why_her=why_her, expires_at=made.expires_at)]

    @classmethod
    def propose(
        cls,
        id_: UUID,
        *,
        voucher: UUID,
        side_ids: tuple[UUID, UUID],
        words_for: Mapping[UUID, str],
        at: datetime,
        grounds: Grounds,
        estranged: bool = False,
    ) -> tuple[Self, list[Event]]:
        """The voucher's own idea: vouched from the start, with neither side's yes.

        `estranged`: the sides don't exist for each other, which the voucher must not learn: neither hears of it.
        """
        if set(words_for) != set(side_ids):
            raise WordsForBoth
        grounds.check()
        one, other = (Side(member_id, words=words_for[member_id]) for member_id in side_ids)
        made = cls(id=id_, origin="proposed", voucher_id=voucher, sides=(one, other), made_at=at, vouched_at=at)
        if estranged:
            made = replace(made, quiet=End("blocked", at), gone_for=frozenset(made.side_ids))
        return made, made._vouched(at)

    def vouch(
        self, by: UUID, words_for: Mapping[UUID, str], at: datetime, grounds: Grounds, *, show_why_her: bool, suspended: Set[UUID] = NOBODY
    ) -> tuple[Self, list[Event]]:
        """The voucher stands behind it, with her words for each side."""
        self._takes_part(by, by == self.voucher_id)
        if by in suspended:
            raise Suspended
        self._still_open(by, at)
        if self.vouched_at:
            raise NotNow
        if set(words_for) != set(self.side_ids):
            raise WordsForBoth
        grounds.check(lost=bool(self.gone_for))
        one, other = (replace(side, words=words_for[side.member_id]) for side in self.sides)
        after = self.changed(vouched_at=at, show_why_her=show_why_her, sides=(one, other))
        return after, after._vouched(at)

    def confirm(self, by: UUID, at: datetime, *, suspended: Set[UUID] = NOBODY) -> tuple[Self, list[Event]]:
        """A side says yes. While anyone of the three is suspended that is kept, and `reach` confirms it later."""
        self._takes_part(by, by in self.side_ids)
        if self.confirmed_at:
            return self, []
        if by in suspended:
            raise Suspended
        self._still_open(by, at)
        if self.side(by).said == "confirmed":
            return self, []  # saying yes twice is one yes
        return self.changed(sides=self.with_side(by, said="confirmed", said_at=at))._reach(at, suspended)

    def reach(self, at: datetime, *, suspended: Set[UUID] = NOBODY) -> tuple[Self, list[Event]]:
        """Confirm what both said yes to while someone was suspended."""
        after, events = self.changed()._reach(at, suspended)
        return (after, events) if events else (self, [])

    def pass_(self, by: UUID, at: datetime) -> tuple[Self, list[Event]]:
        """A side says no, or takes her yes back.

        The asker's no is a withdrawal: asking was her yes, so a quiet no of hers would show as soon as the counterpart's
        yes confirmed nothing.
        """
        self._takes_part(by, by in self.side_ids)
        if by == self.asker_id:
            return self.withdraw(by, at)
        if self.side(by).said == "passed":
            return self, []
        self._still_open(by, at)
        return self._quietly("passed", at, sides=self.with_side(by, said="passed", said_at=at)), []

    def decline(self, by: UUID, at: datetime) -> tuple[Self, list[Event]]:
        """The voucher would rather not."""
        self._takes_part(by, by == self.voucher_id)
        if self.declined_at:
            return self, []
        self._still_open(by, at)
        if self.vouched_at:
            raise NotNow
        return self._quietly("declined_by_voucher", at, declined_at=at), []

    def withdraw(self, by: UUID, at: datetime) -> tuple[Self, list[Event]]:
        """The asker takes her ask back, which shows at once."""
        self._takes_part(by, by == self.asker_id)
        if self.closed and self.closed.reason == "withdrawn":
            return self, []
        self._still_open(by, at)
        after = self.changed(closed=End("withdrawn", at), sides=self.with_side(by, said=None, said_at=None))
        return after, [after._closed(at)]

    def withdraw_vouch(self, by: UUID, at: datetime) -> tuple[Self, list[Event]]:
        """The voucher takes her vouch back, which shows at once."""
        self._takes_part(by, by == self.voucher_id)
        if self.closed and self.closed.reason == "vouch_withdrawn":
            return self, []
        self._still_open(by, at)
        if not self.vouched_at:
            raise NotNow
        after = self.changed(closed=End("vouch_withdrawn", at))
        return after, [after.event(VouchWithdrawn, at, shown_at=at, not_for=after._not_for()), after._closed(at)]

    def expire(self, at: datetime) -> tuple[Self, list[Event]]:
        """Announce the end that silence, or a no that looked like it, has brought."""
        if self.confirmed_at or self.closed or at < self.expires_at:
            return self, []
        after = self.changed(closed=End(self.quiet.reason if self.quiet else "expired", self.expires_at))
        return after, [after._closed(self.expires_at)]

    def block(self, by: UUID, other: UUID, at: datetime) -> Self:
        """One of the three blocked another. What is confirmed stays: there the rule of who exists for whom decides alone."""
        if self.confirmed_at or not {by, other} <= set(self.participants):
            return self
        if self.state(at) == "closed":
            return self._gone({by, other})
        before_she_saw_it = {other} if other == self.counterpart_id and not self.vouched_at else NOBODY
        return self._gone({by} | before_she_saw_it, "blocked", at)

    def leave(self, who: UUID, at: datetime) -> Self:
        """One of the three left for good."""
        if self.state(at) not in ("asked", "vouched") or who not in self.participants:
            return self
        before_she_saw_it = {self.side_ids[1]} if not self.vouched_at else NOBODY
        return self._gone({who} | before_she_saw_it, "member_left", at)

    # How it is done

    def _takes_part(self, by: UUID, rightly: bool) -> None:
        if not self.exists_for(by):
            raise NotFound
        if not rightly:
            raise NotYours

    def _still_open(self, by: UUID, at: datetime) -> None:
        state = self.state_for(by, at)
        if state == "closed":
            raise AlreadyClosed
        if state not in ("asked", "vouched"):
            raise AlreadyConfirmed

    def _reach(self, at: datetime, suspended: Set[UUID]) -> tuple[Self, list[Event]]:
        if not self.both_said_yes or suspended or self.quiet or self.state(at) != "vouched":
            return self, []
        after = replace(self, confirmed_at=at)
        return after, [after.event(IntroductionConfirmed, at, words_for=after._words(), confirmed_at=at)]

    def _quietly(self, reason: IntroductionEnd, at: datetime, **changes: Any) -> Self:
        return self.changed(quiet=self.quiet or End(reason, at), **changes)

    def _gone(self, whom: Set[UUID], reason: IntroductionEnd | None = None, at: datetime | None = None) -> Self:
        gone_for = self.gone_for | whom
        if reason and at:
            return self._quietly(reason, at, gone_for=gone_for)
        return self if gone_for == self.gone_for else self.changed(gone_for=gone_for)

    def _words(self) -> dict[UUID, str]:
        return {side.member_id: side.words or "" for side in self.sides}

    def _vouched(self, at: datetime) -> list[Event]:
        if self.gone_for >= set(self.side_ids):
            return []  # there is nobody to hear it
        why_her = self.why_her if self.show_why_her else None
        return [self.event(IntroductionVouched, at, words_for=self._words(), why_her=why_her, closes_at=self.expires_at)]

    def _closed(self, at: datetime) -> IntroductionClosed:
        assert self.closed  # noqa: S101  (every caller has just closed it)
        return self.event(IntroductionClosed, at, reason=self.closed.reason, shown_at=self.closed.at, not_for=self._not_for())

    def _not_for(self) -> tuple[UUID, ...]:
        """Whom nobody needs to tell of its end."""
        return tuple(one for one in self.participants if one in self.gone_for or self.refused_by(one))
