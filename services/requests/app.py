"""The requests service's api."""

from fastapi import FastAPI

from services.requests import member_page, todo
from services.requests.connections import api as connections
from services.requests.features import FEATURES
from services.requests.introductions import api as introductions
from services.requests.needs import api as needs
from services.requests.people import api as people
from services.requests.reach import api as reach
from services.requests.suggestions import api as suggestions
from shared.http import export
from shared.messaging import member_copy
from shared.process.api import create_app
from shared.process.settings import ApiSettings

Settings = ApiSettings


def create(settings: ApiSettings) -> FastAPI:
    """The app: connection requests, connections, introductions, asks by need, whom it may reach, suggestions, what waits for her."""
    features = (connections, people, introductions, needs, reach, suggestions)
    routers = [todo.router, member_page.router, *(feature.router for feature in features), export.router]
    app = create_app("requests", settings, routers, hold=member_copy.hold)
    app.state.features = FEATURES
    return app
