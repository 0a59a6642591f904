"""The contracts between the services: one module a publisher, imported by every consumer."""

from shared.contracts.events import members, members_private, notify, reputation, requests

__all__ = ["members", "members_private", "notify", "reputation", "requests"]
