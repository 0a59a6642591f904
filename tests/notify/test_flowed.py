"""Lines of the text part: short, whole again when a program fills them anew, and never taken for anything else."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.letters.flowed import flowed
from services.notify.letters.templates import quoted
from tests.notify.flowed import unflowed

ANY = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
LATIN, WIDE = st.sampled_from("ab c-.>"), st.sampled_from("你好。、）🙂é👩🏽‍💻 ")
PARAGRAPH = st.one_of(
    *(st.text(alphabet, max_size=300) for alphabet in (ANY, LATIN, WIDE)),
    st.lists(st.sampled_from(["From ", "-- ", "--", ">", " ", "x" * 80, "你" * 60, "word ", "https://a.test/"]), max_size=20).map("".join),
)
WORDS = st.lists(PARAGRAPH, max_size=4).map("\n".join)


def columns(line: str) -> int:
    return max(
        len(line), sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in line if unicodedata.combining(character) == 0)
    )


def without_trailing_spaces(text: str) -> str:
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


@given(WORDS)
@example("From me\n-- \n--\n.\n..\n> x\n>\n \n   x")
@example("x" * 70 + " y")
@example("--" + "你" * 80)
def test_her_words_are_quoted_in_short_lines_and_come_out_whole(words: str) -> None:
    lines = flowed(quoted(words)).split("\n")
    assert all(line in ("", ">") or line.startswith("> ") for line in lines)
    assert max(map(columns, lines)) <= 72
    assert unflowed("\n".join(lines)) == quoted(words)


@given(WORDS, st.integers(0, 40))
@example("From me", 0)
@example("-- x", 0)
@example(" x", 0)
def test_nor_do_they_pass_for_a_signature_or_a_letter_in_a_sentence_of_ours(words: str, before: int) -> None:
    sentence = f"{'a' * before}{' '.join(words.splitlines())} said so"
    lines = flowed(sentence).split("\n")
    assert max(map(columns, lines)) <= 72
    assert not any(line == "-- " or line.startswith("From ") for line in lines)
    assert unflowed("\n".join(lines)) == without_trailing_spaces(sentence)


@pytest.mark.parametrize("word", ["https://madrina.test/" + "a" * 90, "a" * 64 + "@" + "b" * 60 + ".test"])
def test_a_link_and_an_address_stay_whole(word: str) -> None:
    assert flowed(f"Hello,\n{word}\n\n-- \nMadrina") == f"Hello,\n{word}\n\n-- \nMadrina"


def test_lines_end_between_words_if_they_can() -> None:
    long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    assert flowed(f"{long}\n> {long}") == (
        "one two three four five six seven eight nine ten eleven twelve  \nthirteen fourteen fifteen\n"
        "> one two three four five six seven eight nine ten eleven twelve  \n> thirteen fourteen fifteen"
    )


def test_what_has_no_spaces_ends_where_it_must_and_no_line_begins_with_a_full_stop() -> None:
    first, second = flowed("> " + "你" * 34 + "。好").split("\n")
    assert (first, second) == ("> " + "你" * 33 + " ", "> 你。好")
    assert "👩🏽‍💻" in flowed("> " + "x" * 66 + "👩🏽‍💻").split("\n")[1]
