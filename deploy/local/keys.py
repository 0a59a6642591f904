"""The secrets of a local stack: made once, kept in one file that its owner alone may read."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deploy import secrets
from deploy.secrets import Secrets


def make() -> Secrets:
    """New secrets."""
    return secrets.make("local")


def load_or_make(folder: Path) -> Secrets:
    """The secrets in `folder`; those that aren't there yet are made. Raises ValueError if the file is damaged or another version's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "secrets.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    try:
        made = Secrets(**_completed(asdict(make()), kept))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"{file} is from another version; `make run FRESH=1` starts anew") from error
    if asdict(made) != kept:
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        part.write_text(json.dumps(asdict(made), indent=1))
        part.replace(file)
    return made


def _completed(fresh: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """What was kept, with what an older version didn't know yet."""
    return kept | {
        name: fresh[name] | kept.get(name, {}) if isinstance(fresh[name], dict) else kept.get(name, fresh[name]) for name in fresh
    }
