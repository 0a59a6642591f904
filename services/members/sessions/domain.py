"""The rules of signing in. All times are machine time: a code is as old as it is, wherever the local clock has travelled."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from services.members.accounts.addresses import Address
from shared.problems import NotSignedIn, Problem

CODE_LIFE = timedelta(minutes=10)
TRIES = 5
CODES_AN_HOUR = 5
SESSION_IDLE = timedelta(days=30)
SESSION_LIFE = timedelta(days=180)
SEEN_EVERY = timedelta(hours=1)
"""How exactly a session remembers when it was used last: a write an hour at most."""


class WrongCode(Problem):
    """Not the code of this challenge, or not the browser that asked for it."""

    code = "wrong_code"
    status = 422
    sentence = "That isn't the code we sent. Please look again."


class CodeExpired(Problem):
    """Used, too old, tried too often, or never there: all the same to whoever asks."""

    code = "code_expired"
    status = 410
    sentence = "This code doesn't work any more. Please ask for a new one."


class SignedOut(NotSignedIn):
    """No such session, or one that has ended."""

    code = "signed_out"
    sentence = "You have been signed out. Please sign in again."


class ProfileNeeded(Problem):
    """She has an account, and isn't a member before her profile is there."""

    code = "profile_needed"
    status = 409
    sentence = "Please tell us who you are first."


class Verdict(Enum):
    """What one try at a challenge came to."""

    RIGHT = auto()
    WRONG = auto()
    OTHER_BROWSER = auto()
    SPENT = auto()


@dataclass(frozen=True)
class Challenge:
    """One question for a code: from one browser, for one address."""

    id: UUID
    address: Address
    browser_hash: bytes
    code_mac: bytes
    sent: bool
    issued_at: datetime
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None

    def attempt(self, browser_hash: bytes, mac: bytes, at: datetime) -> tuple["Challenge", Verdict]:
        """The challenge after one try, and what the try came to.

        A try from another browser can't be right, and isn't counted: it mustn't use up hers.
        """
        same_browser = hmac.compare_digest(self.browser_hash, browser_hash)
        same_code = hmac.compare_digest(self.code_mac, mac)
        if at >= self.expires_at or self.used_at is not None or self.tries >= TRIES:
            return self, Verdict.SPENT
        if not same_browser:
            return self, Verdict.OTHER_BROWSER
        tried = replace(self, tries=self.tries + 1)
        if same_code and self.sent:
            return replace(tried, used_at=at), Verdict.RIGHT
        return tried, Verdict.WRONG


def may_send(*, known: bool, join_open: bool, codes_this_hour: int) -> bool:
    """Whether a code is sent. The one who asks can't tell."""
    return (known or join_open) and codes_this_hour < CODES_AN_HOUR


@dataclass(frozen=True)
class Session:
    """One browser that is signed in."""

    secret_hash: bytes
    member_id: UUID
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        """When it ends, however much it is used."""
        return self.started_at + SESSION_LIFE

    def open(self, at: datetime) -> bool:
        """Whether it still says who she is."""
        return self.ended_at is None and at < self.expires_at and at < self.seen_at + SESSION_IDLE

    def due_for_seen(self, at: datetime) -> bool:
        """Whether its last use is old enough to be written anew."""
        return at >= self.seen_at + SEEN_EVERY
