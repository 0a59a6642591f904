"""The contracts between the services: one module a publisher, imported by every consumer."""

from shared.contracts.events import members, reputation, requests

__all__ = ["members", "reputation", "requests"]
