"""What a story is made of: connections, what is kept of them, and introductions, each with the days, counted back from today, on which
things happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.contracts.kind_answers import KindAnswer

Closeness = Literal["worked_together", "know_well", "met", "not_met"]
HowMet = Literal["work", "study", "event", "neighbourhood", "community", "through_someone", "online", "not_yet"]


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One woman asks another; `answered` is None if nobody has said more, and `answer` "withdraw" is the requester's own. A decline
    is quiet without a `kind_answer`; `unknown`: with it she said that she doesn't know the requester, who may have `withdrawn` it since.
    `question` and `reply`: what the recipient asks before she decides.
    """

    requester: str
    recipient: str
    how_met: HowMet
    where: str
    why: str
    closeness: Closeness
    asked: int
    answered: int | None = None
    answer: Literal["accept", "decline", "withdraw"] = "accept"
    her_closeness: Closeness = "met"
    met_at: str = ""
    answer_to_her: str | None = None
    """To the recipient's own question."""
    asks_for: Literal["twenty_minutes", "advice", "mentoring", "referral", "other"] | None = None
    kind_answer: KindAnswer | None = None
    unknown: bool = False
    withdrawn: int | None = None
    question: str | None = None
    questioned: int | None = None
    reply: str | None = None
    replied: int | None = None

    @property
    def name(self) -> str:
        """How story and states call it."""
        return f"{self.requester}_{self.recipient}"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a woman keeps of one of her connections, that she removes it, or whom she looks up: `what` is the service's word for it,
    `says` what she says."""

    by: str
    of: str
    day: int
    what: Literal["closeness", "provenance", "openness", "remove", "look_up"]
    says: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """How the story calls it."""
        return f"{self.by}_of_{self.of}"


@dataclass(frozen=True, kw_only=True)
class Said:
    """A yes or no of one of the three, or that she takes back what was hers; with `how` she declines, or why she withdraws her word.
    With `text` or `words`: what she asks to be corrected, or how the voucher then puts it."""

    by: str
    day: int
    what: Literal["confirm", "pass", "decline", "withdraw", "withdraw_vouch", "ask_correction", "correct"] = "confirm"
    how: str | None = None
    text: str | None = None
    words: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a side found it."""

    by: str
    day: int
    answer: Literal["worthwhile", "did_not_meet"] = "worthwhile"
    thank_you: str | None = None


@dataclass(frozen=True, kw_only=True)
class Keeps:
    """A side would like to keep the other among her people."""

    by: str
    day: int
    closeness: Closeness = "know_well"


@dataclass(frozen=True, kw_only=True)
class Need:
    """One woman tells another whom she looks for; on `answered` she proposes the counterpart, who says yes on `met`."""

    asker: str
    voucher: str
    looking_for: str
    asked: int
    declined: int | None = None
    answered: int | None = None
    counterpart: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    met: int | None = None

    @property
    def name(self) -> str:
        """How story and states call it; the introduction that answers it is called so with its counterpart."""
        return f"{self.asker}_{self.voucher}_{self.asker}"


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """An introduction; `asker` and `why_her` are None in a proposal, `vouched` is None if the voucher hasn't decided."""

    voucher: str
    sides: tuple[str, str]
    asker: str | None = None
    why_her: str | None = None
    asked: int | None = None
    days: Literal[4, 7, 14] = 14
    vouched: int | None = None
    show_why_her: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    last_spoke: Mapping[str, str] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    keeps: tuple[Keeps, ...] = ()

    @property
    def name(self) -> str:
        """How story and states call it."""
        return "_".join((self.voucher, *self.sides))


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What she says of what may reach her; `of` is whom she excludes, if it is a member."""

    by: str
    day: int
    what: Literal["allow", "pause", "exclude"]
    says: Mapping[str, Any] = field(default_factory=dict)
    of: str = ""
