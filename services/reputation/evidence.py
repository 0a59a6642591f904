"""What sides said of introductions, and what of it counts for a woman's score. Pure.

Every word of a side about an introduction is evidence twice: about the voucher, and (for standing alone) about the
other side. What counts for the voucher, so far, is only what both sides found worthwhile: a single word that showed
on her page would tell her who said it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, TypeVar
from uuid import UUID

from services.reputation import trust
from shared.contracts.events.requests import OutcomeAnswer, OutcomesRevealed

Role = Literal["voucher", "side"]
Word = Literal["good", "bad"]
SIDES = 2
K = TypeVar("K")

WORDS: Mapping[OutcomeAnswer, Word] = {"worthwhile": "good", "not_as_described": "bad"}
"""The answers that are evidence. Not having met is none, and misconduct is none until a moderator upholds it."""


@dataclass(frozen=True)
class Said:
    """One row of the ledger: what the rater said about the member (in that role), dated at its reveal."""

    member_id: UUID
    introduction_id: UUID
    rater_id: UUID
    event_id: UUID
    role: Role
    word: Word
    confirmed_at: datetime
    revealed_at: datetime


class Pair(NamedTuple):
    """A member, and one who rates her."""

    member_id: UUID
    rater_id: UUID


class Voice(NamedTuple):
    """The one voice a rater has in a member's score."""

    kind: trust.Kind
    tier: int
    at: datetime


class Entry(NamedTuple):
    """A voice as it is summed: which bucket, and how much of it."""

    bucket: trust.Bucket
    amount: int


def heard(event: OutcomesRevealed) -> list[Said]:
    """The evidence in an event: each side about the voucher, and about the other side."""
    found: list[Said] = []
    for rater, answer in event.answers.items():
        word = WORDS.get(answer)
        if word is None or rater not in event.side_ids:
            continue
        other = next(side for side in event.side_ids if side != rater)
        about: tuple[tuple[UUID, Role], ...] = ((event.voucher_id, "voucher"), (other, "side"))
        found += [
            Said(member, event.introduction_id, rater, event.id, role, word, event.confirmed_at, event.occurred_at)
            for member, role in about
        ]
    return found


def went_well(said: Iterable[Said]) -> dict[UUID, tuple[datetime, datetime]]:
    """The introductions that both sides found worthwhile, with when each was confirmed and when the second word was revealed."""
    words: dict[UUID, list[Said]] = defaultdict(list)
    for one in _last((one for one in said if one.role == "voucher"), lambda one: (one.introduction_id, one.rater_id)).values():
        if one.word == "good":
            words[one.introduction_id].append(one)
    return {
        introduction: (ones[0].confirmed_at, max(one.revealed_at for one in ones))
        for introduction, ones in words.items()
        if len(ones) == SIDES
    }


def voices(said: Iterable[Said]) -> dict[Pair, Voice]:
    """Who has which voice in whose score.

    One woman has one voice about another: the last one counts. It is mutual where the member's own last word about the
    rater, in whatever role, is good: her own word, whatever the other side said, so that she learns nothing from it.
    """
    all_said = list(said)
    well = went_well(all_said)
    shown = _last((one for one in all_said if one.role == "voucher" and one.introduction_id in well), _pair)
    own = _last(all_said, _pair)
    return {
        pair: Voice(_kind(one, own.get(Pair(pair.rater_id, pair.member_id))), trust.FIRST_TIER, one.revealed_at)
        for pair, one in shown.items()
    }


def _pair(one: Said) -> Pair:
    return Pair(one.member_id, one.rater_id)


def _kind(one: Said, own: Said | None) -> trust.Kind:
    if one.word == "bad":
        return "bad"
    return "mutual" if own is not None and own.word == "good" else "good"


def _last(said: Iterable[Said], key: Callable[[Said], K]) -> dict[K, Said]:
    """The last of each key, by the time of the event and, where that is the same, its id."""
    last: dict[K, Said] = {}
    for one in said:
        found = last.get(key(one))
        if found is None or (found.revealed_at, found.event_id) < (one.revealed_at, one.event_id):
            last[key(one)] = one
    return last


def entry(voice: Voice, lives: trust.HalfLives) -> Entry:
    """The voice as it is summed."""
    return Entry(trust.Bucket(voice.kind, voice.tier), trust.grown(voice.at, lives.of(voice.kind)))


def sums(entries: Mapping[Pair, Entry]) -> dict[tuple[UUID, trust.Bucket], int]:
    """Each member's buckets."""
    return moves({}, entries)


def moves(before: Mapping[Pair, Entry], after: Mapping[Pair, Entry]) -> dict[tuple[UUID, trust.Bucket], int]:
    """What to add to which bucket where the voices of these pairs were `before` and are `after`."""
    found: dict[tuple[UUID, trust.Bucket], int] = defaultdict(int)
    for entries, sign in ((before, -1), (after, 1)):
        for pair, one in entries.items():
            found[pair.member_id, one.bucket] += sign * one.amount
    return {key: amount for key, amount in found.items() if amount}
