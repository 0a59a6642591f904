"""A side asks the voucher, once and privately, to correct what is said of her; the voucher corrects her words or leaves them. Pure.

Whoever had confirmed is asked again: her yes was to other words. Everyone sees that they were corrected, and nobody sees who asked.
"""

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.requests.introductions.domain.introduction import NOBODY, Changed, Introduction, check_open, check_takes_part
from services.requests.introductions.domain.parts import Correction, Side
from shared.contracts.events.requests import CorrectionAsked, WordsCorrected
from shared.contracts.http.requests.introduction_problems import AskedToCorrect, NotNow, Suspended, WordsForBoth


def ask_correction(intro: Introduction, by: UUID, text: str, at: datetime, *, suspended: Set[UUID] = NOBODY) -> Changed:
    """A side tells the voucher what isn't right about her, while it is open and she hasn't passed."""
    check_takes_part(intro, by, set(intro.side_ids))
    if by in suspended:
        raise Suspended
    check_open(intro, at)
    side = intro.side(by)
    if side.correction:
        if side.correction.text != text:
            raise AskedToCorrect
        return intro, []
    if not intro.vouched_at or side.said == "passed":
        raise NotNow
    after = intro.changed(sides=intro.with_side(by, correction=Correction(text, at)))
    return after, [after.event(CorrectionAsked, at, by_id=by, words=text, closes_at=after.expires_at)]


def correct(intro: Introduction, by: UUID, words_for: Mapping[UUID, str], at: datetime, *, suspended: Set[UUID] = NOBODY) -> Changed:
    """The voucher writes other words for both, once after she was asked to."""
    check_takes_part(intro, by, {intro.voucher_id})
    if by in suspended:
        raise Suspended
    check_open(intro, at)
    if set(words_for) != set(intro.side_ids):
        raise WordsForBoth
    if words_for == intro.words_for():
        return intro, []
    if not may_correct(intro):
        raise NotNow
    again = tuple(side.member_id for side in intro.sides if side.said == "confirmed" and side.member_id not in intro.hidden_from)
    a, b = (_with_words(side, words_for[side.member_id], at) for side in intro.sides)
    after = intro.changed(sides=(a, b))
    return after, [after.event(WordsCorrected, at, ask_again=again, closes_at=after.expires_at, **after.certificate())]


def may_correct(intro: Introduction) -> bool:
    """Whether a side waits for other words."""
    return any(map(_waits, intro.sides))


def _waits(side: Side) -> bool:
    return side.correction is not None and side.correction.corrected_at is None


def _with_words(side: Side, words: str, at: datetime) -> Side:
    answered = replace(side.correction, corrected_at=at) if side.correction and _waits(side) else side.correction
    after = replace(side, words=words, correction=answered)
    return replace(after, said=None, said_at=None) if side.said == "confirmed" else after
