"""The secrets of a local stack: made once, kept in one file that its owner alone may read."""

import json
import secrets
from dataclasses import asdict
from pathlib import Path

from deploy.local.environment import Secrets
from deploy.processes import DATABASES
from shared.http import tokens
from shared.messaging import topology


def make() -> Secrets:
    """New secrets."""
    key = tokens.new_key("local")
    return Secrets(
        signing_key=json.dumps(key),
        public_keys=json.dumps(tokens.public_keys(key)),
        code_key=secrets.token_hex(32),
        keep_key=secrets.token_hex(32),
        web_key=secrets.token_hex(32),
        superuser=secrets.token_hex(16),
        databases={name: secrets.token_hex(16) for name in DATABASES},
        broker={name: secrets.token_hex(16) for name in topology.users()},
    )


def load_or_make(folder: Path) -> Secrets:
    """The secrets in `folder`, made if there are none yet. Raises ValueError if the file is damaged or another version's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "secrets.json"
    if not file.exists():
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(json.dumps(asdict(make()), indent=1))
        part.replace(file)
    try:
        return Secrets(**json.loads(file.read_text()))
    except TypeError as error:
        raise ValueError(f"{file} is from another version; `make run FRESH=1` starts anew") from error
