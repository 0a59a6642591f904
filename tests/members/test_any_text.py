"""Whatever stands in a field of a profile or a search: a documented answer, and her text kept as the rules of texts say."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.members.directory.domain import sought
from shared.contracts.http.members.profiles import ProfileBody
from tests.members.conftest import AGREED, PROFILE, Members

pytestmark = pytest.mark.servers

AWKWARD = [
    *("\0", "\x1b", "\x7f", "\x85", "\u200b", "\u200d", "\u202e", "\u2066", "\u061c", "\ufeff", "\ufffd", "\ufffe", "\U000e0001"),
    *(
        "\ud800",
        "\udfff",
        "e\u0301",
        "é",
        "\u1e9b\u0323",
        "\u212b",
        "ﬁ",
        "한",
        "\u1112\u1161\u11ab",
        "\u0301" * 31,
        "👩‍👩‍👧",
        "عربي",
        "\r\n",
        "\u2028",
    ),
    *("a" * 90, "ñ" * 700, "<b>@</b>", "'; --", "%_\\", "{{ 7*7 }}", " ", "Ana"),
]
TEXT = st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(max_size=4)), max_size=6).map("".join)
LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT)
NESTED = st.recursive(LEAF, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)), max_leaves=6)
DEEP = st.sampled_from([1, 50, 500, 10_000]).map(lambda depth: "[" * depth + "]" * depth)
LONG = st.sampled_from([5_000, 12_000]).map(lambda length: "ñ" * length)
VALUES = st.one_of(TEXT, TEXT, NESTED, LONG).map(json.dumps) | DEEP
"""As a client writes it that knows no rules: half a surrogate pair is its escape, and what is no number is NaN."""
often = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON = {"Content-Type": "application/json"}


def body(whole: dict[str, Any], field: str, value: str) -> bytes:
    """The whole as JSON, with this value in that field."""
    return json.dumps({**whole, field: "here"}).replace('"here"', value).encode()


async def session_of(members: Members) -> str:
    """Hers, who joins with the first example and has written as often as she likes; of the example before nothing is left."""
    if not hasattr(members, "hers"):
        members.hers = (await members.join())[0]  # type: ignore[attr-defined]
    await members.pool.execute("update profiles set changes = '{}'")
    await members.pool.execute("delete from searches")
    assert (await members.write(members.hers)).status_code == 204  # type: ignore[attr-defined]
    await members.pool.execute("update profiles set changes = '{}'")
    return str(members.hers)  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", ProfileBody.model_fields)
@often
@given(value=VALUES)
async def test_a_field_of_her_profile_is_kept_as_it_is_or_refused_by_its_name(members: Members, field: str, value: str) -> None:
    session = await session_of(members)
    sent = body({**PROFILE, **AGREED}, field, value)
    answer = await members.client.put("/v1/me/profile", content=sent, headers={**await members.headers(session), **JSON})
    shown = (await members.me(session))["profile"]
    if answer.status_code == 204:
        said = ProfileBody.model_validate_json(sent).model_dump()
        assert shown == {name: kept if said[name] is None else said[name] for name, kept in PROFILE.items()}
        assert unicodedata.is_normalized("NFC", str(shown[field]) if field in shown else "")
        assert not {"\0", "\u202e", "\u2066", "\u061c", "\ud800"} & set(str(shown.get(field)))
        return
    assert shown == PROFILE, "and nothing else was changed"
    assert (answer.status_code, answer.json()["code"]) in {(422, "invalid"), (413, "too_large"), (409, "profile_changed")}
    if answer.status_code == 422:
        assert {wrong["field"].split(".")[0] for wrong in answer.json().get("fields", [])} <= {field, "body", ""}
        with pytest.raises((ValidationError, RecursionError)):
            ProfileBody.model_validate_json(sent)


@often
@given(value=VALUES)
async def test_whatever_is_sought_finds_somebody_nobody_or_is_refused(members: Members, value: str) -> None:
    session = await session_of(members)
    headers = {**await members.headers(session), **JSON}
    answer = await members.client.post("/v1/directory", content=body({}, "sought", value), headers=headers)
    assert (answer.status_code, answer.json().get("code")) in {(200, None), (422, "invalid"), (413, "too_large")}
    if answer.status_code == 200:
        assert len(sought(json.loads(value))) <= 6
