"""What she wrote in a form when her session was over: it travels sealed through the sign-in, in her own browser, and comes back to her.

Nothing of it stays on the server. The seal is Fernet (AES-128-CBC and HMAC-SHA-256, with its time): whoever holds the text can
neither read nor change it.
"""

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from services.web import session
from services.web.forms import Form

LIFE = timedelta(days=1)
"""How long a sealed form can come back: as long as she may leave the page open before she signs in again."""


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: whose it is, and the page it belongs to. `go_on`: all that it waits for is that she shows it is her."""

    owner: UUID
    path: str
    form: Form
    go_on: bool = False


class Keeper:
    """Seals and opens. `keys`: what all web processes share; several, the newest first, while it is being changed."""

    def __init__(self, keys: str) -> None:
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys.split(",")])

    def seal(self, kept: Kept) -> str:
        """A text for a hidden field."""
        whole = json.dumps([str(kept.owner), kept.path, kept.form.key, kept.form.sent, kept.go_on])
        return self._fernet.encrypt(zlib.compress(whole.encode())).decode()

    def open(self, sealed: str) -> Kept | None:
        """What was sealed; None if that isn't ours, was changed, or is too old."""
        try:
            whole = zlib.decompress(self._fernet.decrypt(sealed.encode(), int(LIFE.total_seconds())))
        except InvalidToken:
            return None
        owner, path, key, sent, *go_on = json.loads(whole)
        fields = tuple((name, value) for name, value in sent)
        return Kept(UUID(owner), path, Form(values=dict(fields), key=key, owner=UUID(owner), sent=fields), any(go_on))


class FormAgain(Response):
    """The page of a kept form, opened by the app itself with her words in it; in the session `secret`.

    One that only waited for her to show that it is her is sent, as she had sent it.
    """

    def __init__(self, kept: Kept, secret: str) -> None:
        super().__init__()
        self._kept, self._secret = kept, secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as that page would, with this answer's cookies."""
        own = [pair for pair in self.raw_headers if pair[0] == b"set-cookie"]
        # htmx: the address is that of the form's page.
        own.append((b"hx-push-url", self._kept.path.encode()))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*(pair for pair in message["headers"] if pair[0] != b"hx-push-url"), *own]}
            await send(message)

        cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        others = [pair for pair in scope["headers"] if pair[0] not in {b"cookie", b"content-length", b"content-type"}]
        page = {
            **scope,
            "method": "POST" if self._kept.go_on else "GET",
            "path": self._kept.path,
            "raw_path": self._kept.path.encode(),
            "query_string": b"",
            "headers": [*others, (b"cookie", cookies + f"; {session.SESSION}={self._secret}".encode())],
            "state": {"again": self._kept.form},
        }
        await scope["app"].router(page, receive, sending)
