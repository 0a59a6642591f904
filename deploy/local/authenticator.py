"""An authenticator in software: makes passkeys and answers with them, as a browser hands it on (WebAuthn, sections 6 and 7)."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey. What isn't right about an answer is given by keywords."""

    origin: str
    rp_id: str
    counter: int = 1
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: bytes | None = None

    def make(self, options: str, **changes: Any) -> str:
        """Make it as asked."""
        asked = json.loads(options)
        self.user = unb64(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        data = self._data(changes, ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"], changes)
        return self._credential({"clientDataJSON": b64(client), "attestationObject": b64(statement), "transports": []})

    def show(self, options: str, **changes: Any) -> str:
        """Answer with it, one use more."""
        self.counter += changes.pop("counts", 1)
        client = self._client("webauthn.get", json.loads(options)["challenge"], changes)
        data = self._data(changes, 0)
        signature = changes.get("key", self.key).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": changes.get("user", self.user)}
        return self._credential({name: b64(value) for name, value in parts.items() if value is not None})

    def _data(self, changes: dict[str, Any], flags: int) -> bytes:
        rp_id = changes.get("rp_id", self.rp_id).encode()
        return hashlib.sha256(rp_id).digest() + bytes([changes.get("flags", PRESENT | VERIFIED) | flags]) + self.counter.to_bytes(4)

    def _client(self, kind: str, challenge: str, changes: dict[str, Any]) -> bytes:
        said = {
            "type": changes.get("type", kind),
            "challenge": changes.get("challenge", challenge),
            "origin": changes.get("origin", self.origin),
        }
        return json.dumps({**said, "crossOrigin": False}).encode()

    def _credential(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response, "clientExtensionResults": {}}
        )
