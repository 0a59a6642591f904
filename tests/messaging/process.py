"""A worker as a process of its own: `python -m tests.messaging.process`. It hears everything that notify hears."""

import uvloop

from shared.process import start
from shared.process.settings import WorkerSettings, load
from shared.process.worker import Worker
from tests.messaging.workers import hearing


def main() -> None:
    """Run until told to stop."""
    settings = load(WorkerSettings)
    start.prepare("notify", "worker", settings)
    uvloop.run(Worker("notify", settings, features=hearing("notify", lambda _: None), relay=True).run())


if __name__ == "__main__":
    main()
