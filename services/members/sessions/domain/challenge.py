"""When a code is sent, and when it signs her in.

All times are machine time: a code is as old as it is, however far the local clock has travelled.
"""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.members.accounts.domain import Address
from shared.contracts.http.members import CodeExpired, WrongCode
from shared.problems import Problem

CODE_LIFE = timedelta(minutes=10)
TRIES = 5
CODES_AN_HOUR = 5


@dataclass(frozen=True)
class SignInPolicy:
    """How this community signs people in. `code_key` is secret; `test_domains`: addresses ending in `.test` are good."""

    code_key: str = field(repr=False)
    join_open: bool
    test_domains: bool

    def may_send(self, *, allowed: bool, codes_this_hour: int) -> bool:
        """Whether a code is sent; `allowed` is who may sign in. Whoever asks for it can't tell."""
        return allowed and codes_this_hour < CODES_AN_HOUR


@dataclass(frozen=True)
class Challenge:
    """A question for a code: from one browser, for one address."""

    id: UUID
    address: Address
    browser_hash: bytes
    code_mac: bytes
    sent: bool
    issued_at: datetime
    tries: int = 0
    used_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        return self.issued_at + CODE_LIFE

    def attempt(self, browser_hash: bytes, mac: bytes, at: datetime) -> tuple["Challenge", Problem | None]:
        """The challenge after one try, and what was wrong with the try; None if it was right.

        A try from another browser can't be right and isn't counted: it mustn't use up hers.
        """
        same_browser = hmac.compare_digest(self.browser_hash, browser_hash)
        same_code = hmac.compare_digest(self.code_mac, mac)
        if at >= self.expires_at or self.used_at is not None or self.tries >= TRIES:
            return self, CodeExpired()
        if not same_browser:
            return self, WrongCode()
        tried = replace(self, tries=self.tries + 1)
        if same_code and self.sent:
            return replace(tried, used_at=at), None
        return tried, WrongCode()
