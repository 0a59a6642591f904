"""What the members service reads from the environment."""

from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr

from shared.process.settings import BrokerSettings, DatabaseSettings, ServiceSettings, SigningKey, TokenSettings

LEAST_KEY = 32


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < LEAST_KEY:
        raise ValueError(f"should be at least {LEAST_KEY} characters")
    return key


class ApiSettings(ServiceSettings, DatabaseSettings, TokenSettings):
    """What the api needs."""

    token_signing_key: SigningKey
    code_key: Annotated[SecretStr, AfterValidator(_long_enough)]
    join: Literal["open", "invited"] = "invited"


class WorkerSettings(ServiceSettings, DatabaseSettings, BrokerSettings):
    """What the worker needs."""
