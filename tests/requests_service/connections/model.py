"""A simple model of connection requests between two members: what was said and done, and what follows for each of the two.

It is written from the product's rules, knows no states, and shares no code with the domain.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.http.requests.reach import Bar

HOUR = timedelta(hours=1)


def first_full_hour(after: datetime) -> datetime:
    """The full hour that is not before `after`."""
    at = datetime(after.year, after.month, after.day, after.hour, tzinfo=after.tzinfo)
    return at if at >= after else at + HOUR


@dataclass
class Asked:
    """One request as a list of facts."""

    by: str
    to: str
    end: datetime
    said: str | None = None
    """What the one who was asked said: yes, no, or nothing."""
    unknown: bool = False
    """She said, with a quiet no, that she doesn't know the one who asked, and nothing else since."""
    question: bool = False
    answer: bool = False
    """The one who was asked has put her question, and it has been answered."""
    reminded: bool = False
    taken_back: datetime | None = None
    """When the one who asked withdrew it."""
    told_kindly: datetime | None = None
    """When the one who was asked said no in a kind sentence."""
    cut: datetime | None = None
    """When the one who asked blocked the other or left."""
    removed: bool = False
    """What the yes had made was taken apart by one of the two."""
    cut_by_her: bool = False
    """The one who was asked blocked the other or left."""

    def over_for_asker(self, at: datetime) -> bool:
        """By what she may know: her own doing, a yes or a no that she was told, or time. Never a quiet no, a block or a departure."""
        return self.said == "yes" or at >= self.shown_end()

    def may_be_accepted(self, at: datetime) -> bool:
        """A no binds nobody, while the one who asked knows of no end."""
        return not self.cut_by_her and not self.over_for_asker(at)

    def waits(self, at: datetime) -> bool:
        return self.said is None and self.may_be_accepted(at)

    def may_be_asked_back(self, at: datetime) -> bool:
        return self.waits(at) and not self.question

    def may_be_answered_back(self, at: datetime) -> bool:
        """A no that the one who asked doesn't know of stops her from nothing."""
        return self.question and not self.answer and not self.over_for_asker(at)

    def reminds(self, at: datetime) -> bool:
        """Her silence is a week from its end, and nobody has said so yet."""
        return self.waits(at) and not self.reminded and at >= self.end - timedelta(days=7)

    def shown_end(self) -> datetime:
        return self.taken_back or self.told_kindly or self.cut or self.end

    def asker_sees(self, at: datetime) -> str:
        if self.said == "yes":
            return "removed" if self.removed else "accepted"
        if self.taken_back is not None:
            return "withdrawn"
        return "closed" if self.over_for_asker(at) else "pending"

    def asked_one_sees(self, at: datetime) -> str:
        if self.said == "yes":
            return "removed" if self.removed else "accepted"
        if self.taken_back is not None:
            return "withdrawn"
        return "pending" if self.waits(at) else "closed"


class Model:
    """Two members, who asked what, and who blocked or left."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.blocks: set[str] = set()
        self.left: set[str] = set()
        self.suspended = False
        """Either of them is."""
        self.let_go: dict[str, datetime] = {}
        """Who last removed their connection, and when; forgotten once they are connected again."""
        self.bars: dict[str, Bar] = {"ana": "anyone", "bea": "anyone"}
        self.questions: dict[str, str | None] = {"ana": None, "bea": None}
        self.paused: dict[str, tuple[datetime, datetime]] = {}
        """From when until when nothing new reaches her."""

    def apart(self) -> bool:
        """They don't exist for each other."""
        return bool(self.blocks or self.left)

    def pauses(self, who: str, at: datetime) -> bool:
        begins, ends = self.paused.get(who, (at, at))
        return begins <= at < ends

    def connected(self) -> bool:
        return any(one.said == "yes" and not one.removed for one in self.asked)

    def yes(self, to: Asked) -> None:
        to.said, to.unknown = "yes", False
        self.let_go.clear()

    def remove(self, by: str, at: datetime) -> None:
        """`by` lets the other go."""
        self.let_go[by] = at
        for one in self.asked:
            one.removed = one.removed or one.said == "yes"

    def ask(self, by: str, to: str, at: datetime, *, met: bool, question: str | None, gate: str | None) -> str:
        """connected, asked, or what she is refused with; keeps what follows. `question`: what she answered. `gate`: what the note
        gate refuses a new request with."""
        if self.connected() or self.suspended:
            return "cannot_request"
        hers = [one for one in self.asked if one.by == to and not one.over_for_asker(at)]
        if hers:
            self.yes(hers[0])
            return "connected"
        if self.bars[to] == "introduced":
            return "only_through_introduction"
        if self.pauses(to, at):
            return "cannot_request"
        if any(one.by == by and one.said != "yes" and at < one.shown_end() + timedelta(days=90) for one in self.asked):
            return "cannot_request"
        if to in self.let_go and at < first_full_hour(self.let_go[to] + timedelta(days=90)):
            return "cannot_request"
        if self.bars[to] == "met" and not met:
            return "only_women_she_has_met"
        if question != self.questions[to]:
            return "question_changed"
        if gate:
            return gate
        self.asked.append(Asked(by, to, first_full_hour(at + timedelta(days=30))))
        return "asked"

    def part(self, by: str, at: datetime) -> None:
        """`by` blocks the other or leaves: what could still be answered is over."""
        for one in self.asked:
            if one.may_be_accepted(at) and by == one.by:
                one.cut = at
            elif one.may_be_accepted(at):
                one.cut_by_her = True
