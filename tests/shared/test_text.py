"""One rule for what a member writes: same text in, same text stored, and nothing in it that deceives a reader."""

import unicodedata
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared import text
from shared.text import Words, normalise


class Form(BaseModel):
    words: Annotated[str, Words(3, 10)] = "abc"
    line: Annotated[str, Words(1, 5, one_line=True)] = "a"


def codes(**fields: str) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Form(**fields)
    return [(str(one["loc"][0]), one["type"]) for one in caught.value.errors()]


def test_text_is_trimmed_composed_and_its_lines_end_with_lf() -> None:
    assert Form(words="  a\r\nb\n\nc \r\n").words == "a\nb\n\nc"
    assert Form(words="cafe\u0301").words == "caf\u00e9"
    assert Form(line=" Zoë ").line == "Zoë"


def test_lengths_are_counted_after_normalising_in_unicode_characters() -> None:
    assert Form(words="e\u0301" * 10).words == "é" * 10
    assert Form(words="💜" * 10).words == "💜" * 10
    assert Form(words=" " * 500 + "abc").words == "abc"
    assert codes(words="a" * 11) == [("words", "too_long")]
    assert codes(words="  ab  ") == [("words", "too_short")]
    assert codes(line="   ") == [("line", "empty")]


@pytest.mark.parametrize("bad", ["\0", "\x07", "\x1b", "\t", "\r", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"])
def test_control_characters_are_refused_by_the_fields_name(bad: str) -> None:
    assert codes(words=f"abc{bad}def") == [("words", "control_character")]
    assert codes(line=f"a{bad}b") == [("line", "control_character")]


@pytest.mark.parametrize("bad", [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))])
def test_bidirectional_overrides_are_refused(bad: str) -> None:
    assert codes(words=f"abc{bad}def") == [("words", "bidirectional_override")]


def test_text_in_other_scripts_and_joined_emoji_are_welcome() -> None:
    for good in ("שלום לך", "مرحبا بك", "नमस्ते", "👩‍👩‍👧", "你好吗"):
        assert Form(words=good).words == good


def test_a_line_has_no_break() -> None:
    assert codes(line="a\nb") == [("line", "line_break")]
    assert codes(line="a\r\nb") == [("line", "line_break")]


def test_every_error_says_in_a_sentence_what_to_do_and_quotes_nothing() -> None:
    for sent in ("secretsecretsecret", "se", "sec\0ret", "sec\u202eret"):
        with pytest.raises(ValidationError) as caught:
            Form(words=sent)
        sentence = caught.value.errors()[0]["msg"]
        assert sentence.endswith(".")
        assert "se" not in sentence.replace("Please", "")


def test_megabytes_are_refused_without_being_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "normalise", lambda *_, **__: pytest.fail("it was looked at"))
    assert codes(words="a" * 1_000_000) == [("words", "too_long")]


@given(st.text())
def test_what_passes_is_a_fixed_point(given_text: str) -> None:
    try:
        once = normalise(given_text)
    except Exception:  # refused is fine here: the rest is about what passes
        return
    assert normalise(once) == once
    assert once == once.strip()
    assert "\r" not in once
    assert "\0" not in once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
