"""Asking processes whether they are ready, and waiting until they are."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping

Pending = Mapping[str, str]
"""What isn't ready yet, and why."""


async def why_not(port: int, host: str = "127.0.0.1") -> str | None:
    """None if the process on `host`:`port` is ready, else what is missing, in words."""
    try:
        async with asyncio.timeout(3):
            status, body = await _get(host, port, "/readyz")
    except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
        return "starting"
    if status == 200:
        return None
    try:
        missing = json.loads(body)["missing"]
        return ", ".join(f"{name}: {why}" for name, why in missing.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"answers {status}"


async def _get(host: str, port: int, path: str) -> tuple[int, bytes]:
    # By hand, because an HTTP client's import costs more than everything else here.
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]), body
    except IndexError as error:
        raise ValueError("no HTTP answer") from error
    finally:
        writer.close()


async def wait(ports: Mapping[str, int], seconds: float, *, on_pending: Callable[[Pending], None], check: Callable[[], None]) -> None:
    """Wait until the processes named in `ports` are all ready. After each look `on_pending` gets what isn't, and `check` may raise.

    Raises TimeoutError, naming what was missing.
    """
    deadline = time.monotonic() + seconds
    pending: dict[str, str] = dict.fromkeys(ports, "starting")
    while True:
        answers = await asyncio.gather(*(why_not(ports[name]) for name in pending))
        pending = {name: why for name, why in zip(pending, answers, strict=True) if why}
        on_pending(pending)
        if not pending:
            return
        check()
        if time.monotonic() > deadline:
            raise TimeoutError(f"not ready after {seconds:.0f} s: " + "; ".join(f"{name} ({why})" for name, why in pending.items()))
        await asyncio.sleep(0.1)
