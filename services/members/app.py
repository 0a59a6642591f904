"""The members service's api."""

from fastapi import FastAPI

from services.members import keys
from services.members.profiles import api as profiles
from services.members.sessions import api as sessions
from services.members.settings import ApiSettings
from shared.http.app import create_app

Settings = ApiSettings


def create(settings: ApiSettings) -> FastAPI:
    """The app: signing in, sessions and profiles."""
    app = create_app("members", settings, [sessions.routes, profiles.routes])
    keys.install(app, settings)
    return app
