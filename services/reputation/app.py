"""The API of the reputation service."""

from fastapi import FastAPI

from services.reputation.circles import api as circles
from services.reputation.contests import api as contests
from services.reputation.features import FEATURES
from services.reputation.ledger import api as ledger
from services.reputation.snapshot import api as snapshot
from shared.http import export
from shared.messaging import member_copy
from shared.process.api import create_app
from shared.process.settings import ApiSettings

Settings = ApiSettings


def create(settings: ApiSettings) -> FastAPI:
    """The app: her own trust, what she contests of it, the bands others see, and what moderators look at."""
    routers = [ledger.router, snapshot.router, contests.router, circles.router, export.router]
    app = create_app("reputation", settings, routers, hold=member_copy.hold)
    app.state.features = FEATURES
    return app
