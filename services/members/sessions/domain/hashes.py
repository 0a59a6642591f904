"""Codes and the secrets of browsers and sessions are kept as hashes alone."""

import hashlib
import hmac
from uuid import UUID


def hash_of(secret: str) -> bytes:
    """SHA-256 of a long random secret, which needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def mac_of(key: str, challenge_id: UUID, browser_hash: bytes, code: str) -> bytes:
    """HMAC-SHA-256 over challenge, browser and code: without `key`, the rows alone don't give a code away."""
    return hmac.digest(key.encode(), challenge_id.bytes + browser_hash + code.encode("utf-8", "surrogatepass"), "sha256")
