"""`madrina members` and `madrina reports`: says what it would do, does it with --yes, and shows a report's words only when asked."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from services import cli
from tests.members.conftest import Members
from tests.members.test_safety import report, report_question, told

pytestmark = pytest.mark.servers

Madrina = Callable[..., Awaitable[tuple[int, str, str]]]
NOBODY = (1, "", "There is no such member. Nothing was done.\n")


@pytest.fixture
def madrina(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Madrina:
    """`status, out, err = await madrina("members", "show", …)`, with the database in the environment."""
    monkeypatch.setenv("MEMBERS_DATABASE_URL", database)

    async def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = await asyncio.to_thread(cli.main, arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.mark.parametrize(
    ("before", "verb", "does"),
    [
        (None, "suspend", "is suspended"),
        ("suspend", "reinstate", "is reinstated"),
        (None, "erase", "is erased"),
        (None, "block", "blocks"),
        ("block", "unblock", "no longer blocks"),
    ],
)
async def test_each_says_what_it_would_do_and_does_it_with_yes(
    members: Members, madrina: Madrina, before: str | None, verb: str, does: str
) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    other = ("--other", eva) if verb.endswith("block") else ()
    if before:
        await madrina("members", before, "--id", ana, *other, "--yes")
    already = await told(members)
    status, out, _ = await madrina("members", verb, "--address", "Ana@Example.com", *other)
    assert (status, await told(members)) == (0, already)
    assert out.endswith(f" Say --yes to {verb} {' '.join((ana, *other[1:]))}.\n")
    status, out, _ = await madrina("members", verb, "--id", ana, *other, "--yes")
    assert status == 0
    assert out.startswith(f"{' '.join((ana, does, *other[1:]))}. ")
    assert len(await told(members)) == (1 if verb == "erase" else len(already) + 1)
    again = await madrina("members", verb, "--id", ana, *other, "--yes")
    assert again == (NOBODY if verb == "erase" else (0, "Nothing was done: it is so already.\n", ""))


@pytest.mark.parametrize(("before", "verb", "does"), [("dismiss", "appoint", "is appointed"), ("appoint", "dismiss", "is dismissed")])
async def test_roles_are_given_and_taken(members: Members, madrina: Madrina, before: str, verb: str, does: str) -> None:
    (_, ana), role = await members.join(), ("--role", "steward")
    await madrina("members", before, "--id", ana, *role, "--yes")
    shown = await madrina("members", "show", "--id", ana)
    _, out, _ = await madrina("members", verb, "--id", ana, *role)
    assert out.endswith(f" Say --yes to {verb} {ana} steward.\n")
    assert await madrina("members", "show", "--id", ana) == shown
    _, out, _ = await madrina("members", verb, "--id", ana, *role, "--yes")
    assert out.startswith(f"{ana} {does} steward. ")
    assert (await madrina("members", "show", "--id", ana))[1].endswith(", steward\n") == (verb == "appoint")
    assert await madrina("members", verb, "--id", ana, *role, "--yes") == (0, "Nothing was done: it is so already.\n", "")
    assert await madrina("members", verb, "--id", str(uuid4()), *role, "--yes") == NOBODY


async def test_whoever_isnt_here_is_an_error(members: Members, madrina: Madrina) -> None:
    _, ana = await members.join()
    for verb in ("show", "suspend", "reinstate", "erase"):
        for which in (("--id", str(uuid4())), ("--address", "eva@example.com"), ("--address", "no address")):
            assert await madrina("members", verb, *which) == NOBODY
    for verb in ("block", "unblock"):
        for other in (str(uuid4()), ana):
            assert await madrina("members", verb, "--id", ana, "--other", other, "--yes") == NOBODY
    assert await told(members) == []


async def test_show_says_since_when_and_whether_she_takes_part(members: Members, madrina: Madrina) -> None:
    _, ana = await members.join()
    await members.sign_in("eva@example.com")
    _, out, _ = await madrina("members", "show", "--id", ana)
    assert out.startswith(f"{ana}  here since 20")
    assert out.endswith(", with a profile\n")
    _, out, _ = await madrina("members", "show", "--address", "eva@example.com")
    assert out.endswith(", without a profile\n")
    await madrina("members", "suspend", "--id", ana, "--yes")
    _, out, _ = await madrina("members", "show", "--id", ana)
    assert out.endswith(", with a profile, suspended\n")


async def test_reports_are_listed_without_their_words_and_shown_with_them(members: Members, madrina: Madrina) -> None:
    assert await madrina("reports", "list") == (0, "0 reports.\n", "")
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    told_ = await report(members, by=ana, about=eva, words="She shouted at me.")
    _, out, _ = await madrina("reports", "list")
    line, count = out.splitlines()
    assert line.startswith(f"{told_.aggregate_id}  20")
    assert line.endswith(f"Z  about {eva}  by {ana}  misconduct, introduction {told_.introduction_id}, received")
    assert count == "1 report."
    assert "shouted" not in out
    status, out, _ = await madrina("reports", "show", "--id", str(told_.aggregate_id))
    assert (status, out) == (0, f"{line}\nShe shouted at me.\n")
    await madrina("members", "erase", "--id", ana, "--yes")
    _, out, _ = await madrina("reports", "show", "--id", str(told_.aggregate_id))
    assert out.endswith("\nIts words are gone: whose they were is erased.\n")
    question = await report_question(members, by=eva, about=(await members.join("rosa@example.com"))[1])
    _, out, _ = await madrina("reports", "show", "--id", str(question.aggregate_id))
    assert out.endswith(f"  by {eva}  other, question, received\nWhat would you pay?\n")
    unknown = UUID(int=1)
    assert await madrina("reports", "show", "--id", str(unknown)) == (1, "", f"There is no report {unknown}.\n")


async def test_without_a_database_it_says_which_is_missing(madrina: Madrina, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MEMBERS_DATABASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    status, _, err = await madrina("reports", "list")
    assert (status, "set MEMBERS_DATABASE_URL or DATABASE_URL" in err) == (1, True)
