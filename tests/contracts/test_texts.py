"""Every text that any API takes, with what nobody should send in it: it is refused by a code of ours, or kept as docs/text.md says."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.http.problem_rendering import wrong_fields
from shared.problems import FIELD_SENTENCES
from shared.text import Words
from tests.contracts.text_fields import ALL, ENDLESS, HOSTILE, TextField

NEVER_KEPT = regex.compile(
    r"(?V1)[[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\ufffc\ufffd\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]--\n]"
)
HERS = [field for field in ALL if field.words]


def kept(field: TextField, text: str) -> Any:
    """What is kept of the text, or the codes of what is wrong with the body."""
    assert field.route.body
    sent = json.dumps(field.put(field.example, text))
    try:
        # As an API reads it: JSON may hold halves of a character.
        return field.read(field.route.body.model_validate(json.loads(sent)).model_dump(mode="json"))
    except ValidationError as error:
        return [str(wrong["code"]) for wrong in wrong_fields(error)]


def written(field: TextField) -> Iterator[str]:
    fitting = field.read(field.example)
    yield from (f"{fitting[: len(fitting) // 2]}{bad}{fitting[len(fitting) // 2 :]}" for bad in HOSTILE.values())
    yield from ENDLESS.values()


def test_the_texts_are_found_wherever_they_stand() -> None:
    found = {str(field).split(" ", 1)[1] for field in HERS}
    assert {
        "/v1/me/profile name",
        "/v1/introductions/proposals words_for.*",
        "/v1/members/{member_id}/reports attached.0.text",
        "/v1/connections/{member_id}/provenance seen.met_at",
    } <= found


@pytest.mark.parametrize("field", ALL, ids=str)
def test_what_nobody_should_send_is_refused_by_a_code_of_ours(field: TextField) -> None:
    for text in written(field):
        found = kept(field, text)
        assert isinstance(found, str) or found is None or (found and set(found) <= set(FIELD_SENTENCES)), (text[:60], found)


@pytest.mark.parametrize("field", HERS, ids=str)
def test_what_is_kept_is_what_the_document_says(field: TextField) -> None:
    rule = field.words
    assert rule

    @settings(max_examples=20)
    @given(st.lists(st.sampled_from([*HOSTILE.values(), " ", "\r\n", "\t", "ana", "é", "\ufe0f", "\u00ad", "مريم"]), max_size=9))
    @example(["\u00ad"])
    @example(["e\u0301"])
    def holds(parts: list[str]) -> None:
        fitting = field.read(field.example)[: rule.maximum - 80 if rule.maximum > 160 else rule.maximum // 2]
        found = kept(field, f" {fitting}{''.join(parts)} ")
        if isinstance(found, str):
            check_kept(rule, found)
            assert kept(field, found) == found  # and passes again, unchanged

    holds()


def check_kept(rule: Words, text: str) -> None:
    assert text == unicodedata.normalize("NFC", text).strip()
    assert len(text) <= rule.maximum
    assert not NEVER_KEPT.search(text)
    assert not regex.search(r"\p{M}{31}", text)
    assert not (rule.one_line and "\n" in text)
    assert not (rule.name and regex.search("[<>@]|\u200d", text))


@pytest.mark.parametrize("field", HERS, ids=str)
def test_decomposed_letters_come_in_composed(field: TextField) -> None:
    fitting = field.read(field.example)
    assert kept(field, unicodedata.normalize("NFD", fitting[:-1] + "é")) == fitting[:-1] + "é"
