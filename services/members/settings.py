"""What the members service reads from the environment."""

from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr

from shared.process import settings
from shared.process.settings import SigningKey

SHORTEST_KEY = 32


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"should be at least {SHORTEST_KEY} characters")
    return key


class ApiSettings(settings.ApiSettings):
    """The API: its database, the keys it signs tokens and codes with, and who may join."""

    token_signing_key: SigningKey
    """The private key that signs member tokens, an Ed25519 JWK as JSON."""
    code_key: Annotated[SecretStr, AfterValidator(_long_enough)]
    """At least 32 characters, for the HMAC of sign-in codes."""
    join: Literal["open", "invited"] = "invited"
    """Who may join: whoever has an address, or only who was invited."""
