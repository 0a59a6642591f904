"""What the processes of this service read from the environment."""

from shared.process.settings import BrokerSettings, DatabaseSettings, ServiceSettings, TokenSettings


class ApiSettings(ServiceSettings, DatabaseSettings, TokenSettings):
    """The api: its database, and the public keys of member tokens."""


class WorkerSettings(ServiceSettings, DatabaseSettings, BrokerSettings):
    """The worker: its database and the broker."""
