"""The service's api."""

from fastapi import FastAPI

from services.reputation import api
from services.reputation.settings import ApiSettings as Settings
from shared.http.app import create_app


def create(settings: Settings) -> FastAPI:
    """The app, for a server to run."""
    return create_app("reputation", settings, [api.router(settings.half_lives)])
