"""What operators can follow of signing in: a line and a number each, with keyed hashes in place of addresses and networks."""

from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

from prometheus_client import Counter

from services.members.sessions.domain.hashes import keyed
from services.members.sessions.domain.limits import Limit, Source, network_of
from shared.contracts.http.members.signing_in import Shown
from shared.problems import Problem
from shared.telemetry.logs import log

SIGN_IN = Counter("madrina_sign_in", "Asks for a code, limits reached, codes refused, sessions begun and ended", ["what"])


def _note(event: str, **fields: object) -> None:
    SIGN_IN.labels(event).inc()
    log.info(event, **fields)


def _source(key: str, source: Source) -> dict[str, object]:
    # The first eight bytes tell one from another and are worth nothing without the key.
    address, network = (keyed(key, "log", part)[:8].hex() for part in (source.address, source.network))
    return {"address_hash": address, "network_hash": network, "known_browser": source.known}


def asked(key: str, source: Source, *, sent: bool, reached: Limit | None, digits: int) -> None:
    """Someone asked for a code; `sent` if a letter leaves."""
    _note("sign_in.asked", **_source(key, source), sent=sent, digits=digits)
    if reached:
        _note("sign_in.limited", **_source(key, source), limit=reached.name)


def refused(key: str, source: Source, problem: Problem, spent: Limit | None) -> None:
    """A code was refused; where wrong codes are spent, `limit` says so."""
    _note("sign_in.refused", **_source(key, source), why=problem.code)
    if spent:
        _note("sign_in.limited", **_source(key, source), limit=spent.name)


def unknown_challenge() -> None:
    """A code was tried that nobody asked for, or long ago."""
    _note("sign_in.refused", why="unknown_challenge")


def passkey_refused(key: str, ip: IPv4Address | IPv6Address) -> None:
    """An answer of a passkey that was no good."""
    _note("sign_in.refused", why="passkey_refused", network_hash=keyed(key, "log", network_of(ip))[:8].hex())


def started(member_id: UUID, shown: Shown) -> None:
    """She is signed in, having shown a code or a passkey."""
    _note("session.started", member_id=member_id, shown=shown)


def ended(member_id: UUID, why: str) -> None:
    """Her session has ended: `signed_out`, `signed_in_again`, `ended_elsewhere`, `others_ended`, `address_undone`."""
    _note("session.ended", member_id=member_id, why=why)
