"""Letters as files: `<id>.eml` holds the bytes that came, `<id>.json` the envelope. They outlive the process."""

import base64
import email
import email.policy
import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

_ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Letter:
    """One letter as it arrived. `raw` is its bytes as Latin-1 text, so that letters can be compared to the byte."""

    id: str
    to: str
    sender: str
    subject: str
    text: str
    html: str
    message_id: str
    at: str
    """Machine time, RFC 3339 UTC."""
    raw: str

    def as_json(self) -> dict[str, Any]:
        names = {"id": self.id, "to": self.to, "from": self.sender, "subject": self.subject, "text": self.text, "html": self.html}
        return {**names, "message_id": self.message_id, "at": self.at, "raw": self.raw}


class Store:
    """The letters in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, sender: str, recipients: list[str], raw: bytes) -> str:
        """Keep a letter; returns its id. Ids sort by arrival."""
        at = datetime.now(UTC)
        letter_id = f"{int(at.timestamp() * 1_000_000):020d}-{secrets.token_hex(4)}"
        (self._folder / f"{letter_id}.eml").write_bytes(raw)
        # The envelope comes last and whole: a letter is there when its envelope is.
        part = self._folder / f"{letter_id}.part"
        part.write_text(json.dumps({"from": sender, "to": recipients, "at": at.isoformat()}))
        part.rename(part.with_suffix(".json"))
        return letter_id

    def ids(self) -> list[str]:
        """The ids of all letters, newest first."""
        return sorted((file.stem for file in self._folder.glob("*.json") if _ID.fullmatch(file.stem)), reverse=True)

    def all(self, to: str | None = None) -> list[Letter]:
        """Letters, newest first; `to`: only those to that address."""
        found = (_read(self._folder, letter_id) for letter_id in self.ids())
        return [letter for letter in found if to is None or letter.to.lower() == to.lower()]

    def get(self, letter_id: str) -> Letter | None:
        """One letter, or None."""
        if not _ID.fullmatch(letter_id) or not (self._folder / f"{letter_id}.json").exists():
            return None
        return _read(self._folder, letter_id)


@lru_cache(maxsize=500)
def _read(folder: Path, letter_id: str) -> Letter:
    envelope = json.loads((folder / f"{letter_id}.json").read_text())
    raw = (folder / f"{letter_id}.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return Letter(
        id=letter_id,
        to=", ".join(envelope["to"]),
        sender=envelope["from"],
        subject=str(message.get("Subject", "")),
        text=_body(message, "plain"),
        html=_with_pictures(_body(message, "html"), message),
        message_id=str(message.get("Message-ID", "")).strip(),
        at=envelope["at"],
        raw=raw.decode("latin-1"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    content = part.get_content()
    return content.replace("\r\n", "\n") if isinstance(content, str) else ""


def _with_pictures(html: str, message: EmailMessage) -> str:
    """The HTML with the letter's own pictures in it."""
    for part in message.walk():
        if part.get_content_maintype() == "image":
            data = base64.b64encode(part.get_content()).decode("ascii")
            html = html.replace(f"cid:{str(part['Content-ID']).strip('<>')}", f"data:{part.get_content_type()};base64,{data}")
    return html
