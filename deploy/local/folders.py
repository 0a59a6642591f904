"""Where PostgreSQL's files live. As root it runs as another user, from a system folder that the data folder names."""

import os
import shutil
import tempfile
from pathlib import Path

NAMED_IN = "system-folder"
"""The file in the data folder that names the system folder."""
PREFIX = "madrina-postgres-"
SHORT_LIVED = Path("/var/tmp")  # noqa: S108 — mkdtemp makes the name
"""The system folder's parent if the data won't be kept: what a killed run leaves behind is cleaned up there."""
MEMORY = Path("/dev/shm")  # noqa: S108 — mkdtemp makes the name
ROOM_BYTES = 2 * 1024**3


def other_user() -> str | None:
    """The user PostgreSQL runs as: None for ourselves, an existing unprivileged one where we are root (it refuses root)."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 — absent on Windows

    names = {entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise RuntimeError("PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody")


def in_memory() -> Path | None:
    """A folder whose files are kept in memory, for what a test run throws away; None if this system has none with room.

    A cluster is a thousand small files. On some file systems (ext4 without a journal) making a file costs more the more were
    deleted in the seconds before: cloning a database then takes ten times as long as here.
    """
    try:
        return MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES else None
    except OSError:
        return None


def postgres_folder(folder: Path, *, parent: Path | None = None) -> Path:
    """The folder for PostgreSQL's files, made where it isn't there: `folder` itself, or as root a system folder in
    `parent` (default /var/lib) that belongs to the other user and that `folder`/system-folder names."""
    folder.mkdir(parents=True, exist_ok=True)
    user = other_user()
    if user is None:
        return folder
    name = folder / NAMED_IN
    if name.exists() and (known := Path(name.read_text().strip())).is_dir():
        return known
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent or _system_parent()))
    shutil.chown(made, user=user, group=-1)
    name.write_text(f"{made}\n")
    return made


def remove(folder: Path) -> None:
    """Delete the data folder, and the system folder that it names."""
    name = folder / NAMED_IN
    if name.exists():
        named = Path(name.read_text().strip())
        # The file is only text: never follow it to a folder that we can't have made.
        if named.name.startswith(PREFIX) and named.is_dir() and not named.is_symlink():
            shutil.rmtree(named)
    shutil.rmtree(folder, ignore_errors=True)


def _system_parent() -> Path:
    kept = Path("/var/lib")
    return kept if kept.is_dir() else SHORT_LIVED
