"""Passkeys: signing in with one, and hers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, IPvAnyAddress

from shared.contracts import lengths
from shared.contracts.http.base import Answer, Body, CommandRoute, OpenRoute, QueryRoute
from shared.contracts.http.members.signing_in import Device, ForeignCaller, Secret, SessionSecret, SignedIn
from shared.problems import Problem, StepUpNeeded
from shared.text import Words

MOST_PASSKEYS = 10
"""That one member has."""

Credential = Annotated[str, Field(max_length=12_000)]
"""What the browser answered, as the JSON of `PublicKeyCredential.toJSON()`."""
Label = Annotated[str, Words(0, 60, one_line=True)]


class BrowserBody(Body):
    """The browser for which a challenge is made: in another its answer is good for nothing."""

    browser: Secret


class PasskeyOptions(Answer):
    """What the browser is to be asked, as JSON: `PublicKeyCredential.parse…OptionsFromJSON` reads it. It says nothing of any account."""

    options: Annotated[str, Field(max_length=20_000)]


class PasskeySignInBody(Body):
    """The answer of a passkey, from the browser that was asked; the `session` that the browser still has ends with the new one."""

    credential: Credential
    browser: Secret
    ip: IPvAnyAddress
    session: SessionSecret = ""
    device: Device = ""


class PasskeyBody(Body):
    """A passkey that the browser has just made, and what she calls it."""

    credential: Credential
    browser: Secret
    label: Label = ""


class PasskeyView(Answer):
    """One of hers. `used_at` is None before she has signed in with it."""

    id: UUID
    label: lengths.Line
    added_at: datetime
    used_at: datetime | None


class PasskeyRefused(
    Problem, code="passkey_refused", status=422, sentence="That passkey didn't work here. Please try again, or have a code sent to you."
):
    """Unknown, of another browser's question, too late, wrongly signed: all the same to whoever asks."""


class TooManyPasskeys(
    Problem, code="too_many_passkeys", status=409, sentence="You have as many passkeys as there can be. Remove one that you no longer use."
):
    """Ten."""


PASSKEY_CHALLENGE = OpenRoute(
    path="/v1/sign-in/passkeys/challenges", body=BrowserBody, answer=PasskeyOptions, problems=(ForeignCaller,), repeatable=True
)
SIGN_IN_WITH_PASSKEY = OpenRoute(
    path="/v1/sign-in/passkeys", body=PasskeySignInBody, answer=SignedIn, problems=(ForeignCaller, PasskeyRefused)
)
NEW_PASSKEY = QueryRoute(path="/v1/me/passkeys/challenges", body=BrowserBody, answer=PasskeyOptions, problems=(StepUpNeeded,))
ADD_PASSKEY = CommandRoute(path="/v1/me/passkeys", body=PasskeyBody, creates=True, problems=(StepUpNeeded, PasskeyRefused, TooManyPasskeys))
REMOVE_PASSKEY = CommandRoute(path="/v1/me/passkeys/{passkey_id}/remove", problems=(StepUpNeeded,))
