"""Secrets are kept as hashes alone, what limits count as keyed hashes, and codes not at all: they follow from their challenge."""

import hashlib
import hmac
from uuid import UUID


def hash_of(secret: str) -> bytes:
    """SHA-256 of a long random secret, which needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def keyed(key: str, *parts: str) -> bytes:
    """16 bytes of HMAC-SHA-256 over the parts: the same for the same, and without `key` nobody can try what they stand for."""
    return hmac.digest(key.encode(), "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256")[:16]


def code_of(key: str, challenge_id: UUID, browser_hash: bytes, digits: int) -> str:
    """The code of a challenge: so many digits of an HMAC-SHA-256 over challenge and browser, so a later letter repeats it."""
    mac = hmac.digest(key.encode(), b"code\0" + challenge_id.bytes + browser_hash + bytes([digits]), "sha256")
    return f"{int.from_bytes(mac, 'big') % 10**digits:0{digits}d}"
