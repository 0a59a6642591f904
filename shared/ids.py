"""Ids that sort by the time they were made and can't be guessed: UUID version 7 (RFC 9562, section 5.7)."""

import secrets
import threading
import time
from uuid import UUID

_RANDOM_BITS = 74
_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A new UUID version 7: milliseconds since 1970, then 74 random bits; each greater than the one before it in this process.

    Where the millisecond is the same (or the machine's clock went back), a random step of up to 64 bits is added to
    the last id (RFC 9562, section 6.2, method 2), so that a neighbour of a known id is no easier to guess.
    """
    global _last  # noqa: PLW0603  (what makes the ids of one process rise)
    with _lock:
        fresh = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        if fresh <= _last:
            fresh = _last + 1 + secrets.randbits(64)
        _last = fresh
    high, low = fresh >> 62, fresh & ((1 << 62) - 1)
    milliseconds, rand_a = high >> 12, high & 0xFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | low)
