"""`python -m deploy.compose.secrets FOLDER`: makes every key and password of the stack, a file of settings for each container.

It never overwrites: what is there may be all that opens a database.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploy import secrets
from deploy.processes import PROCESSES

POSTGRES = "postgres:5432"


def files(made: secrets.Secrets) -> dict[str, dict[str, str]]:
    """What each container gets, by the container's name."""
    ours = {process.name: secrets.settings(process, made, POSTGRES) for process in PROCESSES}
    passwords = {f"{role.upper()}_PASSWORD": password for role, password in made.databases.items()}
    # In quotes of its own, because NATS reads what a variable holds as it reads its configuration: 1e5 would be a number.
    brokers = {user.upper(): f'"{password}"' for user, password in made.broker.items()}
    return ours | {"postgres": {"POSTGRES_PASSWORD": made.superuser} | passwords, "nats": brokers}


def write(folder: Path, made: secrets.Secrets) -> list[Path]:
    """Write `<container>.env` for each, readable by their owner alone. Raises FileExistsError if any is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if there := sorted(folder.glob("*.env")):
        raise FileExistsError(str(there[0]))
    written = []
    for name, values in files(made).items():
        file = folder / f"{name}.env"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as text:
            text.writelines(f"{key}='{value}'\n" for key, value in values.items())
        written.append(file)
    return written


def main(arguments: list[str]) -> int:
    """Write them into the folder named; 1 and a sentence if there are some already, 64 if no folder is named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m deploy.compose.secrets FOLDER\n")
        return 64
    try:
        written = write(Path(arguments[0]), secrets.make(f"{datetime.now(UTC):%Y-%m-%d}"))
    except FileExistsError as error:
        sys.stderr.write(f"There are secrets already: {error}. Nothing was written; without the old ones nothing opens any more.\n")
        return 1
    sys.stdout.write(f"Made the secrets of {len(written)} containers. Keep a copy where nobody else reads it.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
