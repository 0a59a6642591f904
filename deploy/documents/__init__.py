"""The pages of docs/, and other files, that follow from the code, each with the function that writes it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.compose import example
from deploy.documents import asyncapi, community, events, http, openapi, processing, settings
from deploy.kubernetes import nats

ROOT = Path(__file__).resolve().parents[2]

PAGES: Mapping[str, Callable[[], str]] = {
    "events.md": events.render,
    "asyncapi.yaml": asyncapi.render,
    "http.md": http.render,
    "settings.md": settings.render,
    "processing.md": processing.render,
    "../services/web/static/openapi.json": openapi.render,
    "demo-community.md": community.render,
    "../deploy/compose/.env.example": example.render,
    "../deploy/kubernetes/components/nats/users.conf": nats.render,
}
"""By the path of the file from docs/."""
