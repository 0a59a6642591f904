"""The circle of introductions, for asks by need."""

from tests.requests_service.introductions.conftest import app, circle, world

__all__ = ["app", "circle", "world"]
