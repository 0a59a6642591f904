"""`PORT=8725 SMTP_PORT=8726 MAIL_FOLDER=.madrina/mail python -m deploy.local.mailbox`."""

import asyncio
import os
import signal
from pathlib import Path

import uvicorn

from deploy.local.mailbox import page, smtp
from deploy.local.mailbox.store import Store


async def main() -> None:
    """Serve letters and the page until SIGTERM or SIGINT."""
    store = Store(Path(os.environ["MAIL_FOLDER"]))
    letters = await smtp.serve(store, int(os.environ["SMTP_PORT"]))
    config = uvicorn.Config(page.create(store), host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
    async with letters:
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal anew when it has stopped; being asked to stop is no failure.
        signal.signal(number, lambda *_: None)
    asyncio.run(main())
