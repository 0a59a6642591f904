"""The API of notify: for members alone, which asks it for the letters that a member was sent."""

from fastapi import FastAPI

from services.notify import progress
from services.notify.queue.feature import LETTERS
from shared.http import export, idempotency
from shared.process.api import create_app
from shared.process.settings import ApiSettings

Settings = ApiSettings


def create(settings: ApiSettings) -> FastAPI:
    """The app: its part of her data, and nothing else."""
    app = create_app("notify", settings, [export.router])
    app.state.features = (progress.PROGRESS, LETTERS, idempotency.FEATURE)
    return app
