"""The cookies: her session, the secret by which this browser is known when it asks for a code, and the language of a visitor."""

import re
import secrets
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from shared import clock

SESSION = "__Host-madrina"
BROWSER = "__Host-madrina-browser"
"""Binds a code to this browser, and stays: where it was signed in before, it has letters and tries of its own. It opens nothing."""
ADDRESS = "__Host-madrina-address"
"""The address she is signing in with, so that the page of the code can say where it went: never in a link."""
LANGUAGE = "__Host-madrina-language"

SENDER = "__Host-madrina-from"
"""The member whose page she came to before she signed in: a newcomer is told that this woman's link brought her here."""

INVITATION = "__Host-madrina-invitation"
"""The end of the link by which she was invited, until she has signed in with it."""

CODE_SECONDS = 600
INVITATION_SECONDS = 14 * 24 * 3600
SENDER_SECONDS = 30 * 24 * 3600
YEAR_SECONDS = 365 * 24 * 3600

DONE = "__Host-madrina-done"
"""What a command did, and the path of the page that says so."""
DONE_SECONDS = 60
ANNOUNCED = "__Host-madrina-announced"
"""The number of the last announcement that was dismissed."""


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def _clear(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def secret_of(request: Request) -> str | None:
    """The session's secret, or None for a visitor. A length that no session has counts as none."""
    value = request.cookies.get(SESSION, "")
    return value if 16 <= len(value) <= 512 else None


def browser_of(request: Request) -> str:
    """This browser's secret; a new one if it hasn't asked for a code."""
    value = request.cookies.get(BROWSER, "")
    return value if 32 <= len(value) <= 128 else secrets.token_urlsafe(32)


def asked_for_code(response: Response, browser: str, address: str) -> None:
    """Remember the address for as long as the code lives, and the browser."""
    _set(response, BROWSER, browser, YEAR_SECONDS)
    _set(response, ADDRESS, address.encode("utf-8").hex(), CODE_SECONDS)


def keep_browser(response: Response, browser: str) -> None:
    """Remember the browser, which a passkey answers."""
    _set(response, BROWSER, browser, YEAR_SECONDS)


def address_of(request: Request) -> str:
    """The address she asked a code for; empty if that isn't known."""
    try:
        return bytes.fromhex(request.cookies.get(ADDRESS, "")[:1000]).decode("utf-8")
    except ValueError:
        return ""


_PAGE_OF = re.compile(r"/m/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/.*)?")


def came_from(response: Response, path: str) -> None:
    """Remember whose page she opened, if the path that she is led to after signing in is one."""
    if page := _PAGE_OF.fullmatch(path):
        _set(response, SENDER, page[1], SENDER_SECONDS)


def sender_of(request: Request) -> UUID | None:
    """The member whose page she opened before she signed in, if this browser remembers one."""
    try:
        return UUID(request.cookies.get(SENDER, ""))
    except ValueError:
        return None


def invited(response: Response, token: str) -> None:
    """Let the invitation go through the door with her."""
    _set(response, INVITATION, token, INVITATION_SECONDS)


def invitation_of(request: Request) -> str:
    """The invitation that this browser opened, or an empty text."""
    return request.cookies.get(INVITATION, "")[:64]


def sign_in(response: Response, secret: str, expires_at: datetime) -> None:
    """She is signed in until then; the address that the code needed goes, and so does the invitation."""
    _set(response, SESSION, secret, max(int((expires_at - clock.machine_now()).total_seconds()), 0))
    _clear(response, ADDRESS)
    _clear(response, INVITATION)


def sign_out(response: Response) -> None:
    """Nothing of the session stays in the browser."""
    _clear(response, SESSION)
    _clear(response, SENDER)


def tell_done(response: Response, done: str, path: str) -> None:
    """Let the page at `path` say once that this is done."""
    _set(response, DONE, f"{done}:{path}", DONE_SECONDS)


def done_of(request: Request) -> str:
    """What this page has to say that is done, or an empty text."""
    done, _, path = request.cookies.get(DONE, "").partition(":")
    return done if path == request.url.path else ""


def read_announcement(response: Response, number: str) -> None:
    """She has dismissed it, and doesn't see it again here."""
    _set(response, ANNOUNCED, number, YEAR_SECONDS)


def announcement_read(request: Request) -> str:
    """The last one that was dismissed in this browser."""
    return request.cookies.get(ANNOUNCED, "")


def told(response: Response) -> None:
    """It is said."""
    _clear(response, DONE)


def language_of(request: Request) -> str:
    """The language chosen in this browser, or an empty text."""
    return request.cookies.get(LANGUAGE, "")


def keep_language(response: Response, language: str) -> None:
    """Remember the language in this browser."""
    _set(response, LANGUAGE, language, YEAR_SECONDS)
