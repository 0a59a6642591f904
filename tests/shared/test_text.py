"""One rule for what a member writes: same text in, same text stored, and nothing in it that a reader can't see or that deceives her."""

import contextlib
import email
import email.policy
import json
import unicodedata
from html.parser import HTMLParser
from typing import Annotated, Literal

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from services.notify import mime
from shared import text
from shared.problems import FIELD_SENTENCES
from shared.templating import Environment
from shared.text import Words, name_key, seen, without_unseen_ends

ZWNJ, ZWJ = "\u200c", "\u200d"
FLAG_OF_SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
INVISIBLE = regex.findall(r"(?V1)[\p{Cf}\p{DI}\u2800]", "".join(map(chr, range(0x110000))))
"""Whatever shows nothing by itself."""

NAME, LINE, WORDS = Words(1, 80, one_line=True, name=True), Words(0, 120, one_line=True), Words(1, 1000)


class Form(BaseModel):
    words: Annotated[str, Words(3, 10)] = "abc"
    line: Annotated[str, Words(1, 5, one_line=True)] = "a"


def codes(**fields: str) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Form(**fields)
    return [(str(one["loc"][0]), one["type"]) for one in caught.value.errors()]


def refusal(words: Words, written: str) -> str:
    """The code of what is wrong with a text."""
    with pytest.raises(PydanticCustomError) as caught:
        words.check(written)
    return caught.value.type


def accepted(words: Words, written: str) -> str | None:
    """The text as it is stored, None if it is refused."""
    try:
        return words.check(written)
    except PydanticCustomError:
        return None


def test_text_is_trimmed_composed_and_its_lines_end_with_lf() -> None:
    assert Form(words="  a\r\nb\n\nc \r\n").words == "a\nb\n\nc"
    assert Form(words="cafe\u0301").words == "caf\u00e9"
    assert Form(words="a\tbc").words == "a bc"
    assert Form(words="«\u00a0a\u00a0»").words == "«\u00a0a\u00a0»"
    assert Form(line=" Zoë ").line == "Zoë"
    assert Form(line="a\u00a0\u2003\tb").line == "a b"


def test_the_least_is_what_a_reader_counts_and_the_most_what_is_stored() -> None:
    assert Form(words="e\u0301" * 10).words == "é" * 10
    assert Form(words="💜" * 10).words == "💜" * 10
    assert Form(words=" " * 500 + "abc").words == "abc"
    assert codes(words="a" * 11) == [("words", "too_long")]
    assert codes(words="  ab  ") == [("words", "too_short")]
    assert codes(words="a\u2800\u2800") == [("words", "too_short")]
    assert codes(words="a" + "\u0323\u0302" * 2) == [("words", "too_short")]
    assert codes(line="   ") == [("line", "empty")]


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("", 0),
        ("Ana", 3),
        ("a b", 3),
        ("a \n\u3164\u2800 b", 3),
        ("\u3164a\u2800", 1),
        ("👩🏽\u200d💻", 1),
        (FLAG_OF_SCOTLAND, 1),
        ("🇪🇸🇲🇽", 2),
        ("1\ufe0f\u20e3", 1),
        ("ẹ\u0301", 1),
        ("a\u034f\u034fb", 2),
        ("\u1112\u1161\u11ab", 1),
    ],
)
def test_a_reader_counts_what_she_sees(written: str, count: int) -> None:
    assert seen(written) == count


@pytest.mark.parametrize(
    "blank", [*"\u034f\u115f\u1160\u17b4\u2800\u3164\uffa0", "\u200b", "\u2060", "\ufeff", "\u00ad", ZWJ, "\ufe0f", " ", "\n"]
)
def test_blanks_fill_no_minimum(blank: str) -> None:
    assert refusal(Words(40, 1000), blank * 30) == "too_short"
    assert refusal(Words(15, 300), f"a{blank * 30}b") == "too_short"
    assert refusal(WORDS, blank * 3) == "empty"


UNSHOWABLE = [
    "\0",
    "\x07",
    "\x1b",
    "\r",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\ud800",
    "\ufffd",
    "\ufffc",
    "\ue000",
    "\U0010ffff",
    "\uffff",
    "\u0378",
    "\U0003d000",
]


@pytest.mark.parametrize("bad", UNSHOWABLE)
def test_what_cannot_be_shown_is_refused(bad: str) -> None:
    assert codes(words=f"abc{bad}def") == [("words", "control_character")]
    assert codes(line=f"a{bad}b") == [("line", "control_character")]


@pytest.mark.parametrize("bad", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_nobody_but_us_sets_a_direction(bad: str) -> None:
    assert codes(words=f"abc{bad}def") == [("words", "bidirectional_override")]
    assert refusal(NAME, f"{bad}Hannah") == "bidirectional_override"


def test_a_line_has_no_break() -> None:
    assert codes(line="a\nb") == [("line", "line_break")]
    assert codes(line="a\r\nb") == [("line", "line_break")]


WELCOME = [
    "👩🏽\u200d💻 Eva", "👨\u200d👩\u200d👧\u200d👦 Ana", "🏳️\u200d🌈 Ana", "❤️\u200d🔥 Ana", "🕵🏽\u200d♀️ Ana", "👁️\u200d🗨️ Ana", "🇪🇸 Ana Ruiz",
    f"{FLAG_OF_SCOTLAND} Ailsa", "Ana 1️⃣", "❤️ Ana", "🩷 Ana", "🫨 Ana",
    f"می{ZWNJ}نا", f"نوه{ZWNJ}های", f"ه{ZWJ}. ش", "مُحَمَّدَةُ", "הַדָּסָּה", "שָׁלוֹם",
    f"क्{ZWJ}ष", f"क्{ZWNJ}ष", f"র{ZWJ}্যাব", f"ශ්{ZWJ}රී", f"ന്{ZWJ}", "श्रीमती", "தமிழ்", "ཀྵྨྲྱཱུྃ",
    "Nguyễn Thị Ánh", "Ẹ\u0301niọlá Ọ\u0300ṣun", "สุภาพร น้ำใส", "លីដា", "လျှော့", "김민지", "\u1112\u1161\u11ab", "王小明", "辻さくら",
    "Þórunn", "Zoë", "O'Brien", "Ana (PhD)", "Anne-Marie", "Ñusta", "ᠮᠣᠩᠭᠣᠯ\u180e\u1820",
]  # fmt: skip


@pytest.mark.parametrize("name", WELCOME)
def test_every_script_and_picture_is_welcome(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    assert NAME.check(name) == composed
    assert LINE.check(name) == composed
    assert WORDS.check(f"{name}\n{name}") == f"{composed}\n{composed}"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(
            (invisible, "hidden_character")
            for invisible in ["\u200b", f"\u2060{ZWJ}", "\u3164", "\u2800", "\u00ad", "\ufeff", "\u115f", "\u034f", "\u180e"]
        ),
        ("\U000e0041\U000e0042", "hidden_character"),
        ("\ufe0f", "empty"),
        (f"Hannah{ZWJ} Lindqvist", "hidden_character"),
        ("Grace\u200b Mensah", "hidden_character"),
        ("Grace\u3164Mensah", "hidden_character"),
        ("Grace\u2800Mensah", "hidden_character"),
        (f"کار{ZWNJ}ها", "hidden_character"),
        (f"ه{ZWJ}ه", "hidden_character"),
        (f"Ana {ZWJ}💻", "hidden_character"),
        ("\U0001f3f4\U000e0078\U000e007f Ana", "hidden_character"),
        ("a" + "\u0301" * 79, "too_many_marks"),
        ("a" + "\u0302\u0303\u0304\u0305\u0306", "too_many_marks"),
        ("Zoë <zoe@evil.test>", "not_in_a_name"),
        ("Zoë ＜zoe", "not_in_a_name"),
        ("zoe﹫evil", "not_in_a_name"),
        ("≮Ana", "not_in_a_name"),
        ("👩🏽\u200d💻", "no_letter"),
        ("—", "no_letter"),
        ("\u0301\u0301", "no_letter"),
        ("Ana\nRuiz", "line_break"),
        ("Jos\ufffd", "control_character"),
    ],
)
def test_a_name_can_be_seen_and_is_nobody_elses(name: str, code: str) -> None:
    assert refusal(NAME, name) == code


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("soft\u00adhyphen", "softhyphen"),
        ("\ufeffAna", "Ana"),
        ("ភាសា\u200bខ្មែរ", "ភាសាខ្មែរ"),
        (f"کار{ZWNJ}ها", "کارها"),
        (f"می{ZWNJ}{ZWNJ}روم", f"می{ZWNJ}روم"),
        (f"a{ZWJ}b", "ab"),
        ("e\u200b\u0301", "é"),
        ("⭐️ and a\ufe0f", "⭐ and a"),
        ("1\ufe0f", "1"),
        ("a\U000e0100", "a"),
        ("葛\U000e0100城", "葛\U000e0100城"),
    ],
)
def test_what_does_nothing_is_dropped_from_words(written: str, stored: str) -> None:
    assert WORDS.check(written) == stored


def test_the_look_of_an_ideograph_is_no_part_of_a_name() -> None:
    assert NAME.check("葛\U000e0100城") == NAME.check("葛城") == "葛城"


# Characters that meet in the odd corners of the rules.
CORNERS = [
    *"aé \n\t١ه کदक्ش\u0302\u0323\u034f\u094d\u0dca\u0dd9\u1160\u115f\u1820\u180b\u180e\u2800\u3164<@ﬁ1#",
    *"👩🏽💻❤🏴⭐🇪",
    ZWJ,
    ZWNJ,
    "\ufe0f",
    "\ufe0e",
    "\u20e3",
    "\u200b",
]
CORNERS += [
    "\U000e0067",
    "\U000e007f",
    "\U000e0100",
    "\u2000",
    "\u00a0",
    "\u226e",
    "\u0338",
    FLAG_OF_SCOTLAND,
    "葛",
    "\u1112\u1161",
    "\u05b8",
    "\u0f71",
]
ANYTHING = st.text() | st.lists(st.sampled_from(CORNERS), max_size=12).map("".join)
RULES = st.sampled_from([NAME, LINE, WORDS])


@given(RULES, ANYTHING)
@example(WORDS, f"\u0dd9\u200b\u0dca{ZWJ}")
@example(WORDS, f"क\u0301\u094d{ZWJ}")
def test_what_passes_is_stored_as_it_is_and_passes_again(rule: Words, written: str) -> None:
    if (stored := accepted(rule, written)) is None:
        return
    assert rule.check(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert stored == stored.strip()
    assert rule.minimum <= seen(stored) <= len(stored) <= rule.maximum
    assert rule is WORDS or "\n" not in stored


@given(RULES, ANYTHING)
def test_what_passes_hides_nothing(rule: Words, written: str) -> None:
    stored = (accepted(rule, written) or "").replace(FLAG_OF_SCOTLAND, "")
    allowed = {ZWJ, ZWNJ, "\u180e"}
    assert not [
        hidden
        for hidden in stored
        if unicodedata.category(hidden) in {"Cf", "Cc", "Cs", "Co", "Zl", "Zp"} and hidden not in {*allowed, "\n"}
    ]
    assert not regex.search(r"[\u202a-\u202e\u2066-\u2069\ufffd]|\p{M}{31}", stored)


@given(ANYTHING)
def test_a_name_has_something_to_read(written: str) -> None:
    if (name := accepted(NAME, written)) is None:
        return
    assert any(unicodedata.category(letter)[0] in "LN" for letter in name if letter not in INVISIBLE)
    assert not set(name) & set("<>@\u034f\u115f\u1160\u2800\u3164")


@given(st.text(st.sampled_from("aAéñ łżЖя王小가 '(-9"), min_size=1, max_size=8), st.sampled_from(INVISIBLE), st.integers(0, 8))
def test_two_names_that_look_the_same_are_the_same(name: str, hidden: str, place: int) -> None:
    if (real := accepted(NAME, name)) is None:
        return
    place = min(place, len(real))
    assert accepted(NAME, real[:place] + hidden + real[place:]) in (None, real)


class Read(HTMLParser):
    """The text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        """Collect."""
        self.text += data


@given(ANYTHING)
def test_what_passes_survives_a_page_a_header_and_json(written: str) -> None:
    words = accepted(WORDS, written) or ""
    page = Environment(autoescape=True).from_string("<p>{{ words }}</p>").render(words=words)
    assert Read(page).text == words
    assert json.loads(json.dumps(words, ensure_ascii=False).encode()) == words
    line = " ".join(words.split())
    header = b"Subject: " + mime.words(line) + b"\r\n\r\n"
    assert email.message_from_bytes(header, policy=email.policy.default)["Subject"] == line


@pytest.mark.parametrize("written", ["a" + "\u0345" * 11950 + "\u0334" * 11950, "a" + "\u0345" * 400 + "\u0334" * 400, "a" * 1_000_000])
def test_what_is_too_long_or_has_too_many_marks_is_refused_without_being_composed(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setattr(text, "unicodedata", None)
    for rule in (NAME, LINE, WORDS):
        assert refusal(rule, written) in {"too_long", "too_many_marks"}


@given(
    st.text(st.sampled_from("a \u0301\u0334\u0345\u200b\u200d\ufe0f\u034f\u1160"), max_size=200).map(
        lambda marks: marks + marks.replace("a", "") * 3
    )
)
def test_nothing_with_a_long_run_of_marks_is_ever_composed(written: str) -> None:
    composed: list[str] = []

    def record(form: Literal["NFC", "NFKD"], given_text: str) -> str:
        composed.append(given_text)
        return unicodedata.normalize(form, given_text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            text, "unicodedata", type("Recorded", (), {"normalize": staticmethod(record), "category": staticmethod(unicodedata.category)})
        )
        with contextlib.suppress(PydanticCustomError):
            WORDS.check(written)
    assert not [one for one in composed if regex.search(r"[\p{M}--\p{ccc=0}]{31}", one, regex.V1) or len(one) > 4000]


def test_every_error_says_in_a_sentence_what_to_do_and_quotes_nothing() -> None:
    for sent in ("secretsecretsecret", "se", "sec\0ret", "sec\u202eret", "se" + "\u0301" * 31):
        with pytest.raises(ValidationError) as caught:
            Form(words=sent)
        sentence = caught.value.errors()[0]["msg"]
        assert sentence.endswith(".")
        assert "se" not in sentence.replace("Please", "")
    for code in ("hidden_character", "too_many_marks", "no_letter", "not_in_a_name"):
        assert FIELD_SENTENCES[code].endswith(".")


def test_the_schema_says_the_lengths() -> None:
    fields = Form.model_json_schema()["properties"]
    assert (fields["words"]["minLength"], fields["words"]["maxLength"]) == (3, 10)
    assert (fields["line"]["minLength"], fields["line"]["maxLength"]) == (1, 5)


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.test",
        "\u200bana@example.test",
        "\ufeff ana@example.test\u200b\n",
        "\u202aana@example.test\u202c",
        "\u00a0ana@example.test\ufe0f",
    ],
)
def test_an_address_that_was_pasted_loses_what_cannot_be_seen_at_its_ends(address: str) -> None:
    assert without_unseen_ends(address) == "ana@example.test"
    assert without_unseen_ends(address.replace("ana", "an\u200ba")) == "an\u200ba@example.test"
    assert without_unseen_ends("\u200b\u3164 ") == ""


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("nubank mexico", ["Nubank México", " NUBANK   Mexico, S.A. de C.V.", "nubank méxico S. de R.L. de C.V.", "Nubank (Mexico)"]),
        ("acme", ["Acme", "ACME, S.L.", "Acme S.L.U.", "Ácmé Inc.", "acme ltd", "Acme GmbH & Co. KG", "Acme S. A.", "“Acme”"]),
        ("pycon es 2026", ["PyCon ES 2026", "PyCon-ES, 2026", "pycon es – 2026"]),
        ("jane street", ["Jane Street", "Jane\u00a0Street, LLC"]),
        ("loreal", ["L'Oréal", "L’ORÉAL S.A.", "loreal"]),
        ("strasse", ["Straße", "STRASSE"]),
        ("orsted", ["Ørsted", "Orsted"]),
        ("ibm research", ["IBM Research", "I.B.M. Research", "I B M research"]),
        ("mnac", ["MNAC", "M.N.A.C."]),
        ("株式会社", ["株式会社"]),
        ("हिन्दी", ["हिन्दी"]),
        ("sa", ["S.A."]),
        ("", ["", "—", "!?"]),
    ],
)
def test_spellings_of_one_name_have_one_key(key: str, spellings: list[str]) -> None:
    assert {name_key(name) for name in spellings} == {key}


def test_names_that_differ_have_keys_that_differ() -> None:
    names = ["PyCon 2025", "PyCon 2026", "Sage", "SAP", "Banco de Chile", "Banco de España", "Coop", "Coop Norte", "हिन्दी", "हन्द"]
    assert len({name_key(name) for name in names}) == len(names)


@given(ANYTHING)
def test_a_key_is_its_own_key(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key == name_key(f" {key} — ")
