"""What the members service reads from the environment."""

from typing import Literal

from shared.process import settings
from shared.process.settings import HttpUrl, LongKey, SigningKey, WebKeySettings


class ApiSettings(settings.ApiSettings, WebKeySettings):
    """The API: its database, and the keys it signs tokens and codes with."""

    web_url: HttpUrl
    """The public address of the pages, where members' passkeys are good; another name than before ends them all."""
    token_signing_key: SigningKey
    """The private key that signs member tokens, an Ed25519 JWK as JSON."""
    code_key: LongKey
    """At least 32 characters, for the HMACs of sign-in codes and of what their limits count. When it changes, codes on their way end."""
    invitation_letters: Literal["refused", "allowed"] = "refused"
    """Whether members may have their invitations sent by email to women who are no members."""
    requests_url: HttpUrl
    """The api of requests."""
    reputation_url: HttpUrl
    """The api of reputation."""
    notify_url: HttpUrl
    """The api of notify."""
