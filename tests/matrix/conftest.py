"""Business time that stands still."""

from tests.requests_service.conftest import clock

__all__ = ["clock"]
