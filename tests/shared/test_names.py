"""How names stand in sentences of ours: initials, short names, pairs, and isolates."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from shared.names import FIRST, LAST, both, first_name, initials, isolate, with_bdi

HIND = "هند"
WORDS = ["Ana", "ñu", "🇪🇸", "👩🏽\u200d💻", "❤️", "(PhD)", "“x”", "क्षि", "e\u0301l", "1\u200d", "ﬁn", "가", "هند", "—"]
NAMES = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lucía Ramos", "LR"),
        ("Ana María López Peña", "AP"),
        ("ana", "A"),
        ("Ana Ruiz (PhD)", "AR"),
        ("“Nené” Ruiz", "R"),
        ("“Nené”", "N"),
        ("🇪🇸 Ana Ruiz", "AR"),
        ("👩🏽\u200d💻 Eva", "E"),
        ("👨\u200d👩\u200d👧\u200d👦", "·"),
        ("Ñusta Öz", "ÑÖ"),
        ("N\u0303usta", "N\u0303"),
        ("ẹ\u0301niọlá", "Ẹ\u0301"),
        ("ßeta", "Ss"),
        ("王小明", "王"),
        ("김민지", "김"),
        ("𝔄na", "𝔄"),
        ("𐐨nna", "𐐀"),
        ("نور", "ن"),
        ("3 Marías", "3M"),
        ("", "·"),
        ("— ·", "·"),
        ("Zoë <zoe", "Z"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


@given(NAMES)
def test_initials_are_whole_clusters_of_the_name(name: str) -> None:
    clusters = regex.findall(r"\X", initials(name))
    assert 1 <= len(clusters) <= 4  # a ligature's capitals are two
    assert not set(initials(name)) & set("👩🏽💻🇪🇸()")  # no part of a picture
    assert initials(name)[-1] not in "\u200d\ufe0f"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grace Mensah", "Grace"),
        ("🇪🇸 Ana Ruiz", "Ana"),
        ("Ana", "Ana"),
        ("👩🏽\u200d💻", "👩🏽\u200d💻"),
        (f"{HIND} خالد", f"{FIRST}{HIND}{LAST}"),
    ],
)
def test_she_is_called_by_the_first_word_with_a_letter(name: str, expected: str) -> None:
    assert first_name(name) == expected
    assert first_name(isolate(name)) == expected


@pytest.mark.parametrize(
    "word",
    [
        "Inés",
        "Irene",
        "inma",
        "Íngrid",
        "I\u0301ngrid",
        "Ía",
        "Íole",
        "Hilda",
        "Híades",
        "Yvonne",
        "Ynés",
        "Y",
        "“Irene”",
        "(Inés)",
        "Hypatia",
        "Îsabelle",
    ],
)
def test_spanish_says_e_before_an_i_sound(word: str) -> None:
    assert both("Marta", word, "es") == f"Marta e {word}"


@pytest.mark.parametrize(
    "word", ["Yolanda", "Yúnior", "Iolanda", "Iáñez", "Hielena", "Hierba", "Lucía", "Helena", "Hyacinth", "", "Ñ", "🌞"]
)
def test_spanish_says_y_before_any_other_sound(word: str) -> None:
    assert both("Marta", word, "es") == f"Marta y {word}"


def test_english_says_and() -> None:
    assert both("Ana", "Irene", "en") == "Ana and Irene"


def test_each_of_two_names_stands_in_an_isolate_of_its_own() -> None:
    apart = f"{FIRST}{HIND}{LAST}"
    assert both(HIND, "Ana", "es") == f"{apart} y Ana"
    assert both(apart, HIND, "en") == f"{apart} and {apart}"


def test_only_what_is_written_right_to_left_needs_an_isolate() -> None:
    for plain in ("", "Ana", "Zoë", "王", "प्रिया", "123", "👩"):
        assert isolate(plain) == plain
    for apart in (HIND, "דנה", "Ana هند", "٣", "ߊ", "𞤀"):
        assert isolate(apart) == f"{FIRST}{apart}{LAST}" == isolate(isolate(apart))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>⟨هند⟩ &amp; x</p>", "<p><bdi>هند</bdi> &amp; x</p>"),
        ('<a aria-label="To ⟨هند⟩">⟨هند⟩</a>', '<a aria-label="To ⟨هند⟩"><bdi>هند</bdi></a>'),
        ("<title>⟨هند⟩ · x</title><b>⟨هند⟩</b>", "<title>⟨هند⟩ · x</title><b><bdi>هند</bdi></b>"),
        ("<textarea dir=auto>⟨</textarea><p>x</p>", "<textarea dir=auto>⟨</textarea><p>x</p>"),
    ],
)
def test_html_has_bdi_where_an_element_can_stand(html: str, expected: str) -> None:
    as_characters = str.maketrans("⟨⟩", FIRST + LAST)
    assert with_bdi(html.translate(as_characters)) == expected.translate(as_characters)
