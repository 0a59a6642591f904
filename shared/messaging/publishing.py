"""Pipelined publishing to JetStream: many messages on their way, each with an answer of its own.

nats-py's `publish_async` does this too, but if the server answers with an error its future never ends
(`APIError.from_error` raises inside the callback), so a refusal can't be told from a broker that is down.
"""

import asyncio
import itertools
import json
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

HEADROOM = 4096
"""Bytes for headers: the server counts them, and hangs up on a message that is too large."""


class Refused(Exception):
    """The broker will never take this message: it is too large, or one of its headers is wrong."""


class NotStored(Exception):
    """Nobody stored the message: there is no stream, or it can't write. It may be stored later."""


@dataclass(frozen=True)
class Stored:
    """The stream has the message as this number of its own; a duplicate it has had for a while."""

    sequence: int
    duplicate: bool


class Publisher:
    """Publishes on one connection, and listens for answers in an inbox of its own."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._inbox = client.new_inbox()
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Stored]] = {}

    async def open(self) -> None:
        """Listen for answers."""
        await self._client.subscribe(f"{self._inbox}.*", cb=self._on_answer)

    async def publish(self, subject: str, body: bytes, headers: dict[str, str]) -> asyncio.Future[Stored]:
        """Send a message; the future says where it is stored, raises Refused or NotStored, or is cancelled by `forget`.

        Raises Refused if it is larger than the server takes, and nats.errors.Error or OSError if it can't be sent.
        """
        if len(body) + HEADROOM > self._client.max_payload:
            raise Refused("larger than the broker takes")
        token = str(next(self._numbers))
        answer: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        self._waiting[token] = answer
        try:
            await self._client.publish(subject, body, reply=f"{self._inbox}.{token}", headers=headers)
        except BaseException:
            self._waiting.pop(token, None)
            raise
        return answer

    def forget(self) -> None:
        """Stop waiting for what has no answer yet."""
        for answer in self._waiting.values():
            answer.cancel()
        self._waiting.clear()

    async def _on_answer(self, message: Msg) -> None:
        answer = self._waiting.pop(message.subject.rpartition(".")[2], None)
        if answer is None or answer.done():
            return
        said = _read(message)
        if isinstance(said, Stored):
            answer.set_result(said)
        else:
            answer.set_exception(said)


def _read(message: Msg) -> Stored | Exception:
    if message.headers and message.headers.get("Status") == "503":
        return NotStored("no stream takes this subject")
    try:
        said: dict[str, Any] = json.loads(message.data)
        if (error := said.get("error")) is None:
            return Stored(said["seq"], bool(said.get("duplicate")))
    except (ValueError, KeyError):
        return NotStored("an answer that can't be read")
    why = f"{error.get('code')}/{error.get('err_code')}"
    # 400 is about this message; 404, 500 and 503 are about a stream or the server.
    return Refused(why) if error.get("code") == 400 else NotStored(why)
