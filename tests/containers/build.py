"""`python -m tests.containers.build`: the images that the container tests need.

BUILD is what builds one; a tag, options and a folder follow it.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.containers import IMAGE, VERSION

ROOT = Path(__file__).parents[2]
STANDINS = Path(__file__).parent / "standins"
MAILBOX = f"madrina-mailbox:{VERSION}"
OURS = {"postgres": "madrina-tests/postgres", "nats": "madrina-tests/nats", "caddy": "madrina-tests/caddy"}
"""What the tests run in place of the stack's other images: the official ones, or what stands in for them here."""


def build(tag: str, *options: str | Path) -> bool:
    """Build an image; whether that went well, with its output if not."""
    command = [*shlex.split(os.environ.get("BUILD") or "docker build -t"), tag, *map(str, options)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, cwd=ROOT)
    sys.stdout.write(
        f"{'built' if done.returncode == 0 else 'could not build'} {tag}\n{'' if done.returncode == 0 else done.stdout[-2000:]}"
    )
    return done.returncode == 0


def _standin(name: str, file: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(STANDINS / file, f"{folder}/Dockerfile")
        if "wheel" in file:
            shutil.copy(Path(sys.executable).with_name("caddy"), folder)
        return build(OURS[name], folder)


def main() -> int:
    """Build them all; 1 if one can't be."""
    well = build(IMAGE, "--target", "madrina", ".") and build(MAILBOX, "--target", "mailbox", ".")
    well = well and _standin("postgres", "postgres.Dockerfile") and _standin("nats", "nats.Dockerfile")
    well = well and (_standin("caddy", "caddy.Dockerfile") or _standin("caddy", "caddy-of-a-wheel.Dockerfile"))
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
