"""When a new address of hers is hers, what is told of it, and what undoing it brings back. Pure.

    named ──▶ code in the new mailbox, letter to the old one ──▶ confirmed ──▶ 7 days to undo from the old one ──▶ over

The old end has confirmed before: whoever names an address has just shown a code of the old one, or a passkey. Codes live by machine time,
the seven days are business time.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.members.accounts.domain import Address
from services.members.invitations.domain import id_in, token_of
from services.members.sessions.domain.challenge import CODE_LIFE, TRIES
from services.members.sessions.domain.hashes import code_of
from services.members.sessions.domain.limits import LONG
from shared.contracts.events.base import Event
from shared.contracts.events.members import AddressSet, Language
from shared.contracts.events.members_private import AddressChangeAsked, AddressChanged, NewAddressNamed
from shared.contracts.http.members.addresses import UNDO_DAYS, Purpose
from shared.contracts.http.members.signing_in import CodeExpired, WrongCode

UNDO = timedelta(days=UNDO_DAYS)


@dataclass(frozen=True)
class Reached:
    """Where a member is reached, and in which language."""

    id: UUID
    address: Address
    version: int
    passed_on: str | None
    name: str
    language: Language
    time_zone: str
    discreet: bool


@dataclass(frozen=True)
class Named:
    """A new address that waits for its code. `free`: it is nobody's, and only then its code has left."""

    id: UUID
    member_id: UUID
    purpose: Purpose
    address: Address
    free: bool
    asked_at: datetime
    began_at: datetime
    tries: int = 0

    @property
    def expires_at(self) -> datetime:
        return self.asked_at + CODE_LIFE

    def code(self, key: str) -> str:
        """Its code, which is stored nowhere: too long to be guessed, whoever guesses."""
        return code_of(key, self.id, b"address\0" + self.member_id.bytes, LONG)

    def is_open(self, at: datetime) -> bool:
        """Whether its code may still be tried."""
        return at < self.expires_at and self.tries <= TRIES

    def check(self, code: str, key: str, at: datetime) -> None:
        """Raises CodeExpired, WrongCode unless that is its code, and its letter has left."""
        if not self.is_open(at):
            raise CodeExpired
        if not hmac.compare_digest(self.code(key).encode(), code.encode()) or not self.free:
            raise WrongCode


@dataclass(frozen=True)
class Former:
    """An address that she has left, what was passed on then, and since when she was about to leave it."""

    id: UUID
    member_id: UUID
    address: Address
    passed_on: str | None
    began_at: datetime
    changed_at: datetime

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be put back."""
        return at < self.changed_at + UNDO


def change_in(key: str, token: str) -> UUID:
    """Which change the link in the letter to the old address undoes; NIL if it isn't ours."""
    return id_in(key, token, "address")


def name(her: Reached, new: Named, key: str) -> list[Event]:
    """The two letters: the code to the new address, or to its owner that it is taken; and to the old one how to stop it."""
    passed_on = new.purpose == "passed_on"
    to_new = NewAddressNamed(
        aggregate_id=new.id,
        aggregate_version=1,
        member_id=her.id,
        occurred_at=new.asked_at,
        address=new.address.address,
        name="",
        language=her.language,
        time_zone="",
        code=new.code(key) if new.free else "",
        passed_on=passed_on,
    )
    return [to_new, AddressChangeAsked(**_letter(her, new.id, key, new.began_at), passed_on=passed_on)]


def confirm(her: Reached, new: Named, key: str, at: datetime) -> tuple[Reached, Former | None, list[Event]]:
    """She has it, and if she signs in with it, the one that she has left."""
    if new.purpose == "passed_on":
        after = _moved(her, her.address, new.address.address if new.address.key != her.address.key else None)
        return after, None, [_set(after, at)]
    kept = her.passed_on if her.passed_on and her.passed_on.lower() != new.address.key else None
    after = _moved(her, new.address, kept)
    former = Former(new.id, her.id, her.address, her.passed_on, new.began_at, at)
    return after, former, [_set(after, at), AddressChanged(**_letter(her, new.id, key, at))]


def pass_on_first(her: Reached, at: datetime) -> tuple[Reached, list[Event]]:
    """Introductions pass on the address that she signs in with."""
    if her.passed_on is None:
        return her, []
    after = _moved(her, her.address, None)
    return after, [_set(after, at)]


def undo(her: Reached, former: Former, at: datetime) -> tuple[Reached, list[Event]]:
    """She has the addresses that she had before that change, whatever was changed since."""
    after = _moved(her, former.address, former.passed_on)
    return after, [_set(after, at)]


def _moved(her: Reached, address: Address, passed_on: str | None) -> Reached:
    return replace(her, address=address, passed_on=passed_on, version=her.version + 1)


def _set(her: Reached, at: datetime) -> Event:
    return AddressSet(
        aggregate_id=her.id, aggregate_version=her.version, occurred_at=at, address=her.address.address, passed_on=her.passed_on
    )


def _letter(her: Reached, change_id: UUID, key: str, at: datetime) -> dict[str, Any]:
    known = {name: getattr(her, name) for name in ("name", "language", "time_zone", "discreet")}
    about = {"aggregate_id": change_id, "aggregate_version": 1, "member_id": her.id, "occurred_at": at}
    return {**about, **known, "address": her.address.address, "token": token_of(key, change_id, "address")}
