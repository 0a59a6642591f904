"""`python -m benchmarks.sign_in [seconds]`: sign-ins a second through the code path, next to a bare loop in the same run; and what it costs
to ask whether a session is open. The members api runs in this process, over a PostgreSQL of its own, and is called as its server would
call it: what a client costs, and took a third of this process while httpx was one, isn't its own.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

from fastapi import FastAPI
from starlette.types import Message

from deploy.local import databases, folders
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer, url
from services.members.accounts import store as accounts
from services.members.app import create
from services.members.profiles import store as profiles
from services.members.sessions import store
from services.members.sessions.domain.hashes import hash_of
from services.members.settings import ApiSettings
from shared.http import tokens
from shared.postgres.database import transaction
from shared.postgres.migrate import migrate
from shared.postgres.rights import owner_of
from shared.telemetry import logs

SECONDS, TOGETHER, CHECKS = 8, 4, 2000
KEY, CODE_KEY, WEB_KEY = tokens.new_key("bench"), "c" * 32, "w" * 32
AIM, CHECK_AIM = 300, 0.001
"""Sign-ins a second on two cores that do nothing else; seconds of a look-up, the median."""


class Door:
    """Women who sign in, each with an address, a browser and a network of her own."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.numbers = app, count()
        self.session = ""

    async def _call(self, path: str, **body: str) -> dict[str, str]:
        """The answer to a POST. Raises RuntimeError if it is a problem."""
        sent = json.dumps(body).encode()
        headers = {
            "host": "members",
            "authorization": f"Bearer {WEB_KEY}",
            "content-type": "application/json",
            "content-length": f"{len(sent)}",
        }
        scope = {
            **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"},
            **{"path": path, "raw_path": path.encode(), "root_path": "", "query_string": b""},
            **{"client": ("127.0.0.1", 1), "server": ("members", 80), "state": {}},
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        answered: list[Message] = []
        request: Message = {"type": "http.request", "body": sent, "more_body": False}

        async def receive() -> Message:
            return request

        async def send(message: Message) -> None:
            answered.append(message)

        await self.app(scope, receive, send)
        answer = b"".join(message.get("body", b"") for message in answered)
        if answered[0]["status"] >= 400:
            raise RuntimeError(answer.decode())
        said: dict[str, str] = json.loads(answer)
        return said

    async def sign_in(self) -> None:
        """An address, the code that its letter would have, a session."""
        number, browser = next(self.numbers), uuid4().hex
        where = {"browser": browser, "ip": f"2001:{number >> 16 & 0xFFFF:x}:{number & 0xFFFF:x}::1"}
        asked = await self._call("/v1/sign-in", email=f"woman{number}@example.com", language="en", **where)
        async with transaction(self.app.state.pool) as tx:
            challenge = await store.find_challenge(tx, UUID(asked["challenge_id"]), lock=False)
        assert challenge
        opened = await self._call(f"/v1/sign-in/{asked['challenge_id']}", code=challenge.code(CODE_KEY), **where)
        self.session = opened["session"]

    async def bare(self) -> None:
        """Two transactions of three inserts each: what any such thing has to cost here."""
        for _ in range(2):
            async with self.app.state.pool.acquire() as connection, connection.transaction():
                for _ in range(3):
                    await connection.execute("insert into bare (id, at) values ($1, now())", uuid4())

    async def check(self) -> None:
        """What a token is issued on."""
        session = await store.find_session(self.app.state.pool, hash_of(self.session))
        if session:
            await profiles.joined(self.app.state.pool, session.member_id)
            await accounts.standing(self.app.state.pool, session.member_id)


async def rate(work: Callable[[], Awaitable[None]], seconds: float) -> float:
    """How often a second, TOGETHER at a time."""
    done, ends, begun = 0, time.perf_counter() + seconds, time.perf_counter()

    async def again() -> None:
        nonlocal done
        while time.perf_counter() < ends:
            await work()
            done += 1

    await asyncio.gather(*(again() for _ in range(TOGETHER)))
    return done / (time.perf_counter() - begun)


async def measure(app: FastAPI, seconds: float) -> str:
    """The figures, as lines."""
    await app.state.pool.execute("create table bare (id uuid primary key, at timestamptz not null)")
    door = Door(app)
    await rate(door.sign_in, 1)
    signed_in, bare = await rate(door.sign_in, seconds), await rate(door.bare, seconds)
    times = []
    for _ in range(CHECKS):
        begun = time.perf_counter()
        await door.check()
        times.append(time.perf_counter() - begun)
    return (
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
        f"sign-ins         {signed_in:6.0f}/s  (aim {AIM}, on cores that do nothing else)\n"
        f"bare loop        {bare:6.0f}/s  ({bare / signed_in:.1f} of them are a sign-in)\n"
        f"session check    {statistics.median(times) * 1000:6.2f} ms, the median  (aim {CHECK_AIM * 1000:.0f})\n"
    )


async def main(seconds: float) -> None:
    """Print them."""
    logs.configure("bench", "api", "ERROR")
    data = Path(tempfile.mkdtemp(prefix="madrina sign-in "))
    server = PostgresServer(data / "postgres", free_port(), "secret", data / "postgres.log", system_parent=folders.ON_DISK, durable=False)
    try:
        await server.start()
        owner = owner_of("members")
        await databases.create_all(server.admin_url, {"members": "secret", owner: "secret"}, ["members"])
        address = url(server.port, owner, "secret", "members")
        await migrate(address, "members")
        keys = {"token_public_keys": json.dumps(tokens.public_keys(KEY)), "token_signing_key": json.dumps(KEY)}
        of_members = {"code_key": CODE_KEY, "web_key": WEB_KEY, "web_url": "http://localhost", "join": "open", "madrina_env": "local"}
        others = dict.fromkeys(("requests_url", "reputation_url", "notify_url"), "http://localhost:1")
        given = {"port": 0, "health_port": 0, "database_url": address, "database_pool_size": 8, **keys, **of_members, **others}
        app = create(ApiSettings.model_validate(given))
        async with app.router.lifespan_context(app):
            sys.stdout.write(await measure(app, seconds))
    finally:
        await server.stop()
        folders.remove(data / "postgres")


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
