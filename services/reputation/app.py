"""The API of the reputation service."""

from fastapi import FastAPI

from services.reputation.ledger import api as ledger
from services.reputation.scores import api as scores
from shared.process.api import create_app
from shared.process.settings import ApiSettings

Settings = ApiSettings


def create(settings: ApiSettings) -> FastAPI:
    """The app: her own trust, and the bands others see."""
    return create_app("reputation", settings, [ledger.router, scores.router])
