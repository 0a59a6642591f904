"""How she signs in: her passkeys, and where she is signed in."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, CommandRoute, QueryRoute
from shared.contracts.http.members.passkeys import MOST_PASSKEYS, PasskeyView
from shared.contracts.http.members.signing_in import Role

MOST_SESSIONS = 100
"""That are listed, those used last."""


class SessionView(Answer):
    """A browser that is signed in. `device` says which, as far as it said so; `here`: the one that asks. Uses are known by the hour."""

    id: UUID
    device: lengths.Line
    here: bool
    since: datetime
    used_at: datetime


class SigningInView(Answer):
    """All of it. `appointed`: her roles, whether or not this session gives them: that takes a passkey."""

    passkeys: list[PasskeyView] = Field(max_length=MOST_PASSKEYS)
    sessions: list[SessionView] = Field(max_length=MOST_SESSIONS)
    appointed: list[Role] = Field(default_factory=list, max_length=2)


SIGNING_IN = QueryRoute(path="/v1/me/signing-in", answer=SigningInView)
END_ONE_SESSION = CommandRoute(path="/v1/me/sessions/{session_id}/end")
END_OTHER_SESSIONS = CommandRoute(path="/v1/me/sessions/end-others")
