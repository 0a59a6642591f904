"""The provisioning job: `python -m shared.process.provision` makes the broker's streams and consumers.

It may run any number of times. Services never make a stream or a consumer; they wait for this job.
"""

import asyncio
import sys

from pydantic import Field

from shared.messaging.provisioning import NotProvisioned, provision
from shared.process.settings import BrokerSettings, JobSettings, load
from shared.telemetry import logs


class Settings(BrokerSettings, JobSettings):
    """What the provisioning job needs."""

    stream_replicas: int = Field(default=1, ge=1, le=5)
    """How many servers keep a copy of each stream."""


def main() -> int:
    """Provision with the settings of the environment; 1 and a sentence on stderr if that can't be done."""
    settings = load(Settings)
    logs.configure("provisioner", "provision")
    user, password = settings.nats_user, settings.nats_password.get_secret_value()
    try:
        asyncio.run(provision(settings.nats_url, user, password, replicas=settings.stream_replicas, deadline=settings.wait_seconds))
    except NotProvisioned as error:
        sys.stderr.write(f"Streams are not provisioned: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
