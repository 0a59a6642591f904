"""The API of the members service."""

import asyncio

from fastapi import FastAPI

from services.members.addresses import api as addresses
from services.members.community import api as community
from services.members.directory import api as directory
from services.members.erasure import api as erasure
from services.members.export import api as export
from services.members.export.views import Others
from services.members.features import FEATURES
from services.members.groups import api as groups
from services.members.introduced import api as introduced
from services.members.invitations import api as invitations
from services.members.invitations.domain import DoorPolicy
from services.members.joining import api as joining
from services.members.moderation import api as moderation
from services.members.passkeys import api as passkeys
from services.members.passkeys.domain import Site
from services.members.photos import api as photos
from services.members.profiles import api as profiles
from services.members.public_notices import api as public_notices
from services.members.safety import api as safety
from services.members.sessions import api as sessions
from services.members.sessions import own as own_sessions
from services.members.sessions.domain.challenge import SignInPolicy
from services.members.settings import ApiSettings
from shared.contracts.http.members.community import SHOW_LOGO
from shared.contracts.http.members.photos import LARGEST_SENT, SHOW_PHOTO
from shared.http.tokens import TokenSigner
from shared.process.api import create_app

Settings = ApiSettings


def create(settings: ApiSettings) -> FastAPI:
    """The app: signing in, sessions, profiles, invitations, addresses for those who were introduced, blocks, reports, the community."""
    routers = [
        *(sessions.router, own_sessions.router, passkeys.door, passkeys.router),
        *(addresses.door, addresses.router),
        profiles.router,
        profiles.about_me,
        directory.router,
        *photos.routers,
        introduced.router,
        safety.router,
        moderation.router,
        moderation.notices,
        moderation.open_to_all,
        *public_notices.routers,
        *community.routers,
        *invitations.routers,
        *joining.routers,
        *groups.routers,
        erasure.router,
        export.router,
    ]
    app = create_app("members", settings, routers, larger=dict.fromkeys((SHOW_PHOTO.path, SHOW_LOGO.path), LARGEST_SENT))
    app.state.token_signer = TokenSigner(settings.token_signing_key.get_secret_value())
    app.state.features = FEATURES
    urls = {"requests": settings.requests_url, "reputation": settings.reputation_url, "notify": settings.notify_url}
    app.state.others = Others(urls, app.state.token_signer)
    app.state.sign_in_policy = SignInPolicy(
        code_key=settings.code_key.get_secret_value(),
        web_keys=tuple(settings.web_key.get_secret_value().split(",")),
        door=DoorPolicy(settings.join, settings.code_key.get_secret_value(), letters=settings.invitation_letters == "allowed"),
        test_domains=settings.local,
    )
    app.state.passkey_site = Site(settings.web_url, settings.code_key.get_secret_value())
    app.state.sign_in_turns = asyncio.Semaphore(sessions.AT_ONCE)
    return app
