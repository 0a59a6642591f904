"""The container engine as the tests use it: its command line, and Compose on a copy of deploy/compose."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy import secrets
from deploy.compose.secrets import write
from deploy.local.ports import free_ports
from tests.containers.build import MAILBOX, ROOT

FILES = ("-f", "compose.yaml", "-f", str(ROOT / "tests" / "containers" / "stack.tests.yaml"))


class Failed(Exception):
    """A command of the engine ended otherwise than it should; the text is what it said."""


def run(*command: str | Path, cwd: Path | None = None, check: bool = True, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=cwd, timeout=seconds)
    if check and done.returncode:
        raise Failed(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done


def inspect(name: str) -> dict[str, Any]:
    """All that the engine knows of a container or an image."""
    found: dict[str, Any] = json.loads(run("docker", "inspect", name).stdout)[0]
    return found


class Stack:
    """The stack of deploy/compose, in a copy of that folder."""

    def __init__(self, folder: Path, https: int, http: int, mailbox: int) -> None:
        self.folder, self.site, self.mailbox = folder, f"https://localhost:{https}", f"http://127.0.0.1:{mailbox}"
        self.command: list[str | Path] = [Path(sys.executable).with_name("docker-compose"), *FILES]
        settings = {"WEB_URL": self.site, "HTTPS_PORT": https, "HTTP_PORT": http, "JOIN": "open", "MAIL_FROM": "hello@example.org"}
        settings |= {"SMTP_HOST": "mailbox", "SMTP_PORT": 2525, "SMTP_TLS": "none", "MAILBOX_IMAGE": MAILBOX, "MAILBOX_PORT": mailbox}
        # Beside a stack that runs for real.
        settings |= {"EDGE_NETWORK": "10.87.31"}
        (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))

    def compose(self, *arguments: str, check: bool = True) -> str:
        return run(*self.command, *arguments, cwd=self.folder, check=check).stdout

    def up(self) -> None:
        """Start what doesn't run and wait until all of it is ready. Raises Failed, with what isn't."""
        try:
            self.compose("up", "--detach", "--wait", "--wait-timeout", "180")
        except Failed as error:
            raise Failed(f"{error}\n{self.compose('ps', '--all')}\n{self.compose('logs', '--tail', '5')}") from error

    def container(self, service: str) -> dict[str, Any]:
        """All that the engine knows of a service's container."""
        return inspect(self.compose("ps", "--all", "--quiet", service).strip())

    def services(self) -> list[str]:
        return self.compose("config", "--services").split()


@contextmanager
def stack(folder: Path) -> Iterator[Stack]:
    """The whole stack, started; at the end it is gone, with what it kept."""
    ours = shutil.ignore_patterns(".env", "secrets", "__pycache__")
    for part in ("compose", "postgres", "kubernetes/components/nats"):
        shutil.copytree(ROOT / "deploy" / part, folder / part, ignore=ours)
    write(folder / "compose" / "secrets", secrets.make("test"))
    made = Stack(folder / "compose", *free_ports(3))
    try:
        made.up()
        yield made
    finally:
        made.compose("down", "--volumes", "--timeout", "5", check=False)


def engine() -> str | None:
    """The engine's version; None if none answers."""
    if not shutil.which("docker"):
        return None
    done = run("docker", "version", "--format", "{{.Server.Version}}", check=False, seconds=20)
    return done.stdout.strip() if done.returncode == 0 else None
