"""How names stand in sentences of ours: short names, pairs, and isolates."""

import pytest

from shared.names import FIRST, LAST, both, first_name, isolate, with_bdi

HIND = "هند"


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
