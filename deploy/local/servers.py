"""The two servers the local stack needs, PostgreSQL and NATS, from wheels: see postgres.py and broker.py."""

from deploy.local.broker import NatsServer
from deploy.local.children import DidNotStart
from deploy.local.postgres import PostgresServer

__all__ = ["DidNotStart", "NatsServer", "PostgresServer"]
