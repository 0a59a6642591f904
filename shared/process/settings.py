"""Settings from the environment. A process lists every missing or wrong one at once and refuses to start.

In production it also refuses every way out of it that isn't encrypted, unless PLAIN_TEXT says that this is meant.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar
from urllib.parse import parse_qs, urlsplit

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


SHORTEST_KEY = 32


def _long_enough(key: SecretStr) -> SecretStr:
    if any(len(part) < SHORTEST_KEY for part in key.get_secret_value().split(",")):
        raise ValueError(f"should be at least {SHORTEST_KEY} characters")
    return key


LongKey = Annotated[SecretStr, AfterValidator(_long_enough)]
"""A secret too long to be guessed."""


@dataclass(frozen=True)
class Encrypted:
    """The mark of a setting that says how another machine is reached: with which of its values what is sent is encrypted."""

    by: Callable[[str], bool]


def _by_scheme(scheme: str) -> Encrypted:
    return Encrypted(lambda urls: all(urlsplit(url).scheme == scheme for url in urls.split(",")))


def _brokers(urls: str) -> str:
    each = [_starts("nats", "tls")(url.strip()) for url in urls.split(",")]
    if any("@" in url for url in each):
        raise ValueError("should name servers alone: who connects is NATS_USER, with NATS_PASSWORD")
    return ",".join(each)


def _postgres_is_encrypted(url: str) -> bool:
    """True if the driver insists on TLS, or goes through a socket of this machine."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    hosts = (parts.hostname or query.get("host", ["/"])[-1]).split(",")
    return all(host.startswith("/") for host in hosts) or query.get("sslmode", [""])[-1] in {"require", "verify-ca", "verify-full"}


HttpUrl = Annotated[str, AfterValidator(_starts("http", "https")), _by_scheme("https")]
"""An http address, without a slash at its end."""
SigningKey = Annotated[SecretStr, AfterValidator(_signing_key)]


class SettingsMixin(BaseSettings):
    """The base of every mixin, a service's own too: of a combination, the last one named decides the configuration.

    An empty value is a missing one. The text under a field is its description in docs/settings.md.
    """

    model_config = SettingsConfigDict(
        env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True, use_attribute_docstrings=True
    )


class Surroundings(SettingsMixin):
    """Where a process runs."""

    madrina_env: Literal["production", "local"] = "production"
    """`local` accepts `.test` addresses, lets the clock travel and connects without encryption."""
    plain_text: Literal["refused", "allowed"] = "refused"
    """`allowed` lets production connect without encryption, as in a network that encrypts by itself; each start says so on stderr."""

    @property
    def local(self) -> bool:
        """True on a developer's machine: test addresses are good there, and the clock may travel."""
        return self.madrina_env == "local"

    def not_encrypted(self) -> list[str]:
        """The settings by which something leaves this process in plain text."""
        return [
            name
            for name, field in type(self).model_fields.items()
            for mark in field.metadata
            if isinstance(mark, Encrypted) and not mark.by(_text(getattr(self, name)))
        ]


def _text(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


class ServiceSettings(Surroundings):
    """What every api and worker needs."""

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


class WebKeySettings(SettingsMixin):
    """What the web and members share."""

    web_key: LongKey
    """By which members knows the web, 32 characters or more. While it changes: several, with commas; the web shows the first."""
    join: Literal["open", "by_request", "invited"] = "invited"
    """Who may join: whoever has an address; who is invited, or asks and is let in by a moderator; or only who was invited."""


class HttpSettings(ServiceSettings):
    """What a process that answers requests needs."""

    host: str = "127.0.0.1"
    """The address on which it answers them."""
    port: int = Field(ge=0, le=65535)
    """The port on which it answers them."""


class DatabaseSettings(Surroundings):
    """What a process with a database needs."""

    database_url: Annotated[SecretStr, AfterValidator(_postgres), Encrypted(_postgres_is_encrypted)]
    """The service's own database: `postgresql://role:password@one:5432,two:5432/members?sslmode=verify-full`, one server or several."""
    database_pool_size: int = Field(default=10, ge=1, le=200)
    """The most connections of one process."""


class BrokerSettings(Surroundings):
    """What a process needs to reach the broker."""

    nats_url: Annotated[str, AfterValidator(_brokers), _by_scheme("tls")]
    """The broker: `nats://…` or `tls://…`; of a cluster several servers, with commas, of which any that lives is used."""
    nats_user: str
    """The broker's user, named for the service."""
    nats_password: SecretStr
    """That user's password."""


class JobSettings(SettingsMixin):
    """What a job needs that may be started before what it works on."""

    wait_seconds: int = Field(default=300, ge=1, le=3600)
    """How long it waits for its server, and for what others make there, before it ends with a sentence and the status 1."""


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
        settings = cls()
    except ValidationError as error:
        _refuse({f"{_name(wrong['loc'])}: {_reason(wrong)}" for wrong in error.errors(include_input=False, include_url=False)})
    if isinstance(settings, Surroundings) and not settings.local and (plain := [name.upper() for name in settings.not_encrypted()]):
        if settings.plain_text == "refused":
            _refuse({f"{name}: isn't encrypted, and PLAIN_TEXT isn't allowed" for name in plain})
        sys.stderr.write(f"!!!!! PLAIN_TEXT=allowed: NOT ENCRYPTED ARE {', '.join(plain)} !!!!!\n")
    return settings


def _refuse(reasons: set[str]) -> NoReturn:
    lines = sorted(f"  {reason}" for reason in reasons)
    sys.stderr.write("\n".join(["Can't start. These settings are missing or wrong:", *lines, ""]))
    raise SystemExit(EXIT_CONFIG)


def _name(place: tuple[Any, ...]) -> str:
    return str(place[0]).upper() if place else "the settings together"


def _reason(wrong: Any) -> str:
    if wrong["type"] == "missing":
        return "is missing"
    return str(wrong["msg"]).removeprefix("Value error, ")
