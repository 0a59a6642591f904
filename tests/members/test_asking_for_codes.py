"""Who is a member can't be learnt by asking for codes; and one mailbox is one account."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.members.sessions import commands
from services.members.sessions.domain import limits
from shared.contracts.http.members.signing_in import LETTERS_AN_HOUR
from shared.postgres.database import Tx
from tests.members.conftest import Members, running

pytestmark = pytest.mark.servers

HERE = "198.51.100.1"


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The statements of every ask and every try, but for what a new connection asks about types."""
    found: list[list[str]] = []

    def watched(command: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def run(tx: Tx, *args: Any, **named: Any) -> Any:
            seen: list[str] = []

            def keep(record: Any) -> None:
                if "typeinfo_tree" not in record.query and "'jit'" not in record.query:
                    seen.append(record.query)

            tx.add_query_logger(keep)
            answer = await command(tx, *args, **named)
            tx.remove_query_logger(keep)
            found.append(seen)
            return answer

        return run

    for name in ("ask_for_code", "sign_in"):
        monkeypatch.setattr(commands, name, watched(getattr(commands, name)))
    return found


async def limited(members: Members) -> str:
    """The address of a member whose letters strangers have used up from this network."""
    await members.sign_in("ana@example.com")
    for number in range(limits.LETTERS_ADDRESS.most + limits.LETTERS_LATE.most):
        await members.challenge("ana@example.com", f"s{number}" * 16, HERE)
    return "ana@example.com"


async def stranger(members: Members) -> str:
    return "mia@example.com"


@pytest.mark.parametrize("unsent", [limited, stranger])
async def test_what_isnt_sent_goes_the_same_way_as_what_is(
    database: str, unsent: Callable[[Members], Awaitable[str]], statements: list[list[str]]
) -> None:
    async with running(database, join="open") as members:
        await members.sign_in("ida@example.com")
        other = await unsent(members)
    async with running(database, join="invited") as members:
        statements.clear()
        before = len(await members.issued())
        sent, silent = await members.ask("ida@example.com", ip=HERE), await members.ask(other, ip=HERE)
        assert sent.status_code == silent.status_code == 202
        assert list(sent.json()) == list(silent.json())
        assert len(sent.content) == len(silent.content)
        assert statements[0] == statements[1]
        assert len(statements[0]) == 5
        to_sent, to_silent = (await members.issued())[before:]
        assert (to_sent.send, to_silent.send) == (True, False)
        tries = [await members.try_code(asked.json()["challenge_id"], "00000000", ip=HERE) for asked in (sent, silent)]
        assert [answer.json()["code"] for answer in tries] == ["wrong_code"] * 2
        assert statements[2] == statements[3]
        # Not even the code that the event carried opens what wasn't sent.
        opened = await members.try_code(silent.json()["challenge_id"], to_silent.code, ip=HERE)
        assert opened.json()["code"] == "wrong_code"


async def test_where_joining_is_by_request_every_address_gets_a_code_by_the_same_statements(
    database: str, statements: list[list[str]]
) -> None:
    async with running(database, join="open") as members:
        await members.join("ida@example.com")
    async with running(database, join="by_request") as members:
        statements.clear()
        answers = [await members.ask(email, ip=HERE) for email in ("ida@example.com", "mia@example.com")]
        assert {answer.status_code for answer in answers} == {202}
        assert list(answers[0].json()) == list(answers[1].json())
        assert len(answers[0].content) == len(answers[1].content)
        assert statements[0] == statements[1]
        assert [letter.send for letter in (await members.issued())[-2:]] == [True, True]


async def test_a_stranger_counts_like_a_member(database: str) -> None:
    """Or one could learn who is a member by how many letters to one's own address are left."""
    async with running(database, join="open") as members:
        await members.sign_in("ana@example.com")
        await members.sign_in("mine@example.com")
    async with running(database, join="invited") as members:
        for number, asked in enumerate(("ana@example.com", "mia@example.com")):
            browser, ip = f"{number}" * 43, f"198.51.{number}.1"
            for _ in range(LETTERS_AN_HOUR):
                await members.challenge(asked, browser, ip)
            await members.challenge("mine@example.com", browser, ip)
            assert not (await members.issued())[-1].send


NO_ADDRESSES = [
    f"{'a' * 65}@example.com",
    "ana@example.com <eva>",
    "ana@example.com, eva@example.com",
    "ana",
    "ana@",
    "@example.com",
    "ana@example..com",
    "a b@example.com",
    "ana@exa\nmple.com",
    "ána@example.com",
]


@pytest.mark.parametrize("email", NO_ADDRESSES)
async def test_what_is_no_address_is_said(members: Members, email: str) -> None:
    answer = await members.ask(email)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["fields"] == [
        {"field": "email", "code": "not_an_address", "detail": "Please check this address: email couldn't reach it."}
    ]
    assert await members.pool.fetchval("select count(*) from sign_in_challenges") == 0


@pytest.mark.parametrize("email", ["", " ", "\u200b", "mailto:", "\u3164", "Ana <>"])
async def test_no_address_at_all_is_asked_for(members: Members, email: str) -> None:
    answer = await members.ask(email)
    assert answer.json()["fields"] == [{"field": "email", "code": "no_address", "detail": "Please write your address."}]


async def test_test_domains_are_for_local_machines_alone(members: Members, database: str) -> None:
    assert (await members.ask("ana@madrina.test")).status_code == 202
    async with running(database, madrina_env="production") as real:
        assert (await real.ask("ana@madrina.test")).status_code == 422
        assert (await real.ask("ana@example.com")).status_code == 202


SPELLINGS = [
    "ana@example.com",
    " Ana@EXAMPLE.com ",
    "ANA@example.com",
    "\u200bana@example.com\ufeff",
    "\u2060\u00a0ana@example.com\u3164\u200f\ufe0f",
    "mailto:ana@example.com",
    "MAILTO:ana@example.com?subject=Hola",
    "Ana Ruiz <ana@example.com>",
    '"Ruiz, Ana" <mailto:\u200bana@example.com> ',
    "<ana@example.com>",
]


async def test_spellings_of_one_mailbox_are_one_account(members: Members) -> None:
    for email in SPELLINGS:
        await members.sign_in(email)
    assert await members.pool.fetchval("select count(*) from accounts") == 1
    assert await members.pool.fetchval("select address from accounts") == "ana@example.com"
