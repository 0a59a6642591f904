"""When a code signs her in.

All times are machine time: a code is as old as it is, however far the local clock has travelled.
"""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.members.accounts.domain import Address
from services.members.invitations.domain import DoorPolicy
from services.members.sessions.domain.hashes import code_of
from services.members.sessions.domain.limits import LONG
from shared.contracts.http.members.signing_in import CodeExpired, WrongCode
from shared.problems import Problem

CODE_LIFE = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True)
class SignInPolicy:
    """How this community signs people in. `web_keys` are those by which the web is known; `test_domains`: `.test` addresses are good."""

    code_key: str = field(repr=False)
    web_keys: tuple[str, ...] = field(repr=False)
    door: DoorPolicy
    test_domains: bool


@dataclass(frozen=True)
class Challenge:
    """A question for a code: from one browser, for one address. `sent`: some letter with its code left, so somebody may know it."""

    id: UUID
    address: Address
    browser_hash: bytes
    digits: int
    sent: bool
    issued_at: datetime
    asks: int = 1
    tries: int = 0
    used_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        return self.issued_at + CODE_LIFE

    def is_open(self, at: datetime) -> bool:
        """Whether its code may still be tried."""
        return at < self.expires_at and self.used_at is None and self.tries < TRIES

    def code(self, key: str) -> str:
        """Its code, which is stored nowhere."""
        return code_of(key, self.id, self.browser_hash, self.digits)

    def asked_again(self, at: datetime, digits: int, sent: bool) -> "Challenge | None":
        """The same challenge with its time begun anew and its tries as they are; None if that needs another one."""
        if not self.is_open(at) or self.digits < digits:
            return None
        return replace(self, sent=self.sent or sent, issued_at=at, asks=self.asks + 1)

    def attempt(self, browser_hash: bytes, right: bool, short_codes: bool, at: datetime) -> tuple["Challenge", Problem | None]:
        """The challenge after one try, and what was wrong with the try; None if it was right.

        A try from another browser can't be right and isn't counted: it mustn't use up hers.
        """
        same_browser = hmac.compare_digest(self.browser_hash, browser_hash)
        if not self.is_open(at) or not (short_codes or self.digits == LONG):
            return self, CodeExpired()
        if not same_browser:
            return self, WrongCode()
        tried = replace(self, tries=self.tries + 1)
        if right and self.sent:
            return replace(tried, used_at=at), None
        return tried, WrongCode()
