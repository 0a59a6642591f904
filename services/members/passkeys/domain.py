"""What makes an answer of a passkey good (WebAuthn, sections 7.1 and 7.2). Pure: times and random bytes come in as arguments.

A challenge is kept nowhere. It says when it was made, and is signed for one purpose and one browser; that it has been answered is what is
kept. Every authenticator is welcome, and has to make sure by itself that it is her: a fingerprint, a face, a PIN.
"""

import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import parse_authentication_credential_json, parse_client_data_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shared.contracts.http.members.passkeys import PasskeyRefused

CHALLENGE_LIFE = timedelta(minutes=10)
REQUIRED = UserVerificationRequirement.REQUIRED
SIGN_IN = "sign in"
"""What a challenge is for, if it isn't for a new passkey of one member."""

_WHEN, _RANDOM = 8, 16
T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """The pages on which passkeys of ours are good: their address, and the key that signs challenges."""

    origin: str
    key: str = field(repr=False)

    @property
    def rp_id(self) -> str:
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True)
class Passkey:
    """One of a member's."""

    id: UUID
    member_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    label: str
    added_at: datetime
    used_at: datetime | None = None


def challenge(site: Site, purpose: str, browser_hash: bytes, at: datetime, random: bytes) -> bytes:
    """A question for that browser; `random` are 16 bytes."""
    return _signed(site, purpose, browser_hash, int(at.timestamp()).to_bytes(_WHEN) + random)


def _signed(site: Site, purpose: str, browser_hash: bytes, head: bytes) -> bytes:
    return head + hmac.digest(site.key.encode(), b"passkey\0" + purpose.encode() + b"\0" + browser_hash + head, "sha256")


def _answered(site: Site, purpose: str, browser_hash: bytes, at: datetime, client_data: bytes) -> bytes:
    """The challenge that was answered. Raises PasskeyRefused if it isn't one for this, from this browser, or is too old."""
    asked = parse_client_data_json(client_data).challenge
    head = asked[: _WHEN + _RANDOM]
    if not hmac.compare_digest(asked, _signed(site, purpose, browser_hash, head)):
        raise PasskeyRefused
    if at >= datetime.fromtimestamp(int.from_bytes(head[:_WHEN]), UTC) + CHALLENGE_LIFE:
        raise PasskeyRefused
    return asked


def _refusing(check: Callable[[], T]) -> T:
    # What comes in is from outside, and the library lets some of what is wrong with it through as it found it.
    try:
        return check()
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        raise PasskeyRefused from error


def request_options(site: Site, asked: bytes) -> str:
    """What a browser is asked for to sign in: any passkey of ours, whosever it is."""
    return webauthn.options_to_json(webauthn.generate_authentication_options(rp_id=site.rp_id, challenge=asked, user_verification=REQUIRED))


def creation_options(site: Site, asked: bytes, member_id: UUID, name: str, known: Collection[Passkey]) -> str:
    """What a browser is asked for to make one: discoverable, so that it takes no address, and on no device that has one already."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.rp_id,
            rp_name="Madrina",
            user_id=member_id.bytes,
            user_name=name,
            challenge=asked,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in known],
        )
    )


@dataclass(frozen=True)
class Made:
    """A passkey that was made, and the challenge that this answered."""

    challenge: bytes
    credential_id: bytes
    public_key: bytes
    sign_count: int


def made(site: Site, member_id: UUID, browser_hash: bytes, credential: str, at: datetime) -> Made:
    """The passkey in that answer of her browser. Raises PasskeyRefused."""

    def check() -> Made:
        parsed = parse_registration_credential_json(credential)
        asked = _answered(site, str(member_id), browser_hash, at, parsed.response.client_data_json)
        found = webauthn.verify_registration_response(
            credential=parsed,
            expected_challenge=asked,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        return Made(asked, found.credential_id, found.credential_public_key, found.sign_count)

    return _refusing(check)


def credential_id(credential: str) -> bytes:
    """Of which passkey this is an answer. Raises PasskeyRefused."""
    return _refusing(lambda: parse_authentication_credential_json(credential).raw_id)


def shown(site: Site, passkey: Passkey, browser_hash: bytes, credential: str, at: datetime) -> tuple[bytes, int]:
    """The challenge that her passkey has answered, and its counter from now on. Raises PasskeyRefused.

    A counter that doesn't rise is refused: somebody has a copy. Passkeys that are kept on several devices count nothing.
    """

    def check() -> tuple[bytes, int]:
        parsed = parse_authentication_credential_json(credential)
        asked = _answered(site, SIGN_IN, browser_hash, at, parsed.response.client_data_json)
        if parsed.response.user_handle not in {None, passkey.member_id.bytes}:
            raise PasskeyRefused
        found = webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=asked,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        return asked, found.new_sign_count

    return _refusing(check)
