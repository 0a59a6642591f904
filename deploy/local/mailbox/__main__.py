"""`PORT=8725 SMTP_PORT=8726 MAIL_FOLDER=.madrina/mail python -m deploy.local.mailbox`."""

import asyncio
import signal

import uvicorn

from deploy.local.mailbox import page, smtp
from deploy.local.mailbox.settings import Settings
from deploy.local.mailbox.store import Store
from shared.process.settings import load


async def main() -> None:
    """Serve letters and the page until SIGTERM or SIGINT."""
    settings = load(Settings)
    store = Store(settings.mail_folder)
    letters = await smtp.serve(store, settings.smtp_port, settings.host)
    config = uvicorn.Config(page.create(store), host=settings.host, port=settings.port, log_level="warning", access_log=False)
    async with letters:
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal anew when it has stopped; being asked to stop is no failure.
        signal.signal(number, lambda *_: None)
    asyncio.run(main())
