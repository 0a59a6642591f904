"""The sides' yes and no. Pure. `suspended` are those of the three who are."""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.requests.introductions.domain.ending import withdraw
from services.requests.introductions.domain.introduction import NOBODY, Changed, Introduction, check_open, check_takes_part
from services.requests.introductions.domain.vouching import vouched_event
from shared.contracts.events.requests import IntroductionConfirmed
from shared.contracts.http.requests.introduction_problems import Suspended, WordsChanged


def confirm(intro: Introduction, by: UUID, at: datetime, *, suspended: Set[UUID] = NOBODY, version: int | None = None) -> Changed:
    """A side says yes, after a no as well. While anyone of the three is suspended that is kept, and `reach` confirms it later.

    `version` is that of the words she read, if it is known: her yes to others is refused.
    """
    check_takes_part(intro, by, set(intro.side_ids))
    if intro.confirmed_at:
        return intro, []
    if by in suspended:
        raise Suspended
    check_open(intro, at)
    if intro.side(by).said == "confirmed":
        return intro, []  # saying yes twice is one yes
    if version not in (None, len(intro.corrected)):
        raise WordsChanged
    after = intro.changed(sides=intro.with_side(by, said="confirmed", said_at=at))
    if intro.asked_later and not after.first_no:
        after = replace(after, opened_at=at)
        return after, [vouched_event(after, at, to=after.side_ids[:1])]
    return _reached(after, at, suspended)


def reach(intro: Introduction, at: datetime, *, suspended: Set[UUID] = NOBODY) -> Changed:
    """Confirm what both said yes to while someone was suspended."""
    after, events = _reached(intro.changed(), at, suspended)
    return (after, events) if events else (intro, [])


def pass_(intro: Introduction, by: UUID, at: datetime) -> Changed:
    """A side says no, or takes her yes back.

    The asker's no is a withdrawal: asking was her yes, so a hidden no of hers would show as soon as the counterpart's
    yes confirmed nothing.
    """
    check_takes_part(intro, by, set(intro.side_ids))
    if by == intro.asker_id:
        return withdraw(intro, by, at)
    if intro.side(by).said == "passed":
        return intro, []
    check_open(intro, at)
    return intro.changed(sides=intro.with_side(by, said="passed", said_at=at)), []


def _reached(intro: Introduction, at: datetime, suspended: Set[UUID]) -> Changed:
    if not intro.both_said_yes or suspended or intro.first_no or intro.state(at) != "vouched":
        return intro, []
    after = replace(intro, confirmed_at=at)
    return after, [
        after.event(
            IntroductionConfirmed,
            at,
            words_for=after.words_for(),
            long_ago=after.long_ago,
            confirmed_at=at,
            writes_first=after.writes_first,
        )
    ]
