"""How an introduction ends before it is confirmed: declined, withdrawn, expired, blocked, left. Pure."""

from collections.abc import Set
from datetime import datetime
from uuid import UUID

from services.requests.introductions.domain.introduction import NOBODY, Changed, Introduction, check_open, check_takes_part
from services.requests.introductions.domain.parts import End
from shared.contracts.events.requests import IntroductionClosed
from shared.contracts.http.requests.introduction_problems import NotNow, Suspended
from shared.contracts.http.requests.introductions import VouchersReason
from shared.contracts.kind_answers import KindAnswer


def decline(intro: Introduction, by: UUID, at: datetime, *, reason: VouchersReason | None = None) -> Changed:
    """The voucher would rather not, which doesn't show; until its end does, she may vouch all the same. Why is hers alone to see."""
    check_takes_part(intro, by, {intro.voucher_id})
    if intro.declined_at and reason in (None, intro.reason):
        return intro, []
    check_open(intro, at)
    if intro.vouched_at:
        raise NotNow
    return intro.changed(declined_at=intro.declined_at or at, reason=reason), []


def decline_kindly(intro: Introduction, by: UUID, kind_answer: KindAnswer, at: datetime, *, suspended: Set[UUID] = NOBODY) -> Changed:
    """The voucher's no in a sentence that the asker reads at once, after a quiet no as well; it can't be taken back."""
    check_takes_part(intro, by, {intro.voucher_id})
    if intro.kind_answer == kind_answer:
        return intro, []
    if by in suspended:
        raise Suspended
    check_open(intro, at)
    if intro.vouched_at:
        raise NotNow
    end = End("declined_by_voucher", at)
    after = intro.changed(declined_at=intro.declined_at or at, kind_answer=kind_answer, shown_end=end)
    return after, [closed_event(after, at)]


def withdraw(intro: Introduction, by: UUID, at: datetime) -> Changed:
    """The asker withdraws her ask, which shows at once."""
    check_takes_part(intro, by, {intro.asker_id})
    if intro.shown_end and intro.shown_end.reason == "withdrawn":
        return intro, []
    check_open(intro, at)
    after = intro.changed(shown_end=End("withdrawn", at), sides=intro.with_side(by, said=None, said_at=None))
    return after, [closed_event(after, at)]


def expire(intro: Introduction, at: datetime) -> Changed:
    """Announce the end that silence, or a no that looked like it, has brought."""
    if intro.confirmed_at or intro.shown_end or at < intro.expires_at:
        return intro, []
    after = intro.changed(shown_end=End(intro.first_no.reason if intro.first_no else "expired", intro.expires_at))
    return after, [closed_event(after, intro.expires_at)]


def block(intro: Introduction, by: UUID, other: UUID, at: datetime) -> Introduction:
    """One of the three blocked another. What is confirmed stays: there the rule of who exists for whom decides alone."""
    if intro.confirmed_at or not {by, other} <= set(intro.participants):
        return intro
    if intro.state(at) == "closed":
        return intro if {by, other} <= intro.hidden_from else intro.changed(hidden_from=intro.hidden_from | {by, other})
    before_she_saw_it = {other} if other == intro.counterpart_id and not intro.vouched_at else NOBODY
    return _cut(intro, End("blocked", at), {by} | before_she_saw_it)


def leave(intro: Introduction, member_id: UUID, at: datetime) -> Introduction:
    """One of the three left for good."""
    if intro.state(at) not in ("asked", "vouched") or member_id not in intro.participants:
        return intro
    before_she_saw_it = {intro.side_ids[1]} if not intro.vouched_at else NOBODY
    return _cut(intro, End("member_left", at), {member_id} | before_she_saw_it)


def _cut(intro: Introduction, end: End, gone_for: Set[UUID]) -> Introduction:
    return intro.changed(hidden_end=intro.hidden_end or end, hidden_from=intro.hidden_from | gone_for)


def closed_event(intro: Introduction, at: datetime) -> IntroductionClosed:
    """The event of its shown end."""
    assert intro.shown_end  # noqa: S101  (every caller has just set it)
    end = intro.shown_end
    return intro.event(IntroductionClosed, at, reason=end.reason, shown_at=end.at, not_for=not_for(intro), kind_answer=intro.kind_answer)


def not_for(intro: Introduction) -> tuple[UUID, ...]:
    """Whom nobody needs to tell of its end."""
    return tuple(
        member_id
        for member_id in intro.participants
        if member_id in intro.hidden_from or member_id == intro.asked_later or intro.refused_at(member_id)
    )
