"""One connection to whichever of several servers has what is asked for: `postgresql://…@one:5432,two:5432/…?target_session_attrs=read-write`.

asyncpg asks them one after the other within a single time limit, so one that is cut off and answers nothing uses up the time of all.
"""

import asyncio
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

HEAD_START_SECONDS = 0.3
"""How long a server has for an answer before the next one is asked as well."""


def each(url: str) -> list[str]:
    """The same address with each of its servers alone."""
    parts = urlsplit(url)
    if "," not in parts.netloc:
        return [url]
    login, at, servers = parts.netloc.rpartition("@")
    return [urlunsplit(parts._replace(netloc=login + at + server)) for server in servers.split(",")]


async def connect(url: str, **options: Any) -> Any:
    """`asyncpg.connect` to the first server that grants a connection. Raises what the last one to answer said if none does."""
    asked: set[asyncio.Task[Any]] = set()
    error: BaseException | None = None
    try:
        for number, one in enumerate(servers := each(url), 1):
            asked.add(asyncio.create_task(asyncpg.connect(one, **options)))
            head_start = HEAD_START_SECONDS if number < len(servers) else None
            while asked:
                done, _ = await asyncio.wait(asked, timeout=head_start, return_when=asyncio.FIRST_COMPLETED)
                if granted := next((task for task in done if not task.cancelled() and task.exception() is None), None):
                    asked.discard(granted)
                    return granted.result()
                asked -= done
                error = next((task.exception() for task in done), error)
                if head_start is not None:
                    break  # it is the next one's turn
    finally:
        await _dismiss(asked)
    raise error or ConnectionError("no server")


async def _dismiss(asked: set[asyncio.Task[Any]]) -> None:
    for task in asked:
        task.cancel()
    for late in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(late, asyncpg.Connection):
            late.terminate()
