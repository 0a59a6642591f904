"""`python -m deploy.kubernetes.secrets [--cloudnative-pg] | kubectl create -n madrina -f -`: every key and password of one Madrina.

They are made anew each time; `kubectl create` refuses what is there, so none is ever overwritten. SMTP_PASSWORD comes from the
environment, and is empty without one.
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from secrets import token_hex

from deploy import secrets
from deploy.kubernetes.kustomize import Object
from deploy.processes import PROCESSES, Process
from deploy.secrets import Secrets

IN_CLUSTER = "madrina-postgres:5432"
BY_OPERATOR = "madrina-postgres-rw:5432"
VERIFIED = "?sslmode=verify-full&sslrootcert=/etc/postgres/ca.crt"
"""What CloudNativePG's server is known by, where components/cloudnative-pg puts it."""


def secret_of(process: Process) -> str:
    """The name of the Secret that holds the process's secret settings: a migration has its own, with the owner's role."""
    if process.role is None:
        return f"madrina-{process.name}"
    return f"madrina-{process.module.removeprefix('services.')}{'-migrate' if process.role == 'migrate' else ''}"


def objects(made: Secrets, smtp_password: str, *, cloudnative_pg: bool) -> list[Object]:
    """The Secrets, and the one ConfigMap whose text only the operator has: the public half of the signing key."""
    found: dict[str, dict[str, str]] = {secret_of(process): {} for process in PROCESSES}
    for process in PROCESSES:
        settings = secrets.settings(process, made, BY_OPERATOR if cloudnative_pg else IN_CLUSTER)
        settings.pop("TOKEN_PUBLIC_KEYS", None)
        if cloudnative_pg and "DATABASE_URL" in settings:
            settings["DATABASE_URL"] += VERIFIED
        found[secret_of(process)] |= settings
    found["madrina-notify"]["SMTP_PASSWORD"] = smtp_password
    found["madrina-nats"] = {"ROUTES_PASSWORD": token_hex(16)}
    if not cloudnative_pg:
        passwords = {f"{role.upper()}_PASSWORD": password for role, password in made.databases.items()}
        found["madrina-postgres"] = {"POSTGRES_PASSWORD": made.superuser, **passwords}
    return [
        *(_secret(name, values) for name, values in found.items()),
        *(_of_role(role, password) for role, password in made.databases.items() if cloudnative_pg),
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "madrina-token-keys"},
            "data": {"TOKEN_PUBLIC_KEYS": made.public_keys},
        },
    ]


def _secret(name: str, values: dict[str, str], kind: str = "Opaque") -> Object:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": kind, "stringData": values}


def _of_role(role: str, password: str) -> Object:
    """What CloudNativePG reads a role's password from."""
    return _secret(f"madrina-postgres-{role.replace('_', '-')}", {"username": role, "password": password}, "kubernetes.io/basic-auth")


def main() -> int:
    """Print them as one list."""
    parser = argparse.ArgumentParser(prog="python -m deploy.kubernetes.secrets")
    parser.add_argument("--cloudnative-pg", action="store_true", help="for an overlay with components/cloudnative-pg")
    options = parser.parse_args()
    if sys.stdout.isatty():
        sys.stderr.write("These are secrets: send them on to `kubectl create -n madrina -f -`, not to a screen.\n")
        return 64
    made = secrets.make(f"{datetime.now(UTC):%Y-%m-%d}")
    items = objects(made, os.environ.get("SMTP_PASSWORD", ""), cloudnative_pg=options.cloudnative_pg)
    json.dump({"apiVersion": "v1", "kind": "List", "items": items}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
