"""Releases kept as fixtures: `python -m tests.upgrade.release <commit>` packs the code and the migrations of a commit, with its schemas."""

import lzma
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "releases"
WHAT = ("services", "shared")


def packed(commit: str) -> Path:
    """Write the archive of a commit."""
    name = subprocess.run(["git", "rev-parse", "--short=7", commit], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    files = subprocess.run(["git", "archive", name, *WHAT], cwd=ROOT, capture_output=True, check=True).stdout
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{name}.tar.xz"
    file.write_bytes(lzma.compress(files, preset=9))
    return file


def unpacked(name: str, folder: Path) -> Path:
    """A release's code in `folder`."""
    with tarfile.open(FOLDER / f"{name}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


if __name__ == "__main__":
    sys.stdout.write(f"{packed(sys.argv[1])}\n")
