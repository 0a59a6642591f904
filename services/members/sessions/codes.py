"""Six-digit codes, and the secrets of browsers and sessions: kept as hashes, compared in constant time."""

import hashlib
import hmac
import secrets
from uuid import UUID

DIGITS = 6


def new_code() -> str:
    """Six digits, each as likely as any other."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def new_secret() -> str:
    """256 bits for a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """SHA-256 of a long random secret, which needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def mac_of(key: str, challenge_id: UUID, browser_hash: bytes, code: str) -> bytes:
    """HMAC-SHA-256 over challenge, browser and code: without `key`, the rows alone don't give a code away."""
    return hmac.digest(key.encode(), challenge_id.bytes + browser_hash + code.encode("utf-8", "surrogatepass"), "sha256")
