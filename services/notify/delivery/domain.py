"""What the answers of a mail server mean, and of whom they speak. Pure.

Up to MAIL nothing has been said of anybody, so whatever is refused there is about us. From RCPT on an answer is about her or her
letter, if it says so. Many servers tell a sender only at RCPT that he isn't welcome (Postfix's `smtpd_delay_reject`), some without
an enhanced code (Exim's "550 relay not permitted"): what may be about us is doubtful, and a run of doubtful answers is about us.

Codes are those of RFC 5321, enhanced ones those of RFC 3463.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from services.notify.queue.domain import URGENT, Deferred, Rejected, Result, Sent, Suppressed, Unknown, Untried, Why

Stage = Literal["connect", "auth", "mail", "rcpt", "data", "words"]
"""Where in the dialogue: up to EHLO and TLS, the login, the three commands, and the answer to the letter's words."""

PAUSES: dict[Why, tuple[float, ...]] = {
    "connect": (0.5, 1, 2, 5),
    "busy": (1, 3, 8, 10),
    "unwelcome": (5, 15, 60, 300),
    # Whoever keeps trying a wrong password is locked out, with the right one too.
    "login": (60, 120, 300, 900),
    "certificate": (60, 120, 300, 900),
    "tls": (60, 120, 300, 900),
    # The answers may be about the letters after all, so the next one doesn't wait for long.
    "refusing": (1, 5, 15, 30),
}
"""Seconds until one letter is tried again, after the first failure in a row, the second, and so on."""
RUN = 3
"""So many recipients in a row with a doubtful answer, and none that was taken: it is about us."""

_BEFORE_RCPT = {"connect": "connect: ", "auth": "connect: auth ", "mail": "mail: "}
_LOGIN = (530, 534, 535, 538)
_ENHANCED = re.compile(r"^([245])\.(\d{1,3})\.(\d{1,3})(?!\S)", re.MULTILINE)


def pause(why: Why, failures: int) -> float:
    """Seconds to pause after `failures` in a row (at least 1)."""
    return PAUSES[why][min(failures, len(PAUSES[why])) - 1]


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer: its code, and subject and detail of its enhanced code, or None."""

    code: int
    status: tuple[int, int] | None = None

    @staticmethod
    def of(code: int, text: str) -> "Reply":
        """The answer with this code and text. An enhanced code of another class contradicts it and isn't read."""
        for kind, subject, detail in _ENHANCED.findall(text):
            if int(kind) == code // 100:
                return Reply(code, (int(subject), int(detail)))
        return Reply(code)

    def __str__(self) -> str:
        return f"{self.code} {self.code // 100}.{self.status[0]}.{self.status[1]}" if self.status else str(self.code)

    def is_yes(self, at: Stage) -> bool:
        """True if the dialogue goes on from there."""
        return self.code == 354 if at == "data" else 200 <= self.code < 300


def meaning(at: Stage, reply: Reply) -> Result:
    """What an answer that isn't the hoped-for one means for the letter; after its words, `Sent` if it is."""
    if not 200 <= reply.code < 600:
        return broken(at, "garbled")
    if at in _BEFORE_RCPT:
        return Untried(_BEFORE_RCPT[at] + str(reply), why=_why(at, reply.code))
    if at == "words" and reply.code < 300:
        return Sent()
    reason = f"{at}: {reply}"
    match reply.code // 100:
        case 5:
            return _never(at, reply, reason)
        case 4:
            return Deferred(reason, doubtful=_may_be_about_us(at, reply))
        case _:
            return broken(at, str(reply.code))


def broken(at: Stage, how: str) -> Result:
    """What it means that no answer came there, or none that can be understood; `how` is a word of ours."""
    if at in _BEFORE_RCPT:
        return Untried(_BEFORE_RCPT[at] + how, why="connect")
    # From the first byte of the words on, only an answer tells what became of the letter.
    return (Unknown if at == "words" else Deferred)(f"{at}: {how}", doubtful=True)


def _why(at: Stage, code: int) -> Why:
    if at == "auth" or code in _LOGIN:
        return "login"
    kinds: dict[int, Why] = {4: "busy", 5: "unwelcome"}
    return kinds.get(code // 100, "connect")


def _never(at: Stage, reply: Reply, reason: str) -> Result:
    match _told(reply):
        case None if at == "rcpt" and reply.code in (550, 551, 553, 556):
            return Rejected(reason, doubtful=True)
        case 1, detail if detail not in (7, 8):  # her address; 7 and 8 are the sender's
            return Rejected(reason)
        case 2, 3:  # longer than her mailbox allows
            return Rejected(reason)
        case 2, _:  # her mailbox is full, or closed for now
            return Deferred(reason)
        case (3, 4) | (6, _):  # too long for the server; a content that it can't take
            return Rejected(reason, doubtful=True)
        case 7, 1 if at == "words":  # what the words say isn't wanted
            return Rejected(reason, doubtful=True)
        case _:
            return Deferred(reason, doubtful=True)


def _may_be_about_us(at: Stage, reply: Reply) -> bool:
    match _told(reply):
        case _ if reply.code == 421:
            return True
        case (1, 7) | (1, 8) | (3 | 5 | 7, _):
            return True
        case 1 | 2, _:
            return False
        case _:
            return at != "rcpt"


def _told(reply: Reply) -> tuple[int, int] | None:
    """The enhanced code, if it says more than that something is wrong."""
    return None if reply.status is None or reply.status[0] == 0 or reply.status == (1, 0) else reply.status


@dataclass(frozen=True, slots=True)
class Run:
    """The doubtful answers since a letter was last taken: to whom, and which letters were rejected by one."""

    addresses: frozenset[str] = field(default_factory=frozenset)
    rejected: tuple[int, ...] = ()

    @property
    def is_about_us(self) -> bool:
        """True if it can hardly be about each of them."""
        return len(self.addresses) >= RUN

    def then(self, letter_id: int, address: str, result: Result, *, priority: int, deferrals: int) -> "Run":
        """The run after one more letter.

        A letter that was deferred before doesn't make a run, so none goes on for ever; nor does a rejected code, for anybody may have
        one sent to any address.
        """
        if isinstance(result, Sent | Suppressed):
            return Run()
        if not result.doubtful:
            return self
        rejected = isinstance(result, Rejected)
        counts = deferrals == 0 and not (rejected and priority == URGENT)
        return Run(self.addresses | {address} if counts else self.addresses, (*self.rejected, letter_id) if rejected else self.rejected)
