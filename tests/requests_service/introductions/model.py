"""A simple model of one introduction: what was said and done by whom, and what follows for each.

Written from the product's rules; it keeps facts, no states, and shares no code with the domain. Members are ana and carla (the
sides; ana asks, where it was asked for), vera (the voucher), and dora, a stranger. Events are tuples.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Answer = Literal["nothing", "refused", "same", "done"]
SIDES = ("ana", "carla")
THREE = ("ana", "vera", "carla")
OTHER = {"ana": "carla", "carla": "ana"}


def next_full_hour(at: datetime) -> datetime:
    while (at.minute, at.second, at.microsecond) != (0, 0, 0):
        at = at - timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) + timedelta(hours=1)
    return at


@dataclass
class Model:
    """`asked`: whether ana asked for it; else vera proposed it."""

    asked: bool
    began: datetime
    days: int = 14
    """For so many days the ask is open."""
    vouched: datetime | None = None
    yes: set[str] = field(default_factory=set)
    last_yes: str | None = None
    last_yes_at: datetime | None = None
    no: dict[str, datetime] = field(default_factory=dict)
    """Who passed or declined, and didn't take it back, and when."""
    kindly: str | None = None
    """The sentence in which vera declined."""
    reason: str | None = None
    """Why she declined or withdrew, for her alone."""
    parted: tuple[str, datetime] | None = None
    """The first block or departure, with its time."""
    over: tuple[str, datetime] | None = None
    """Taken back by someone, which everybody sees."""
    corrections: dict[str, bool] = field(default_factory=dict)
    """Who asked for words about her to be corrected, and whether they were; and how she put it."""
    corrections_asked: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    """For whom it doesn't exist any more."""
    suspended: set[str] = field(default_factory=set)
    pauses: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    apart: bool = False
    """One of the sides excludes the other."""
    confirmed: datetime | None = None
    writer: str | None = None
    """Who writes first."""
    answers: dict[str, str] = field(default_factory=dict)
    need: bool = False
    """It answers an ask by need of ana's: carla is asked first, and ana hears of it once she has said yes."""
    opened: bool = False
    keeps: set[str] = field(default_factory=set)
    touch: str | None = None
    touched: int = 0
    """How often the time to ask whether they are in touch has come."""
    resting: set[str] = field(default_factory=set)
    """Who has paused."""
    reminded: bool = False
    questioned: bool = False
    revealed: bool = False
    told_end: bool = False
    told: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def first_no(self) -> str | None:
        """The reason of whatever first stands in the way, shown or not."""
        noes = [("declined_by_voucher" if who == "vera" else "passed", at) for who, at in self.no.items()]
        return min(([self.parted] if self.parted else []) + noes, key=lambda no: no[1], default=(None,))[0]

    def silent_end(self) -> datetime:
        return next_full_hour(self.vouched + timedelta(days=14) if self.vouched else self.began + timedelta(days=self.days))

    def may_ask_again(self, at: datetime) -> bool:
        """Whether ana may ask for carla again, if she asked for this one."""
        if self.confirmed or (self.looks_open(at) and not self.over):
            return bool(self.confirmed)
        rests = bool(self.vouched)
        return not rests or at >= (self.over[1] if self.over else self.silent_end()) + timedelta(days=90)

    def _before(self) -> timedelta:
        return timedelta(days=4 if self.vouched or self.days == 14 else 2)

    def _waiting(self) -> list[str]:
        if self.vouched:
            return [who for who in SIDES if who not in self.yes and who not in self.no]
        return ["vera"] if "vera" not in self.no else []

    def looks_open(self, at: datetime) -> bool:
        """To those who haven't said no."""
        return not self.confirmed and not self.over and at < self.silent_end()

    def there_for(self, who: str) -> bool:
        if who not in THREE or who in self.lost or (who == "ana" and self.need and not self.opened):
            return False
        return who != "carla" or bool(self.vouched)

    def sees(self, who: str, at: datetime) -> str:
        if self.confirmed:
            over = at >= self.confirmed + timedelta(days=35)
            early = self.revealed if who != "vera" else [self.answers.get(one) for one in SIDES] == ["worthwhile"] * 2
            return "settled" if over or early else "confirmed"
        if who in self.no or not self.looks_open(at):
            return "closed"
        return "vouched" if self.vouched else "asked"

    def _gate(self, who: str, rightly: bool) -> Answer | None:
        if not self.there_for(who):
            return "nothing"
        return None if rightly else "refused"

    def vouch(self, who: str, at: datetime) -> Answer:
        gate = self._gate(who, who == "vera")
        if gate:
            return gate
        if who in self.suspended or not self.looks_open(at) or self.vouched or self.apart or self._held_up(at):
            return "refused"
        self.vouched = at
        self.reminded = False
        self.no.pop(who, None)
        self.reason = None
        if not set(SIDES) <= self.lost:
            self.told.append(("vouched", at))
        return "done"

    def _held_up(self, at: datetime) -> bool:
        """A side is paused; ana's own pause, if she asked, only if it began after that."""
        paused = {who: begins for who, (begins, ends) in self.pauses.items() if who in SIDES and begins <= at < ends}
        return "carla" in paused or ("ana" in paused and paused["ana"] > self.began)

    def pause(self, who: str, at: datetime) -> None:
        """For two weeks from the next midnight, or since it began."""
        begins, ends = self.pauses.get(who, (at, at))
        if not begins <= at < ends:
            begins = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self.pauses[who] = (begins, begins + timedelta(days=14))

    def end_pause(self, who: str) -> None:
        self.pauses.pop(who, None)

    def ask_correction(self, who: str, at: datetime, text: str) -> Answer:
        gate = self._gate(who, who in SIDES)
        if gate:
            return gate
        if who in self.suspended or not self.looks_open(at):
            return "refused"
        if who in self.corrections:
            return "same" if text == self.corrections_asked[who] else "refused"
        if not self.vouched or who in self.no:
            return "refused"
        self.corrections[who], self.corrections_asked[who] = False, text
        self.told.append(("correction", who))
        return "done"

    def correct(self, who: str, at: datetime) -> Answer:
        gate = self._gate(who, who == "vera")
        if gate:
            return gate
        if who in self.suspended or not self.looks_open(at) or False not in self.corrections.values():
            return "refused"
        self.corrections = dict.fromkeys(self.corrections, True)
        self.told.append(("corrected", self.yes - self.lost))
        self.yes = set()
        return "done"

    def confirm(self, who: str, at: datetime, stale: bool = False) -> Answer:
        gate = self._gate(who, who in SIDES)
        if gate:
            return gate
        if self.confirmed:
            return "same"
        if who in self.suspended or not self.looks_open(at):
            return "refused"
        if who in self.yes:
            return "same"
        if stale:
            return "refused"
        self.yes.add(who)
        if self.last_yes_at != at or who == "ana":  # of two yeses in one moment neither is the last
            self.last_yes, self.last_yes_at = who, at
        self.no.pop(who, None)
        if not self._perhaps_opened(who, at):
            self._perhaps_confirmed(at)
        return "done"

    def _perhaps_opened(self, who: str, at: datetime) -> bool:
        if not self.need or self.opened or who != "carla" or self.first_no:
            return False
        self.opened = True
        self.told.append(("vouched", at, ("ana",)))
        return True

    def _perhaps_confirmed(self, at: datetime) -> None:
        if self.vouched and self.looks_open(at) and self.yes == set(SIDES) and not self.first_no and not self.suspended:
            self.confirmed, self.writer = at, "ana" if self.asked else self.last_yes
            self.told.append(("confirmed", at, self.writer))

    def pass_(self, who: str, at: datetime) -> Answer:
        if who == "ana" and self.asked:
            return self.withdraw(who, at)
        gate = self._gate(who, who in SIDES)
        if gate:
            return gate
        if who in self.no:
            return "same"
        if not self.looks_open(at):
            return "refused"
        self.yes.discard(who)
        self.no[who] = at
        return "done"

    def decline(self, who: str, at: datetime, reason: str | None = None) -> Answer:
        gate = self._gate(who, who == "vera")
        if gate:
            return gate
        if (who in self.no or self.kindly) and reason in (None, self.reason):
            return "same"
        if not self.looks_open(at) or self.vouched:
            return "refused"
        self.no.setdefault(who, at)
        self.reason = reason
        return "done"

    def decline_kindly(self, who: str, at: datetime, sentence: str) -> Answer:
        gate = self._gate(who, who == "vera")
        if gate:
            return gate
        if self.kindly == sentence:
            return "same"
        if who in self.suspended or not self.looks_open(at) or self.vouched:
            return "refused"
        self.no.setdefault(who, at)
        self.kindly = sentence
        return self._takes_back("declined_by_voucher", at)

    def withdraw(self, who: str, at: datetime) -> Answer:
        gate = self._gate(who, who == "ana" and self.asked)
        if gate:
            return gate
        if self.over and self.over[0] == "withdrawn":
            return "same"
        if not self.looks_open(at):
            return "refused"
        self.yes.discard(who)
        return self._takes_back("withdrawn", at)

    def withdraw_vouch(self, who: str, at: datetime, reason: str | None = None) -> Answer:
        gate = self._gate(who, who == "vera")
        if gate:
            return gate
        if self.over and self.over[0] == "vouch_withdrawn":
            return "same"
        if not self.looks_open(at) or not self.vouched:
            return "refused"
        self.told.append(("vouch_withdrawn", at))
        self.reason = reason
        return self._takes_back("vouch_withdrawn", at)

    def _takes_back(self, reason: str, at: datetime) -> Answer:
        self.over = (reason, at)
        self.told_end = True
        self.told.append(("closed", reason, at))
        return "done"

    def block(self, who: str, whom: str, at: datetime) -> None:
        if self.confirmed or who not in THREE or whom not in THREE:
            return
        if not self.looks_open(at):
            self.lost |= {who, whom}
            return
        self.lost |= {who} | ({whom} & {"carla"} if not self.vouched else set())
        self.parted = self.parted or ("blocked", at)

    def leave(self, who: str, at: datetime) -> None:
        if who in THREE and self.looks_open(at):
            self.lost |= {who} if self.vouched else {who, "carla"}
            self.parted = self.parted or ("member_left", at)

    def reinstate(self, who: str, at: datetime) -> None:
        self.suspended.discard(who)
        if not self.confirmed:
            self._perhaps_confirmed(at)

    def say(self, who: str, answer: str, at: datetime) -> Answer:
        gate = self._gate(who, who in SIDES)
        if gate:
            return gate
        if not self.confirmed or who in self.suspended:
            return "refused"
        if who in self.answers:
            return "same" if self.answers[who] == answer else "refused"
        if self.sees(who, at) == "settled" and answer != "worthwhile":
            return "refused"
        self.time(at)
        self.answers[who] = answer
        if answer == "misconduct":
            self.told.append(("report", who))
        if self.revealed:
            self.told.append(("revealed", {who: answer}))
        elif len(self.answers) == 2:
            self._reveal()
        return "done"

    def say_in_touch(self, who: str, answer: str, at: datetime) -> Answer:
        gate = self._gate(who, who in SIDES)
        if gate:
            return gate
        if not self.confirmed or who != self.writer or who in self.suspended:
            return "refused"
        if self.touch in ("yes", answer):
            return "same"
        if not self.confirmed + timedelta(days=5) <= at < self.confirmed + timedelta(days=21) or who in self.answers:
            return "refused"
        self.touch = answer
        return "done"

    def keep(self, who: str, at: datetime) -> Answer:
        gate = self._gate(who, who in SIDES)
        if gate:
            return gate
        if not self.confirmed or who in self.suspended:
            return "refused"
        if who in self.keeps:
            return "same"
        if self.answers.get(who) != "worthwhile":
            return "refused"
        self.keeps.add(who)
        if self.keeps == set(SIDES):
            self.told.append(("connected", OTHER[who]))
        return "done"

    def let_go(self, who: str, at: datetime) -> Answer:
        gate = self._gate(who, who in SIDES)
        if gate:
            return gate
        if not self.confirmed:
            return "refused"
        if who not in self.keeps:
            return "same"
        if len(self.keeps) == 2:
            return "refused"
        self.keeps.discard(who)
        return "done"

    def _ask_whether_in_touch(self, at: datetime) -> None:
        """On day 5, and once more on day 9; not if the next question's time has come as well."""
        for times, day, next_day in ((1, 5, 9), (2, 9, 21)):
            if self.confirmed and self.touched < times and at >= self.confirmed + timedelta(days=day):
                late = at >= self.confirmed + timedelta(days=next_day)
                self.touched = 2 if late else times
                if not late and self.touch is None and self.writer not in self.answers:
                    self.told.append(("in touch", self.writer, times))

    def _reveal(self) -> None:
        self.revealed = True
        if self.answers:
            self.told.append(("revealed", dict(self.answers)))

    def time(self, at: datetime) -> None:
        """What time alone has brought."""
        if not self.confirmed:
            if at >= self.silent_end() and not self.told_end:
                self.told_end = True
                self.told.append(("closed", self.first_no or "expired", self.silent_end()))
            elif self.looks_open(at) and not self.reminded and at >= self.silent_end() - self._before():
                self.reminded = True
                self.told += [("reminder", who) for who in self._waiting() if self.there_for(who) and who not in self.resting]
            return
        if not self.revealed:
            self._ask_whether_in_touch(at)
        if not self.revealed and not self.questioned and at >= self.confirmed + timedelta(days=21):
            self.questioned = True
            self.told += [("question", who) for who in SIDES if who not in self.answers]
        if not self.revealed and at >= self.confirmed + timedelta(days=35):
            self._reveal()
