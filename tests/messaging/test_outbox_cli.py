"""`madrina outbox`: shows what the broker answered, publishes again only with --yes, and settles what was reported."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from services import cli as madrina_cli
from shared.messaging import acknowledged, outbox, retention
from shared.postgres.database import Pool, transaction
from tests.messaging import events
from tests.messaging.conftest import Madrina

pytestmark = pytest.mark.servers


@pytest.fixture
def madrina(operator: Madrina, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Madrina:
    """`status, out, err = await madrina("list")`, with the one database as that of members."""
    monkeypatch.setenv("MEMBERS_DATABASE_URL", database_url)
    return partial(operator, "outbox")


@pytest.fixture
async def sent(pool: Pool) -> list[datetime]:
    """When each of three profiles was acknowledged, an hour apart; a code that is over and an event that never went are there too."""
    at = [datetime.now(UTC) - timedelta(hours=hours) for hours in (3, 2, 1)]
    profiles = [events.joined() for _ in at]
    code = events.code(datetime.now(UTC) - timedelta(minutes=50))
    async with transaction(pool) as tx:
        await outbox.put(tx, *profiles, code, events.joined())
    for event, moment in zip([*profiles, code], [*at, at[2]], strict=True):
        await pool.execute("update outbox set sent_at = $2 where event_id = $1", event.id, moment)
    await pool.execute("insert into relay_streams values ('MEMBERS', 'then', 10, 3, 10), ('PRIVATE', 'then', 1, null, null)")
    return at


async def test_republish_says_what_it_would_do_and_does_it_with_yes(madrina: Madrina, sent: list[datetime], pool: Pool) -> None:
    since = f"{sent[1] - timedelta(minutes=1):%Y-%m-%dT%H:%MZ}"
    _, out, _ = await madrina("republish", "--since", since)
    assert out.splitlines() == [f"Would let members publish {what} again. Say --yes to do it." for what in ("2 of MEMBERS", "0 of PRIVATE")]
    assert await pool.fetchval("select count(*) from outbox_again") == 0
    _, out, _ = await madrina("republish", "--since", since, "--stream", "MEMBERS", "--yes")
    assert out == "members will publish 2 of MEMBERS again.\n"
    # Asked again, nothing is new; what the outbox no longer holds is forgotten.
    _, out, _ = await madrina("republish", "--since", since.removesuffix("Z"), "--stream", "MEMBERS", "--yes")
    assert out == "members will publish 0 of MEMBERS again.\n"
    _, out, _ = await madrina("list")
    assert "members: MEMBERS acknowledged 10, 2 to be published again\n" in out
    await pool.execute("delete from outbox where sent_at = $1", sent[1])
    await retention.clean(pool)
    assert await pool.fetchval("select count(*) from outbox_again") == 1


async def test_what_the_database_does_not_know_is_reported_until_it_is_settled(madrina: Madrina, sent: list[datetime], pool: Pool) -> None:
    told = "It holds events that members doesn't know, from 4 to 10."
    _, out, _ = await madrina("list")
    assert told in out
    _, out, _ = await madrina("settle", "--stream", "MEMBERS")
    assert out == "Would stop reporting MEMBERS. Say --yes to do it.\n"
    await madrina("settle", "--stream", "MEMBERS", "--yes")
    _, out, _ = await madrina("list")
    assert told not in out
    assert [known["last_seq"] for known in await acknowledged.known(pool)] == [10, 1]


async def test_a_stream_belongs_to_one_service(madrina: Madrina, sent: list[datetime]) -> None:
    status, _, err = await madrina("republish", "--since", "2026-11-02", "--stream", "MEMBERS", "--service", "requests")
    assert (status, err) == (1, "requests doesn't publish to MEMBERS.\n")
    status, _, err = await madrina("settle", "--stream", "REQUESTS")
    assert (status, "set REQUESTS_DATABASE_URL" in err) == (1, True)


def test_a_time_that_cannot_be_read_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        madrina_cli.main(["outbox", "republish", "--since", "yesterday"])
    assert "'yesterday' is no time; write it like 2026-11-02T09:30Z" in capsys.readouterr().err
