"""A time in the record of processing is the one after which what it says is deleted: a minute younger it stays, a minute older it goes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from deploy.documents.processing import SERVICES
from services.members.addresses import store as addresses
from services.members.directory import store as directory
from services.members.erasure import services as erasures
from services.members.export import store as export
from services.members.invitations import timers as invitations
from services.members.joining import timers as joining
from services.members.moderation import store as moderation
from services.members.passkeys import store as passkeys
from services.members.public_notices import store as public_notices
from services.members.safety import store as safety
from services.members.sessions import timers as sessions
from services.notify.queue import store as letters
from services.requests.farewells import store as farewells
from shared.http import idempotency
from shared.messaging import retention
from shared.postgres.database import Pool, create_pool
from tests.architecture.test_erasure import features as features_of
from tests.conftest import MakeDatabase

MINUTE = timedelta(minutes=1)
ACCOUNT = "insert into accounts (member_id, address, address_key, created_at) values (gen_random_uuid(), 'a@b.test', 'a@b.test', now())"


@dataclass(frozen=True)
class Kept:
    """How a row of that age is made (`$1`, an interval), what deletes, and what is counted afterwards."""

    service: str
    make: str
    work: Callable[[Pool], Awaitable[None]]
    left: str


def session(started: str, seen: str, ended: str) -> str:
    return (
        "insert into sessions (secret_hash, member_id, started_at, seen_at, ended_at)"
        f" select '\\x01', member_id, {started}, {seen}, {ended} from accounts where $1::interval is not null"
    )


def dead(column: str) -> str:
    return (
        f"insert into dead_letters (message_key, stream, subject, body, reason, detail, tries, {column})"
        " values ('k', 's', 's', '\\x01', '', '', 1, now() - $1::interval)"
    )


def letter(state: str, column: str, value: str) -> str:
    return (
        f"insert into letters (event_id, recipient_id, kind, subject_id, about_ids, stopped_by_their_block, state, priority, {column},"
        " correlation_id, changed_at) values (gen_random_uuid(), gen_random_uuid(), 'k', gen_random_uuid(), '{}', true,"
        f" '{state}', 1, {value}, '', {AGO})"
    )


SESSIONS, AGO = "select count(*) from sessions", "now() - $1::interval"
TIMES = {
    ("members", "a session that isn't used"): Kept("members", session(AGO, AGO, "null"), sessions.clean, SESSIONS),
    ("members", "a session, however much it is used"): Kept("members", session(AGO, "now()", "null"), sessions.clean, SESSIONS),
    ("members", "a session that has ended"): Kept("members", session("now()", "now()", AGO), sessions.clean, SESSIONS),
    ("members", "that a browser was signed in to her account"): Kept(
        "members",
        f"insert into known_browsers (member_id, browser_hash, signed_in_at) select member_id, '\\x01', {AGO} from accounts",
        sessions.clean,
        "select count(*) from known_browsers",
    ),
    ("members", "a code that was asked for, with its address"): Kept(
        "members",
        "insert into sign_in_challenges (challenge_id, address, address_key, browser_hash, sent, issued_at, digits, asks)"
        f" values (gen_random_uuid(), 'a', 'a', '\\x01', true, {AGO}, 8, 1)",
        sessions.clean,
        "select count(*) from sign_in_challenges",
    ),
    ("members", "what limits of signing in count, as hashes"): Kept(
        "members",
        f"insert into sign_in_counts (key, counted_at) values ('\\x01', {AGO})",
        sessions.clean,
        "select count(*) from sign_in_counts",
    ),
    ("members", "an address that she has left"): Kept(
        "members",
        "insert into former_addresses (change_id, member_id, address, address_key, began_at, changed_at)"
        f" select gen_random_uuid(), member_id, 'b', 'b', now(), {AGO} from accounts",
        addresses.clean,
        "select count(*) from former_addresses",
    ),
    ("members", "a new address that waits for its code"): Kept(
        "members",
        "insert into address_codes (member_id, change_id, purpose, address, address_key, free, asked_at, began_at)"
        f" select member_id, gen_random_uuid(), 'sign_in', 'b', 'b', true, {AGO}, now() from accounts",
        addresses.clean,
        "select count(*) from address_codes",
    ),
    ("members", "an invitation that nobody used, once it has run out"): Kept(
        "members",
        f"insert into invitations (invitation_id, made_at, expires_at) values (gen_random_uuid(), now(), {AGO})",
        invitations.clean,
        "select count(*) from invitations",
    ),
    ("members", "a keyed hash of an address to which an invitation went"): Kept(
        "members",
        f"insert into invitation_letters (invitation_id, address_mac, asked_at, sent) values (gen_random_uuid(), '\\x01', {AGO}, true)",
        invitations.clean,
        "select count(*) from invitation_letters",
    ),
    ("members", "the same once it is answered, and her account if she isn't let in"): Kept(
        "members",
        "insert into join_requests (request_id, member_id, name, about, language, asked_at, answer_by, due_at, answered_at, let_in)"
        f" select gen_random_uuid(), member_id, '', '', 'en', now(), now(), {AGO} + '30 days'::interval, {AGO}, false from accounts",
        joining.let_time_pass,
        "select count(*) from join_requests",
    ),
    ("members", "which question of a passkey was answered"): Kept(
        "members",
        f"insert into passkey_challenges_spent (challenge, spent_at) values ('\\x01', {AGO})",
        passkeys.clean,
        "select count(*) from passkey_challenges_spent",
    ),
    ("members", "when she looked for somebody"): Kept(
        "members",
        f"insert into searches (member_id, at) values (gen_random_uuid(), {AGO})",
        directory.clean,
        "select count(*) from searches",
    ),
    ("members", "what she reports"): Kept(
        "members",
        f"insert into reports (report_id, reported_at, stored_at) values (gen_random_uuid(), now(), {AGO})",
        safety.clean,
        "select count(*) from reports",
    ),
    ("members", "a public notice and its answer"): Kept(
        "members",
        "insert into public_notices (notice_id, concerns, language, given_at, stored_at)"
        f" values (gen_random_uuid(), 'c', 'en', now(), {AGO})",
        public_notices.clean,
        "select count(*) from public_notices",
    ),
    ("members", "a keyed hash of the address of a member who was removed"): Kept(
        "members",
        f"insert into barred_addresses (address_mac, barred_at) values ('\\x01', {AGO})",
        moderation.clean,
        "select count(*) from barred_addresses",
    ),
    ("members", "hashes of a command and its key"): Kept(
        "reputation",
        f"insert into idempotency_keys (member_id, key_hash, mac, claimed_at) values (gen_random_uuid(), '\\x01', '\\x01', {AGO})",
        idempotency.clean,
        "select count(*) from idempotency_keys",
    ),
    ("members", "that she asked for her data, never what is in it"): Kept(
        "members",
        f"insert into exports (export_id, member_id, asked_at) select gen_random_uuid(), member_id, {AGO} from accounts",
        export.clean,
        "select count(*) from exports",
    ),
    ("members", "that she was erased, and which service has done its part"): Kept(
        "members",
        f"insert into erasures (member_id, service, done_at) values (gen_random_uuid(), 'notify', {AGO})",
        erasures.watch,
        "select count(*) from erasures",
    ),
    ("notify", "its subject, as she saw it"): Kept(
        "notify", letter("sent", "title", "'You and Olga are connected'"), letters.forget_titles, "select count(title) from letters"
    ),
    ("requests", "the name of a removed member, for those who dealt with her"): Kept(
        "requests",
        f"insert into farewells (member_id, name, told_at) values (gen_random_uuid(), 'n', {AGO})",
        farewells.clean,
        "select count(*) from farewells",
    ),
    ("notify", "those of a letter that was rejected"): Kept(
        "notify",
        letter("rejected", "message", "'\\x01'"),
        letters.empty_rejected,
        "select count(*) from letters where message is not null",
    ),
    ("every service", "what the service told others, once it is sent"): Kept(
        "reputation",
        "insert into outbox (event_id, type, aggregate_id, body, correlation_id, traceparent, sent_at, stored_at)"
        f" values (gen_random_uuid(), 't', gen_random_uuid(), '\\x01', '', '', now(), {AGO})",
        retention.clean,
        "select count(*) from outbox",
    ),
    ("every service", "which events it has handled"): Kept(
        "reputation",
        f"insert into inbox (event_id, claimed_at) values (gen_random_uuid(), {AGO})",
        retention.clean,
        "select count(*) from inbox",
    ),
    ("every service", "an event it couldn't handle, that nobody has resolved"): Kept(
        "reputation", dead("died_at"), retention.clean, "select count(*) from dead_letters where resolved_at is null and body <> ''"
    ),
    ("every service", "one that is resolved"): Kept(
        "reputation", dead("resolved_at"), retention.clean, "select count(*) from dead_letters"
    ),
}
"""By the row of the record. What all services say of one shared mechanism is tried in one of them."""


def timed() -> dict[tuple[str, str], timedelta]:
    """Every row of the record with a time; what several services say alike, once."""
    found: dict[tuple[str, str], timedelta] = {}
    for service, features in SERVICES.items():
        for feature in features:
            for row in feature.retain:
                if isinstance(row.for_how_long, timedelta) and not any(what == row.what for _, what in found):
                    found[service, row.what] = row.for_how_long
    return found


def test_every_time_is_tried() -> None:
    assert timed().keys() == TIMES.keys()


def test_what_deletes_is_the_work_of_a_timer_in_that_service() -> None:
    always = {timer.work for timer in (*retention.FEATURE.timers, *idempotency.TIMERS)}
    by_delivery = {letters.empty_rejected, letters.forget_titles}  # which looks after its queue by itself
    for (_, what), kept in TIMES.items():
        timers = {timer.work for feature in features_of(kept.service) for timer in feature.timers}
        assert kept.work in timers | always | (by_delivery if kept.service == "notify" else set()), what


@pytest.mark.servers
@pytest.mark.parametrize("row", TIMES, ids=lambda row: row[1])
async def test_it_goes_after_that_time_and_not_before(row: tuple[str, str], make_database: MakeDatabase) -> None:
    kept, time = TIMES[row], timed()[row]
    pool = await create_pool(await make_database(kept.service), size=1, name="test")
    try:
        for age, left in ((time - MINUTE, 1), (time + MINUTE, 0)):
            if kept.service == "members":
                await pool.execute(f"{ACCOUNT} on conflict do nothing")
            await pool.execute(kept.make, age)
            await kept.work(pool)
            assert await pool.fetchval(kept.left) == left
            await pool.execute(f"delete from {kept.left.split()[3]}")
    finally:
        await pool.close()
