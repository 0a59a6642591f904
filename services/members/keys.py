"""What the api's settings become once, when it starts, and how routes get at it."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from services.members.settings import ApiSettings
from shared.http.tokens import TokenSigner


@dataclass(frozen=True)
class Keys:
    """What signing in needs; `code_key` and the signer's key are secret."""

    signer: TokenSigner = field(repr=False)
    code_key: str = field(repr=False)
    join_open: bool
    local: bool


def install(app: FastAPI, settings: ApiSettings) -> None:
    """Give the app's routes their keys."""
    signer = TokenSigner(settings.token_signing_key.get_secret_value())
    app.state.keys = Keys(signer, settings.code_key.get_secret_value(), settings.join == "open", settings.local)


async def _keys(request: Request) -> Keys:
    keys: Keys = request.app.state.keys
    return keys


Keys_ = Annotated[Keys, Depends(_keys)]
