"""A contest of a line: who may make it, what is behind the line, who may decide, and what follows. Pure.

She contests a line, not a word: she never learns which words are behind it. What is excluded shows in the next snapshot alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.reputation.ledger.domain import Exclusion, Rating
from services.reputation.trust.evidence import EvidenceKind
from shared.contracts.http.contests import (
    LEAST_REASON,
    AlreadyContested,
    ContestDecided,
    ContestDecisionBody,
    ContestedLine,
    NoSuchLine,
    TooManyContests,
    Value,
)
from shared.problems import Field, Invalid
from shared.text import names_somebody

MOST, WITHIN = 5, timedelta(days=30)
STEPS_IN = timedelta(days=14)
"""From when stewards may decide, too: perhaps no moderator can."""

Words = Mapping[int, Rating]
"""Ratings by their place in the ledger."""
_BEHIND: Mapping[ContestedLine, tuple[EvidenceKind, Value]] = {
    "good": ("voucher", "good"),
    "mutual": ("voucher", "good"),
    "bad": ("voucher", "bad"),
    "newcomer": ("vouch", "good"),
}


@dataclass(frozen=True)
class Contest:
    """What a member says against a line. `answer` is what she is told, `decided_at` when; both None while it is open."""

    id: UUID
    member_id: UUID
    line: ContestedLine
    objection: str
    contested_at: datetime
    answer: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Behind:
    """What is behind a contest's line, and whom it concerns. `names`: of all of them but her."""

    words: Words
    parties: frozenset[UUID]
    names: Collection[str] = ()
    her_name: str = ""


@dataclass(frozen=True)
class Moderator:
    """Who would decide: her roles, and whom she knows: with whom she was in an introduction, or across a block."""

    id: UUID
    roles: Collection[str]
    knows: Set[UUID]


def contest(made: Contest, lines: Iterable[str], earlier: Sequence[Contest]) -> Contest:
    """Make it, if her page has such `lines`. `earlier`: hers. Raises NoSuchLine, AlreadyContested, TooManyContests."""
    if made.line not in lines:
        raise NoSuchLine
    if any(one.line == made.line and one.decided_at is None for one in earlier):
        raise AlreadyContested
    lately = sorted(one.contested_at for one in earlier if one.contested_at + WITHIN > made.contested_at)
    if len(lately) >= MOST:
        raise TooManyContests(again_at=lately[-MOST] + WITHIN)
    return made


def behind(line: ContestedLine, member_id: UUID, heard: Words, returned: Sequence[Set[UUID]]) -> Words:
    """The words of that line. `returned`: whom she praised, as of the snapshot and now: their praise is mutual if it was or is."""
    if line == "upheld":
        return _upheld(member_id, heard)
    always, ever = frozenset.intersection(*map(frozenset, returned)), frozenset.union(*map(frozenset, returned))

    def belongs(rating: Rating) -> bool:
        if line == "mutual":
            return rating.rater_id in ever
        return line != "good" or rating.rater_id not in always

    kind = _BEHIND[line]
    return {place: one for place, one in heard.items() if one.member_id == member_id and (one.role, one.value) == kind and belongs(one)}


def _upheld(member_id: UUID, heard: Words) -> Words:
    """Reports about her, and those for which she answers: about women for whom she had vouched, and that she had."""
    reported = {one.member_id for one in heard.values() if one.role == "report"}
    return {
        place: one
        for place, one in heard.items()
        if one.role == "report" or (one.role == "vouch" and one.value == "good" and one.rater_id == member_id and one.member_id in reported)
    }


def parties(member_id: UUID, words: Words, sides: Mapping[UUID, Sequence[UUID]]) -> frozenset[UUID]:
    """Whom it concerns: her, who said what is behind the line and of whom, and the sides of those introductions."""
    said = {id_ for one in words.values() for id_ in (one.member_id, one.rater_id)}
    return frozenset({member_id, *said, *(side for one in words.values() for side in sides.get(one.introduction_id, ()))})


def may_decide(contest: Contest, who: Moderator, concerned: Set[UUID], at: datetime) -> bool:
    """Whether it is hers to know of: never if it concerns her, nor of a woman whom she knows."""
    if who.id in concerned or contest.member_id in who.knows:
        return False
    return "moderator" in who.roles or ("steward" in who.roles and at >= contest.contested_at + STEPS_IN)


def decide(contest: Contest, body: ContestDecisionBody, found: Behind, excluded: Set[int], at: datetime) -> tuple[Contest, list[Rating]]:
    """The contest with its answer, and the words that count no more. `excluded`: what doesn't already. Raises ContestDecided, Invalid."""
    if contest.decided_at:
        raise ContestDecided
    wrong = []
    if set(body.exclude) - found.words.keys() or set(body.exclude) & excluded:
        wrong.append(Field("exclude", "not_a_choice"))
    if body.exclude and len(body.why_excluded) < LEAST_REASON:
        wrong.append(Field("why_excluded", "too_short", minimum=LEAST_REASON))
    if names_somebody(body.answer_to_her, found.names, found.her_name):
        wrong.append(Field("answer_to_her", "names_another"))
    if wrong:
        raise Invalid(fields=wrong)
    return replace(contest, answer=body.answer_to_her, decided_at=at), [found.words[place] for place in sorted(set(body.exclude))]


def exclusions(decided: Contest, me: UUID, reason: str, words: Iterable[Rating], answers: Iterable[Rating]) -> list[Exclusion]:
    """The entries for these words. `answers`: what the same women said of the other side in the same answers, which goes with them."""
    at = decided.decided_at or decided.contested_at
    with_reason = [(word, reason) for word in words] + [(word, None) for word in answers]
    return [Exclusion(*word.key, decided.id, me, why, at) for word, why in with_reason]
