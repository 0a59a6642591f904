"""Postfix and Exim from Debian's packages, unpacked by deploy/local/mail_servers.sh. Both hand on what they take to one sink."""

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwnam
from typing import Any

from services.notify.delivery.connecting import Server

HOME = Path(os.environ.get("MAIL_SERVERS", "/var/tmp/madrina-mail-servers"))  # noqa: S108  (the script makes it, as root)
MASTER, EXIM = HOME / "usr/lib/postfix/sbin/master", HOME / "usr/sbin/exim4"
KNOWN = r"(ana|ins|marta|new|eva[0-9]+)"

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {home}/usr/lib/postfix/sbin
command_directory = {home}/usr/sbin
shlib_directory = {home}/usr/lib/postfix
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
mail_owner = daemon
setgid_group = mail
default_privs = nobody
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mail.test
mydestination =
alias_maps =
smtp_dns_support_level = disabled
relay_domains = example.test
relay_recipient_maps = regexp:{folder}/known
relay_transport = smtp:[127.0.0.1]:{sink}
default_transport = smtp:[127.0.0.1]:{sink}
anvil_rate_time_unit = 20s
smtpd_client_event_limit_exceptions =
"""
MASTER_CF = """
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
127.0.0.1:{port} inet n - n - - smtpd
"""
EXIM_CONF = """
exim_path = {home}/usr/sbin/exim4
exim_user = mail
exim_group = mail
spool_directory = {folder}/spool
log_file_path = {folder}/spool/log/%slog
primary_hostname = exim.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
host_lookup =
rfc1413_hosts =
tls_advertise_hosts =
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
{options}
begin acl
rcpt:
  deny !authenticated = *
       !domains = {relayed}
       message = relay not permitted
  require local_parts = ^{known}\\$
          message = Unrouteable address
  accept
begin routers
out:
  driver = manualroute
  transport = out
  route_list = * 127.0.0.1
  self = send
begin transports
out:
  driver = smtp
  port = {sink}
  allow_localhost
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{secret}}}}
  server_set_id = $auth2
  server_advertise_condition = yes
"""


@dataclass(frozen=True)
class MailServer:
    """A server that runs: its port, and where its log is."""

    port: int
    log: Path

    def settings(self, **changed: Any) -> Server:
        """How to reach it, with the limits that notify has."""
        return Server("127.0.0.1", self.port, **{"tls": "none", **changed})


@asynccontextmanager
async def postfix(sink: int, *options: str) -> AsyncIterator[MailServer]:
    """A Postfix with these options in main.cf, handing on to the port `sink`."""
    with _folder() as folder:
        port = _free_port()
        owner, group = getpwnam("daemon").pw_uid, getpwnam("mail").pw_gid
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"):
            _made(folder / "queue" / name, owner)
        _made(folder / "data", owner)
        for name in ("maildrop", "public"):
            _made(folder / "queue" / name, owner, group, 0o730)
        _made(folder / "queue/pid", 0)
        (folder / "known").write_text(f"/^{KNOWN}@example\\.test$/ known\n")
        (folder / "main.cf").write_text(MAIN_CF.format(folder=folder, home=HOME, sink=sink) + "\n".join(options) + "\n")
        (folder / "master.cf").write_text(MASTER_CF.format(port=port))
        async with _running([str(MASTER), "-c", str(folder), "-d"], port):
            yield MailServer(port, folder / "log")


@asynccontextmanager
async def exim(sink: int, *options: str, relayed: str = "*") -> AsyncIterator[MailServer]:
    """An Exim with these main options, which relays for the domains `relayed` and hands on to the port `sink`.

    It has no queue runner, so what it doesn't hand on at once stays with it.
    """
    with _folder() as folder:
        port = _free_port()
        _made(folder / "spool", getpwnam("mail").pw_uid, getpwnam("mail").pw_gid)
        values = {"folder": folder, "home": HOME, "port": port, "sink": sink, "known": KNOWN, "relayed": relayed}
        conf = folder / "exim.conf"
        conf.write_text(EXIM_CONF.format(options="\n".join(options), **values))
        async with _running([str(EXIM), "-C", str(conf), "-bdf"], port):
            yield MailServer(port, folder / "spool/log/mainlog")


class _folder:  # noqa: N801  (a context manager that is used like a function)
    """A folder that the servers' unprivileged users can reach, which those of pytest aren't."""

    def __enter__(self) -> Path:
        self._path = Path(tempfile.mkdtemp(prefix="madrina-mail-"))
        self._path.chmod(0o755)
        return self._path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._path, ignore_errors=True)


def _made(folder: Path, owner: int, group: int = 0, mode: int = 0o700) -> None:
    folder.mkdir(parents=True)
    os.chown(folder, owner, group)
    folder.chmod(mode)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def _running(command: Sequence[str], port: int) -> AsyncIterator[None]:
    # A session of its own, so that all that it started ends with it.
    process = await asyncio.create_subprocess_exec(
        *command, env={"LD_LIBRARY_PATH": f"{HOME}/usr/lib/postfix", "PATH": "/usr/bin:/bin"}, start_new_session=True
    )
    try:
        async with asyncio.timeout(20):
            while not await _listens(port):
                assert process.returncode is None, f"{command[0]} ended with {process.returncode}"
                await asyncio.sleep(0.1)
        yield
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
