"""Every key and password of one Madrina, and which process gets which of them."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.processes import DATABASE_ROLES, Process, settings_of
from shared.http import tokens
from shared.messaging import topology


@dataclass(frozen=True)
class Secrets:
    """What nobody else may know, and the public half of one of it."""

    signing_key: str
    """The private JWK of member tokens, as JSON."""
    public_keys: str
    """The JWK set with its public half, as JSON."""
    code_key: str
    keep_key: str
    """What the pages seal forms with."""
    web_key: str
    """By which members knows the web."""
    superuser: str
    """PostgreSQL's superuser's password."""
    databases: Mapping[str, str]
    """The password of each role that connects to a database."""
    broker: Mapping[str, str]
    """Each broker user's password."""


def make(kid: str) -> Secrets:
    """New ones; `kid` names the signing key."""
    key = tokens.new_key(kid)
    return Secrets(
        signing_key=json.dumps(key),
        public_keys=json.dumps(tokens.public_keys(key)),
        code_key=secrets.token_hex(32),
        keep_key=secrets.token_hex(32),
        web_key=secrets.token_hex(32),
        superuser=secrets.token_hex(16),
        databases={name: secrets.token_hex(16) for name in DATABASE_ROLES},
        broker={name: secrets.token_hex(16) for name in topology.users()},
    )


def settings(process: Process, made: Secrets, postgres: str) -> dict[str, str]:
    """The settings of a process that hold any of this; `postgres` is the host and port of its database."""
    values = {
        "TOKEN_PUBLIC_KEYS": made.public_keys,
        "TOKEN_SIGNING_KEY": made.signing_key,
        "CODE_KEY": made.code_key,
        "KEEP_KEY": made.keep_key,
        "WEB_KEY": made.web_key,
    }
    if role := process.database_role:
        values["DATABASE_URL"] = f"postgresql://{role}:{made.databases[role]}@{postgres}/{process.database}"
    if user := process.broker_user:
        values["NATS_PASSWORD"] = made.broker[user]
    return {setting.name: values[setting.name] for setting in settings_of(process) if setting.name in values}
