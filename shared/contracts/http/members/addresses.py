"""Her addresses: the one she signs in with, and the one that introductions pass on."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, Body, CommandRoute, OpenRoute, QueryRoute
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.contracts.http.members.signing_in import Code, CodeExpired, Email, ForeignCaller, WrongCode
from shared.problems import Problem, StepUpNeeded

ADDRESSES_A_DAY = 5
"""So many new addresses may a member name in a day, for each is sent a letter."""
UNDO_DAYS = 7

Purpose = Literal["sign_in", "passed_on"]
"""What a new address is for: to sign in with, or for introductions to pass on in its place."""


class NewAddressBody(Body):
    """The address as she typed it."""

    email: Email
    purpose: Purpose


class AddressCodeBody(Body):
    """The code from the letter to the new address."""

    code: Code


class NewAddressView(Answer):
    """One that waits for its code."""

    id: UUID
    address: lengths.Address
    purpose: Purpose
    expires_at: datetime


class AddressesView(Answer):
    """`passed_on`: what introductions pass on, if not the one she signs in with. `undo_until`: her former address is kept until then."""

    address: lengths.Address
    passed_on: lengths.Address | None = None
    waiting: NewAddressView | None = None
    undo_until: datetime | None = None


class ChangeBody(Body):
    """The end of the link in the letter to the address that she had."""

    token: Annotated[str, Field(max_length=64)]


class ChangeView(Answer):
    """What the link undoes: a change that has been made, or one that is only asked for."""

    made: bool


class TooManyAddresses(
    Problem, code="too_many_addresses", status=409, sentence="You have named five new addresses today. Please go on tomorrow."
):
    """Each is sent a letter, whoever reads it there."""


class ChangeOver(
    Problem, code="change_over", status=404, sentence="This link doesn't work any more: the change is undone already, or its days are over."
):
    """Undone, too late, or never there: all the same to whoever asks."""


ADDRESSES = QueryRoute(path="/v1/me/addresses", answer=AddressesView)
NAME_ADDRESS = CommandRoute(path="/v1/me/addresses", body=NewAddressBody, problems=(StepUpNeeded, ProfileNeeded, TooManyAddresses))
CONFIRM_ADDRESS = CommandRoute(
    path="/v1/me/addresses/confirm", body=AddressCodeBody, problems=(StepUpNeeded, ProfileNeeded, WrongCode, CodeExpired)
)
PASS_ON_FIRST = CommandRoute(path="/v1/me/addresses/pass-on-first", problems=(StepUpNeeded, ProfileNeeded))
OPEN_CHANGE = OpenRoute(
    path="/v1/addresses/changes", body=ChangeBody, answer=ChangeView, problems=(ForeignCaller, ChangeOver), repeatable=True
)
UNDO_CHANGE: OpenRoute[Answer] = OpenRoute(
    path="/v1/addresses/changes/undo", body=ChangeBody, status=204, problems=(ForeignCaller, ChangeOver)
)
