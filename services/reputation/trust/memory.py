"""Trust in memory: the same arithmetic as the ledger's, for benchmarks, simulations and proofs.

Its state follows from the evidence and the last night alone: evidence that comes late has been there all the time.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from services.reputation.trust import reading, sums
from services.reputation.trust.evidence import Cell, Evidence, Id, add, answers, check, last
from services.reputation.trust.reading import Line, Weights
from services.reputation.trust.settings import Settings
from services.reputation.trust.sums import Entry, Sum, Sums, Voice
from services.reputation.trust.tenure import Placed, Tiers, by_time, herself, known_elsewhere, tier
from shared.contracts.events.reputation import Band


class Charge(NamedTuple):
    """Where a voucher is charged for a member who was reported."""

    about: Id
    reported: Id


class Trust:
    """Every member's trust. An event costs the same however many there were; `settle` reads all of them."""

    def __init__(self, anchors: Iterable[Id], settings: Settings, placed: Placed | None = None) -> None:
        self._anchors, self._settings, self._placed = frozenset(anchors), settings, placed or herself
        self._words: dict[Cell, list[Evidence]] = {}
        self._vouchers: dict[Id, set[Id]] = defaultdict(set)
        self._reporters: dict[Id, set[Id]] = defaultdict(set)
        self._entries: dict[Cell | Charge, list[Entry]] = {}
        self._sums: dict[Id, dict[Sum, int]] = defaultdict(dict)
        self._settled: datetime | None = None
        self._late = False
        self._tiers = Tiers()
        self._known: frozenset[Id] = frozenset()

    def record(self, evidence: Evidence, now: datetime | None = None) -> None:
        """Take evidence in. Raises `Refused`, and nothing moves, if it is of herself or more than five minutes later than `now`."""
        check(evidence, now)
        cell = evidence.cell
        if not add(self._words.setdefault(cell, []), evidence):
            return
        self._late = self._late or (self._settled is not None and evidence.at <= self._settled)
        if evidence.kind == "vouch":
            self._vouchers[cell.about].add(cell.rater)
        if evidence.kind == "report":
            self._reporters[cell.about].add(cell.rater)
        self._sum(cell)
        if evidence.kind == "voucher":
            self._sum(Cell(cell.rater, cell.about, "voucher"))
        elif self._reporters.get(cell.about):
            self._charge(cell.about)

    def settle(self, at: datetime) -> None:
        """A night: what each rater counts from now on, by the evidence up to `at` alone."""
        before = {cell: self._voice(cell) for cell in self._words}
        self._settled, self._late = at, False
        if not self._settings.base:
            self._earn(at)
        elif self._settings.doubling:
            said = (word for words in self._words.values() for word in words if word.at <= at)
            self._known = known_elsewhere(said, self._counts, self._placed, self._settings)
        for cell, voice in before.items():
            if voice != self._voice(cell):
                self._sum(cell)

    def score(self, member: Id, at: datetime) -> float:
        """Between 0 and 1; ½ for a member never heard of."""
        return reading.score(self.weights(member, at), self._settings)

    def band(self, member: Id, at: datetime) -> Band:
        return reading.band(self.weights(member, at), self._settings)

    def explain(self, member: Id, at: datetime) -> list[Line]:
        """At most six lines that add up to her score."""
        return reading.explain(self.sums(member), at, self._settings)

    def weights(self, member: Id, at: datetime) -> Weights:
        return reading.weigh(self.sums(member), at, self._settings)

    def sums(self, member: Id) -> Sums:
        """Her buckets."""
        if self._late and self._settled is not None:
            self.settle(self._settled)
        return self._sums.get(member, {})

    def _earn(self, at: datetime) -> None:
        """The night's tiers, from the last outcome of each pair in whatever role."""
        from services.reputation.trust.nightly import tiers  # noqa: PLC0415 (scipy is for whoever settles)

        lasts: dict[tuple[Id, Id], Evidence] = {}
        for cell, words in self._words.items():
            word = last(words, at)
            if word is not None and word.weight and (cell.kind in ("voucher", "side") or sums.upheld(word)):
                pair = cell.about, cell.rater
                lasts[pair] = max(lasts.get(pair, word), word, key=lambda one: one.order)
        self._tiers = tiers(lasts.values(), self._anchors, at, self._settings)

    def _counts(self, rater: Id) -> bool:
        """Whether her word does, by time or as an anchor's."""
        return self._voice(Cell(rater, rater, "side")).good > 0

    def _voice(self, cell: Cell) -> Voice:
        rater, settings = cell.rater, self._settings
        (branch, joined), anchor = self._placed(rater), rater in self._anchors
        if self._settled is None:
            waiting = tier(settings.first, settings)
            return Voice(settings.tiers if settings.base and anchor else waiting, waiting, branch, anchor)
        if settings.base:
            of = by_time(joined, self._settled, settings)
            return Voice(settings.tiers if anchor else of, of, branch, anchor, rater in self._known)
        good, bad = self._tiers.good.get(rater, 0), self._tiers.bad.get(rater, 0)
        return Voice(self._tiers.voices.get((cell.about, rater), good) if cell.kind == "voucher" else good, bad, branch, anchor)

    def _sum(self, cell: Cell) -> None:
        word = last(self._words.get(cell, ()))
        if word is None:
            return
        if cell.kind == "voucher":
            returned = last(self._words.get(Cell(cell.rater, cell.about, "voucher"), ()))
            mutual = returned is not None and returned.good and returned.weight > 0
            self._put(cell, sums.of_outcome(word, self._voice(cell), mutual, self._settings))
        elif cell.kind == "vouch":
            self._put(cell, sums.of_vouch(word, self._voice(cell), self._settings))
        elif cell.kind == "report":
            self._put(cell, sums.of_report(word, self._settings))

    def _charge(self, reported: Id) -> None:
        """Charge those who answer for her, for the last upheld report."""
        reports = [word for rater in self._reporters[reported] if (word := last(self._words[Cell(reported, rater, "report")]))]
        report = max((word for word in reports if sums.upheld(word)), key=lambda word: word.order, default=None)
        for rater in self._vouchers[reported]:
            self._put(Charge(rater, reported), [])
        if report is None:
            return
        answer = [rater for rater in self._vouchers[reported] if answers(self._words[Cell(reported, rater, "vouch")], report)]
        for rater in answer:
            self._put(Charge(rater, reported), sums.of_charge(report, len(answer), self._settings))

    def _put(self, key: Cell | Charge, entries: list[Entry]) -> None:
        before = self._entries.get(key, [])
        if entries != before:
            sums.move(self._sums[key.about], before, entries)
            self._entries[key] = entries
