"""What numbers may say: no label tells an answer from another, and a command that could be a no names whom it is about in its path."""

import re
from pathlib import Path

from services.web import app as web
from shared.contracts.http.apis import MODULES
from shared.contracts.http.base import QueryRoute, routes_of

ROOT = Path(__file__).parents[2]
METRIC = re.compile(r'(?:Counter|Gauge|Histogram|Summary)\(\s*"madrina_(\w+)",\s*"[^"]*"(?:,\s*\[(.*?)\])?', re.DOTALL)
LABELS = {
    "http_requests": '"kind", "route", "status"',
    "http_connections_cut_off": '"why"',
    "http_seconds": '"kind", "route"',
    "letters_written": '"priority"',
    "letter_attempts": '"priority", "state"',
    "letters_open": '"state"',
    "mail_server_up": '"why"',
    "outbox_waiting": '"stream"',
    "retried_events": '"why"',
    "dead_letters": '"reason"',
    "erasures_lagging": '"service"',
    "timer_failed": '"timer"',
    "sign_in": '"what"',
    "access_refused": '"status", "why"',
}
"""Every label there is: of each it was decided that it tells no answer from another."""
SAYS_NO_NO = {
    *("/v1/me/leaving", "/v1/me/leaving/undo", "/me/leave"),
    *("/v1/sign-in", "/v1/sessions/tokens", "/v1/sessions/end", "/v1/me/profile"),
    *("/v1/connection-requests", "/v1/introductions/asks", "/v1/introductions/proposals"),
    *("/v1/reach", "/v1/reach/pause", "/v1/reach/pause/end", "/v1/reach/exclusions", "/v1/needs"),
    *("/v1/me/exports", "/me/data", "/v1/me/join-request", "/join"),
    *("/v1/invitations/letters", "/invite/letter", "/v1/me/group/take-back"),
    *("/v1/community", "/v1/community/texts", "/v1/me/agreements", "/agree"),
    *("/v1/steward/community", "/v1/steward/announcement", "/v1/steward/texts", "/steward", "/announcement"),
    *("/v1/community/logo", "/v1/steward/logo", "/steward/logo"),
    *("/joining", "/me/discreet", "/reach", "/connections/tidy"),
    *("/v1/sign-in/passkeys", "/v1/sign-in/passkeys/challenges", "/v1/me/passkeys", "/v1/me/sessions/end-others"),
    *("/sign-in/passkey", "/sign-in/passkey/options", "/step-up", "/step-up/passkey"),
    *("/me/passkeys", "/me/passkeys/options", "/me/sessions/end-others"),
    *("/sign-in", "/sign-out", "/language", "/profile", "/find", "/suggestions", "/v1/suggestions/dismissals"),
    *("/v1/invitations", "/v1/invitations/open", "/invite", "/v1/transparency"),
    *("/photo", "/v1/me/photo", "/v1/me/photo/taken-back", "/me/data/photo", "/me/data/group"),
    *("/v1/me/addresses", "/v1/me/addresses/confirm", "/v1/me/addresses/pass-on-first"),
    *("/v1/addresses/changes", "/v1/addresses/changes/undo", "/me/address", "/me/address/confirm"),
    *("/v1/public-notices", "/v1/public-notices/receipt", "/notice"),
    *("/v1/me/contests", "/ledger/contest"),
}
"""Commands that numbers and lines name: nobody is answered by them."""


def test_labels_are_known() -> None:
    sources = [file.read_text() for room in ("services", "shared") for file in (ROOT / room).rglob("*.py")]
    assert {name: labels for source in sources for name, labels in METRIC.findall(source) if labels} == LABELS


def test_a_command_that_could_be_a_no_has_an_id_in_its_path() -> None:
    contracts = [route for module in MODULES for route in routes_of(module).values()]
    paths = {route.path for route in contracts if not isinstance(route, QueryRoute)}
    paths |= {route.path for page in web.PAGES for route in page.router.routes if "POST" in route.methods}
    assert {path for path in paths if "{" not in path} == SAYS_NO_NO
