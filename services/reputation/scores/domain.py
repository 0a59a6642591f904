"""What the words that count add to which sums, by the model's own functions. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.reputation.trust import Evidence, Settings, sums
from services.reputation.trust.evidence import Cell, add, answers
from services.reputation.trust.memory import Charge
from services.reputation.trust.sums import Entry, Sum, Voice
from shared.contracts.events.base import NIL

Key = Cell | Charge
Amounts = Mapping[tuple[UUID, Sum], int]
"""What is in, or is added to, the sums of members."""


class Charged(NamedTuple):
    """What a voucher is charged for a member who was reported: the last upheld report, shared among so many."""

    id: UUID
    at: datetime
    among: int


NOBODY = Voice(0, 0, NIL, False)
"""A charge is nobody's word."""
Words = Mapping[Key, Evidence | Charged]
"""The word that counts in each cell, and what is charged."""


def touched(key: Key) -> tuple[Key, ...]:
    """The cells that change when a word is put into this one, or decide how it counts."""
    about, rater = key[:2]
    return (key, Cell(rater, about, "voucher")) if isinstance(key, Cell) and key.kind == "voucher" else (key,)


def is_mutual(key: Key, words: Words) -> bool:
    """Whether the member, too, praised an introduction by the rater."""
    back = words.get(Cell(key[1], key[0], "voucher"))
    return isinstance(back, Evidence) and back.good


def entries(word: Evidence | Charged, voice: Voice, mutual: bool, settings: Settings) -> list[Entry]:
    """What a word adds to the sums of the member it is about."""
    if isinstance(word, Charged):
        return sums.of_charge(Evidence(word.id, None, None, False, word.at, kind="report"), word.among, settings)
    if word.kind == "voucher":
        return sums.of_outcome(word, voice, mutual, settings)
    return sums.of_vouch(word, voice, settings) if word.kind == "vouch" else sums.of_report(word, settings)


def moves(before: Words, after: Words, voices: Mapping[UUID, Voice], settings: Settings) -> Amounts:
    """What to add to which sum when words change. Both have all cells that are `touched`; `voices`: of all raters."""
    moved: Counter[tuple[UUID, Sum]] = Counter()
    for key in before.keys() | after.keys():
        was, now = (before.get(key), is_mutual(key, before)), (after.get(key), is_mutual(key, after))
        if was != now:
            for (word, mutual), sign in ((was, -1), (now, 1)):
                for bucket, amount in entries(word, voices[key[1]], mutual, settings) if word else ():
                    moved[key[0], bucket] += sign * amount
    return {key: amount for key, amount in moved.items() if amount}


def recounted(words: Words, before: Mapping[UUID, Voice], after: Mapping[UUID, Voice], settings: Settings) -> Amounts:
    """What to add to which sum when these raters count as other voices. `words`: theirs, and vouchers' about them."""
    moved: Counter[tuple[UUID, Sum]] = Counter()
    for voices, sign in ((before, -1), (after, 1)):
        for key, word in words.items():
            if key[1] in after:
                for bucket, amount in entries(word, voices[key[1]], is_mutual(key, words), settings):
                    moved[key[0], bucket] += sign * amount
    return {key: amount for key, amount in moved.items() if amount}


def renamed(words: Words, rater: UUID) -> Words:
    """These words, all of one rater, by another name."""
    return {
        key._replace(rater=rater): replace(word, rater=rater)
        for key, word in words.items()
        if isinstance(word, Evidence) and not isinstance(key, Charge)
    }


def with_newer(before: Words, heard: Iterable[tuple[Key, Evidence]]) -> Words:
    """The words as they are once these are heard, too: a later one replaces an earlier one."""
    after = dict(before)
    for key, word in heard:
        found = after.get(key)
        if not isinstance(found, Evidence) or found.order < word.order:
            after[key] = word
    return after


def charges(told: Iterable[Evidence]) -> dict[Charge, Charged]:
    """Who answers for the last upheld report about each member, from all reports and vouches about them."""
    cells: dict[UUID, dict[Cell, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for word in told:
        add(cells[word.about][word.cell], word)
    found: dict[Charge, Charged] = {}
    for about, of_cells in cells.items():
        reports = [words[-1] for cell, words in of_cells.items() if cell.kind == "report" and sums.upheld(words[-1])]
        if report := max(reports, key=lambda word: word.order, default=None):
            answering = [cell.rater for cell, words in of_cells.items() if cell.kind == "vouch" and answers(words, report)]
            found |= {Charge(rater, about): Charged(report.id, report.at, len(answering)) for rater in answering}
    return found


def owed(told: Iterable[Evidence], settings: Settings) -> dict[UUID, list[Entry]]:
    """What each voucher is charged for others, from all reports and vouches about those."""
    found = defaultdict[UUID, list[Entry]](list)
    for key, charged in charges(told).items():
        found[key.about] += entries(charged, NOBODY, False, settings)
    return found
