"""What the broker's streams still hold of an erased member: the sweep's part there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import nats
from nats.js.errors import NotFoundError

from shared.messaging.topology import STREAMS, Stream


async def find(url: str, user: str, password: str, needles: Sequence[str]) -> Mapping[Stream, list[datetime]]:
    """By stream, when the messages came in which one of these stands; `user` is one who may read all of them."""
    connection = await nats.connect(url, user=user, password=password, allow_reconnect=False, connect_timeout=10)
    found: dict[Stream, list[datetime]] = {}
    try:
        for stream in STREAMS:
            state = (await connection.jetstream().stream_info(stream.name)).state
            for seq in range(max(state.first_seq, 1), state.last_seq + 1):
                try:
                    message = await connection.jetstream().get_msg(stream.name, seq)
                except NotFoundError:  # it was handled, or is too old by now
                    continue
                if message.time and any(needle.encode() in (message.data or b"") for needle in needles):
                    found.setdefault(stream, []).append(message.time)
    finally:
        await connection.close()
    return found
