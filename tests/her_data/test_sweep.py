"""After her erasure nothing is left of her but tombstones, and whatever is left is found."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services import cli
from services.members.erasure.commands import erase
from services.requests.worker import FEATURES as REQUESTS
from shared import clock
from shared.contracts.http.members.signing_in import Audience
from shared.messaging import acknowledged
from shared.postgres.database import transaction
from tests.her_data.everything import Life
from tests.matrix.scene import AUDIENCES

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

AS_A_MODERATOR = {"case_notes.note", "decisions.reasons", "why_excluded", "answer_to_her"}
"""What she wrote of others stays with their cases, under her bare id."""


async def relayed(her: Life) -> None:
    """Everything that was told is with the broker."""
    for service in AUDIENCES:
        async with transaction(her.site.pool(service)) as tx:
            rows = await tx.fetch("select event_id from outbox where sent_at is null")
            await acknowledged.stored(tx, service.upper(), sent=[row["event_id"] for row in rows], again=[], last_seq=0)


async def erased(her: Life) -> None:
    """She is erased, every service has heard it, and what was open with others has shown its end; her last letter has left."""
    await relayed(her)
    async with transaction(her.site.pool("members")) as tx:
        assert await erase(tx, her.ana, clock.now())
    await her.site.deliver()
    her.world.clock.move(days=40)
    for timer in (timer for feature in REQUESTS for timer in feature.timers):
        await timer.work(her.site.pool("requests"))
    await her.site.deliver()
    await relayed(her)
    await her.site.pool("members").execute("update outbox set body = '' where type like 'private.%'")
    await her.site.pool("notify").execute("update letters set state = 'sent', message = null, address = null, due_at = null")


@pytest.fixture
def sweep(her: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """The operator's command: its status, and what it prints."""
    for service, url in her.site.urls.items():
        monkeypatch.setenv(f"{service.upper()}_DATABASE_URL", url)
    monkeypatch.delenv("NATS_URL", raising=False)
    words = tmp_path / "words"
    hers = [said for where, said in her.hers.items() if where not in AS_A_MODERATOR]
    words.write_text("\n".join(["ana@canary.test", *hers]), encoding="utf-8")

    async def run(*more: str) -> tuple[int, str]:
        capsys.readouterr()
        status = await asyncio.to_thread(cli.main, ["members", "sweep", "--id", str(her.ana), "--words", str(words), *more])
        return status, capsys.readouterr().out

    return run


async def test_nothing_is_left_but_tombstones_and_what_is_planted_is_found(her: Life, sweep: Callable[..., Any]) -> None:
    status, printed = await sweep()
    assert status == 1 and "HER WORDS in profiles.headline, 1 times" in printed and "requests: HER WORDS in reach.question" in printed
    assert not any(said in printed for said in her.hers.values()), "it says where, and never what"
    await erased(her)
    status, printed = await sweep()
    assert status == 0, printed
    assert "HER WORDS" not in printed and "MORE THAN" not in printed and "her id in members.member_id" in printed
    for column, (service, statement) in PLANTED.items():
        assert not flagged(printed, service, column), column
        await her.site.pool(service).execute(statement, her.ana, her.hers["looking_for"])
        status, printed = await sweep()
        assert status == 1 and flagged(printed, service, column), printed


async def test_logs_that_were_written_since_are_looked_through(her: Life, sweep: Callable[..., Any], tmp_path: Path) -> None:
    await erased(her)
    log = tmp_path / "log"
    for line, expected in ((f"session.started member_id={her.ana}", 1), ("to ANA@canary.test", 1), ("session.started member_id=other", 0)):
        log.write_text(f"worker.started\n{line}\n", encoding="utf-8")
        assert (await sweep("--logs", str(log)))[0] == expected, line


def flagged(printed: str, service: str, column: str) -> bool:
    """Whether the sweep says that more than a tombstone is there."""
    found = [line for line in printed.splitlines() if line.startswith(f"{service}: ") and f" in {column}, " in line]
    return any("HER WORDS" in line or "MORE THAN" in line for line in found)


PLANTED: dict[str, tuple[Audience, str]] = {
    "reach.question": ("requests", "insert into reach (member_id, question) values (gen_random_uuid(), $2 || $1::uuid)"),
    "outbox.body": (
        "requests",
        "insert into outbox (event_id, type, aggregate_id, body, correlation_id, traceparent)"
        " values (gen_random_uuid(), 'requests.v1.x', gen_random_uuid(), convert_to($2 || $1::uuid, 'UTF8'), '', '')",
    ),
    "inbox.event_id": ("reputation", "insert into inbox (event_id) select $1 where $2 <> ''"),
    "dead_letters.body": (
        "reputation",
        "insert into dead_letters (message_key, stream, subject, body, reason, detail, tries)"
        " values ('k', 's', 's', convert_to($2 || $1::uuid, 'UTF8'), '', '', 1)",
    ),
    "letters.title": ("notify", "update letters set title = $2 || $1::uuid where letter_id = (select min(letter_id) from letters)"),
    "letters.message": (
        "notify",
        "update letters set message = convert_to($2 || $1::uuid, 'UTF8') where letter_id = (select min(letter_id) from letters)",
    ),
    "idempotency_keys.member_id": ("members", "insert into idempotency_keys (member_id, key_hash, mac) select $1, '', '' where $2 <> ''"),
    "accounts.address": (
        "members",
        "insert into accounts (member_id, address, address_key, created_at) values ($1, $2, $2, now())",
    ),
}
"""A trace of each kind, by the column in which it is to be found: what plants it, with her id and some of her words."""
