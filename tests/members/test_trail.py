"""What operators can follow of signing in, and what stands in none of it."""

import io
import json
from typing import Any

import pytest

from shared.telemetry import logs
from tests.members.conftest import BROWSER, IP, Members
from tests.observed import observed

pytestmark = pytest.mark.servers

OF_THE_TRAIL = ("sign_in.", "session.", "access.")


async def test_every_step_is_a_line_and_a_number(members: Members) -> None:
    with observed() as found:
        challenge = await members.challenge()
        await members.try_code(challenge, "00000000")
        session = (await members.try_code(challenge, await members.code_of(challenge))).json()["session"]
        again = await members.challenge()
        await members.try_code(again, await members.code_of(again), former=session)
        await members.try_code(challenge, "00000000")
        await members.token("a" * 43)
        await members.client.post("/v1/sessions/end", json={"session": session})
    trail = [line for line in found.lines if line["event"].startswith(OF_THE_TRAIL)]
    shown = [(line["event"], line.get("why") or line.get("sent")) for line in trail]
    assert shown == [
        ("sign_in.asked", True),
        ("sign_in.refused", "wrong_code"),
        ("session.started", None),
        ("sign_in.asked", True),
        ("session.ended", "signed_in_again"),
        ("session.started", None),
        ("sign_in.refused", "code_expired"),
        ("access.refused", "signed_out"),
        ("access.refused", "foreign_caller"),
    ]
    assert [line["known_browser"] for line in trail if line["event"] == "sign_in.asked"] == [False, True]
    of_one = {(line["address_hash"], line["network_hash"]) for line in trail if "address_hash" in line}
    assert len(of_one) == 1
    assert found.numbers["madrina_sign_in_total[('what', 'session.started')]"] == 2
    assert found.numbers["madrina_access_refused_total[('status', '403'), ('why', 'foreign_caller')]"] == 1


async def test_limits_that_are_reached_are_named(members: Members) -> None:
    with observed() as found:
        for _ in range(6):
            challenge = await members.challenge()
        for number in range(6):
            browser, ip = f"s{number}" * 16, f"198.51.{number}.1"
            other = await members.challenge("ana@example.com", browser, ip)
            for _ in range(5):
                await members.try_code(other, "00000000", browser, ip)
        await members.try_code(challenge, "00000000")
    reached = [line["limit"] for line in found.lines if line["event"] == "sign_in.limited"]
    assert list(dict.fromkeys(reached)) == ["letters_browser", "tries_address"]


async def test_no_address_code_secret_or_link_stands_in_any_line(members: Members) -> None:
    out = io.StringIO()
    logs.configure("members", "api", "DEBUG", out)
    try:
        challenge = await members.challenge()
        code = await members.code_of(challenge)
        await members.try_code(challenge, "00000000")
        session = (await members.try_code(challenge, code)).json()["session"]
        await members.open("/v1/sessions/end", session=session)
    finally:
        logs.configure("tests", "api", "ERROR")
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(lines) > 6
    for secret in ("ana@example.com", "example.com", code, session, BROWSER, IP, IP.rpartition(".")[0], challenge):
        assert secret not in out.getvalue()


async def test_answers_of_an_api_are_stored_by_nobody(members: Members) -> None:
    session = await members.sign_in()
    answers = [await members.token(session), await members.client.get("/v1/me"), await members.client.get("/nothing")]
    answers += [await members.client.get("/v1/me", headers=await members.headers(session)), await members.open("/v1/sign-in", email="x")]
    assert {answer.status_code for answer in answers} == {200, 401, 404, 422}
    for answer in answers:
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
