"""The requests service's api."""

from fastapi import FastAPI

from services.requests import member_page, todo
from services.requests.connections import api as connections
from services.requests.introductions import api as introductions
from services.requests.people import api as people
from shared.process.api import create_app
from shared.process.settings import ApiSettings

Settings = ApiSettings


def create(settings: ApiSettings) -> FastAPI:
    """The app: connection requests, connections, introductions, and what waits for a member."""
    return create_app("requests", settings, [todo.router, member_page.router, connections.router, people.router, introductions.router])
