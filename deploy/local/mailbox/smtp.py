"""SMTP: takes every letter for every address, and keeps it before it says yes."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mailbox.store import Store

LARGEST = 10 * 1024 * 1024


class Keep:
    """What the SMTP server does with a letter."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 — aiosmtpd's name
        content = envelope.original_content or b""
        letter_id = self._store.put(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return f"250 2.0.0 kept as {letter_id}"


async def serve(store: Store, port: int, host: str = "127.0.0.1") -> asyncio.Server:
    """A listening SMTP server."""
    loop = asyncio.get_running_loop()
    handler = Keep(store)
    # The hostname is set because looking it up can take seconds.
    return await loop.create_server(
        lambda: SMTP(handler, hostname="mailbox.localhost", ident="Madrina's mailbox", data_size_limit=LARGEST, enable_SMTPUTF8=True),
        host,
        port,
    )
