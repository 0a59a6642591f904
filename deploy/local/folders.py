"""Where PostgreSQL's files live. As root it runs as another user, in a system folder that the data folder names."""

import os
import shutil
import tempfile
from pathlib import Path

NAMED_IN = "system-folder"
"""The file in the data folder that names the system folder."""
PREFIX = "madrina-postgres-"
ON_DISK = Path("/var/tmp")  # noqa: S108 — mkdtemp makes the name
"""The parent of folders that aren't kept but must be on a disk: what a killed run leaves behind is cleaned up there."""
_MEMORY = Path("/dev/shm")  # noqa: S108 — as above
_ROOM_BYTES = 2 * 1024**3


def other_user() -> str | None:
    """The user PostgreSQL runs as: None for ourselves, an existing unprivileged one if we are root (it refuses root)."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 — absent on Windows

    names = {entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise RuntimeError("PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody")


def short_lived() -> Path:
    """The parent of folders that aren't kept: in memory if this system has room for them there.

    A cluster is a thousand small files, and on some file systems making a file takes longer the more were deleted in the seconds
    before (ext4 without a journal): cloning a database there takes ten times as long.
    """
    try:
        found = os.statvfs(_MEMORY)
    except OSError:
        return ON_DISK
    # PostgreSQL's binaries may have to be copied there (postgres.py).
    fit = found.f_bavail * found.f_frsize >= _ROOM_BYTES and not found.f_flag & os.ST_NOEXEC
    return _MEMORY if fit and os.access(_MEMORY, os.W_OK) else ON_DISK


def postgres_folder(folder: Path, *, parent: Path | None = None) -> Path:
    """The folder for PostgreSQL's files, made if it doesn't exist: `folder` itself, or as root a system folder in
    `parent` (default /var/lib) that belongs to the other user and is named in `folder`/system-folder."""
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
    return kept if kept.is_dir() else ON_DISK
