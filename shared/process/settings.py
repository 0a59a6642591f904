"""Settings from the environment. A process lists every missing or wrong one at once and refuses to start."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.http import tokens

EXIT_CONFIG = 78
"""The exit status of a process that can't start with its settings (EX_CONFIG of sysexits.h)."""

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


def _starts(*schemes: str) -> Callable[[str], str]:
    def check(url: str) -> str:
        if not url.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"should start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return url.rstrip("/")

    return check


def _public_keys(jwks: str) -> str:
    tokens.TokenVerifier(jwks, "")
    return jwks


def _signing_key(jwk: SecretStr) -> SecretStr:
    tokens.TokenSigner(jwk.get_secret_value())
    return jwk


def _postgres(url: SecretStr) -> SecretStr:
    _starts("postgresql", "postgres")(url.get_secret_value())
    return url


HttpUrl = Annotated[str, AfterValidator(_starts("http", "https"))]
"""An http address, without a slash at its end."""
SigningKey = Annotated[SecretStr, AfterValidator(_signing_key)]


class SettingsMixin(BaseSettings):
    """The base of every mixin, a service's own too: of a combination, the last one named decides the configuration.

    An empty value is a missing one. The text under a field is its description in docs/settings.md.
    """

    model_config = SettingsConfigDict(
        env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class ServiceSettings(SettingsMixin):
    """What every api and worker needs."""

    madrina_env: Literal["production", "local"] = "production"
    """`local` accepts `.test` addresses and lets the clock travel."""
    health_host: str = "127.0.0.1"
    """The address on which it answers `/healthz`, `/readyz` and `/metrics`; never one that members reach."""
    health_port: int = Field(ge=0, le=65535)
    """The port for these three alone."""
    log_level: Level = "INFO"
    """The least important lines that are logged."""
    clock_file: Path | None = None
    """The file that says how far business time has travelled; only if `MADRINA_ENV` is `local`."""

    @field_validator("clock_file")
    @classmethod
    def _production_never_travels(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        if path is not None and info.data.get("madrina_env") != "local":
            raise ValueError("the clock travels only if MADRINA_ENV is local")
        return path

    @property
    def local(self) -> bool:
        """True on a developer's machine: test addresses are good there, and the clock may travel."""
        return self.madrina_env == "local"


class HttpSettings(ServiceSettings):
    """What a process that answers requests needs."""

    host: str = "127.0.0.1"
    """The address on which it answers them."""
    port: int = Field(ge=0, le=65535)
    """The port on which it answers them."""


class DatabaseSettings(SettingsMixin):
    """What a process with a database needs."""

    database_url: Annotated[SecretStr, AfterValidator(_postgres)]
    """The service's own database, with its role and password: `postgresql://…`."""
    database_pool_size: int = Field(default=10, ge=1, le=200)
    """The most connections of one process."""


class BrokerSettings(SettingsMixin):
    """What a process needs to reach the broker."""

    nats_url: Annotated[str, AfterValidator(_starts("nats", "tls"))]
    """The broker: `nats://…` or `tls://…`."""
    nats_user: str
    """The broker's user, named for the service."""
    nats_password: SecretStr
    """That user's password."""


class ApiSettings(HttpSettings, DatabaseSettings):
    """What every api with a database needs: it knows its members by their tokens."""

    token_public_keys: Annotated[str, AfterValidator(_public_keys)]
    """The public keys of member tokens, a JWK set as JSON."""


class WorkerSettings(ServiceSettings, DatabaseSettings, BrokerSettings):
    """What every worker needs."""


S = TypeVar("S", bound=BaseSettings)


def load(cls: type[S]) -> S:
    """The settings of a process; if any is missing or wrong, all of them are listed on stderr and the process exits 78."""
    try:
        return cls()
    except ValidationError as error:
        lines = sorted({f"  {_name(wrong['loc'])}: {_reason(wrong)}" for wrong in error.errors(include_input=False, include_url=False)})
        sys.stderr.write("\n".join(["Can't start. These settings are missing or wrong:", *lines, ""]))
        raise SystemExit(EXIT_CONFIG) from None


def _name(place: tuple[Any, ...]) -> str:
    return str(place[0]).upper() if place else "the settings together"


def _reason(wrong: Any) -> str:
    if wrong["type"] == "missing":
        return "is missing"
    return str(wrong["msg"]).removeprefix("Value error, ")
