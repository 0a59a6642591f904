"""`madrina dead-letters`: lists, shows nothing private, and replays only with --yes."""

import json
from functools import partial

import pytest

from shared.messaging import dead_letters
from shared.postgres.database import Pool, transaction
from tests.messaging import events
from tests.messaging.conftest import Madrina

pytestmark = pytest.mark.servers

SECRET = "She builds bridges, and you need one."


@pytest.fixture
def madrina(operator: Madrina, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Madrina:
    """`status, out, err = await madrina("list")`, with the one database as that of requests."""
    monkeypatch.setenv("REQUESTS_DATABASE_URL", database_url)
    return partial(operator, "dead-letters")


@pytest.fixture
async def letter(pool: Pool) -> int:
    """The id of one dead letter with private words."""
    event = events.confirmed()
    async with transaction(pool) as tx:
        await dead_letters.bury(
            tx,
            subject=event.type,
            body=event.to_json(),
            event=event,
            reason="failed",
            detail="KeyError at x.py:3",
            tries=6,
        )
    [dead] = await dead_letters.open_events(pool)
    return dead.id


async def test_an_empty_list_says_so(madrina: Madrina) -> None:
    assert await madrina("list") == (0, "requests: 0 dead letters\n", "")


async def test_list_and_show_tell_what_happened_and_nothing_private(madrina: Madrina, letter: int) -> None:
    status, out, _ = await madrina("list")
    assert status == 0
    assert out.startswith("requests: 1 dead letter\n")
    assert "requests.v1.introduction_confirmed  failed: KeyError at x.py:3  tries 6" in out
    status, shown, _ = await madrina("show", "--service", "requests", "--id", str(letter))
    assert status == 0
    assert json.loads(shown[shown.index("{") :])["words_for"] == "[private]"
    assert SECRET not in out + shown


@pytest.mark.parametrize("which", ["id", "all"])
async def test_replay_does_nothing_without_yes(which: str, madrina: Madrina, letter: int, pool: Pool) -> None:
    choice = ["--id", str(letter)] if which == "id" else ["--all"]
    status, out, _ = await madrina("replay", "--service", "requests", *choice)
    assert (status, await dead_letters.to_replay(pool)) == (0, [])
    assert "Would let requests handle 1 again. Say --yes to do it." in out
    status, out, _ = await madrina("replay", "--service", "requests", *choice, "--yes")
    assert "requests will handle 1 again" in out
    assert [found[0] for found in await dead_letters.to_replay(pool)] == [letter]
    assert SECRET not in out


async def test_what_has_expired_is_not_replayed(madrina: Madrina, letter: int, pool: Pool) -> None:
    await pool.execute("update dead_letters set body = ''")
    _, out, _ = await madrina("replay", "--service", "requests", "--all", "--yes")
    assert "1 had expired" in out
    assert await dead_letters.to_replay(pool) == []
    _, out, _ = await madrina("show", "--service", "requests", "--id", str(letter))
    assert "it had expired" in out


async def test_an_id_that_is_not_there_changes_nothing(madrina: Madrina, letter: int, pool: Pool) -> None:
    status, _, err = await madrina("replay", "--service", "requests", "--id", str(letter), "--id", "999", "--yes")
    assert (status, err) == (1, "requests has no open dead letter 999. Nothing was done.\n")
    assert await dead_letters.to_replay(pool) == []
    assert (await madrina("show", "--service", "requests", "--id", "999"))[0] == 1


async def test_ids_need_a_service_and_a_service_a_database(
    madrina: Madrina, letter: int, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_DATABASE_URL", database_url)
    status, _, err = await madrina("replay", "--all")
    assert (status, "say which with --service" in err) == (1, True)
    status, _, err = await madrina("list", "--service", "reputation")
    assert (status, "set REPUTATION_DATABASE_URL" in err) == (1, True)
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert (await madrina("list", "--service", "reputation"))[0] == 0
    monkeypatch.setenv("REPUTATION_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert await madrina("list", "--service", "reputation") == (1, "", "The database of reputation does not answer.\n")
