"""The other letters, in both languages: what they say, and what none of them may say."""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.notify.letters import registry
from services.notify.letters.base import Kind, Known
from services.notify.letters.code.letter import code
from services.notify.letters.connection_requested.letter import ASKS_FOR, HOW_MET, connection_requested
from services.notify.letters.correction_asked.letter import correction_asked
from services.notify.letters.introduction.letter import introduction
from services.notify.letters.introduction_asked.letter import introduction_asked
from services.notify.letters.introduction_vouched.letter import introduction_vouched
from services.notify.letters.introduction_waits.letter import introduction_waits
from services.notify.letters.registry import LETTERS
from services.notify.letters.templates import DISCREET
from services.notify.letters.words_corrected.letter import words_corrected
from services.notify.members import Recipient
from services.notify.progress import Progress
from services.notify.queue.domain import Decision, Letter, Skip
from shared.contracts.events.members import Language
from shared.contracts.events.requests import AsksFor
from shared.messaging.registry import NotYetKnown
from tests.notify import world
from tests.notify.every_letter import (
    EVERY,
    every_letter,
    of_accepted,
    of_answer,
    of_answered_need,
    of_asked,
    of_asked_first,
    of_ending,
    of_export,
    of_in_touch,
    of_in_touch_again,
    of_kept,
    of_kind_answer,
    of_need,
    of_proposed,
    of_question,
    of_reminder,
    of_request_waits,
    of_requested,
    of_restricted,
    of_vouched,
)
from tests.notify.test_flowed import WORDS
from tests.notify.test_links import links_in
from tests.notify.world import ANA, INES, MARTA, PEOPLE, SENDER, Read

LANGUAGES: list[Language] = ["en", "es"]
WITHOUT_ARCS = {
    "new_device",
    "introduction_waits",
    "sponsored",
    "correction_asked",
    "words_corrected",
    "code",
    "leaving",
    "new_address",
    "address_change_asked",
    "address_changed",
    "leaving_undone",
    "notice_answered",
    "farewell",
    "asleep",
    "erased",
    "export_ready",
    "did_not_go_ahead",
    "how_did_it_go",
    "in_touch",
    "kind_answer",
    "invitation",
    "join_requested",
    "join_recommended",
    "join_waits",
    "join_answered",
    "moderation_noticed",
    "need_asked",
    "requests_restricted",
}
SECURITY = ("code", "new_device", "new_address")
"""Letters about signing in, which look alike and have nothing to follow."""
NAMES = st.lists(
    st.sampled_from(["Ana", "evil.example", "你好" * 20, "x" * 30, "http://", "-- ", "From", "www.", "a@b.co", "é", "1.2.3.4"]), min_size=1
).map(" ".join)


@dataclass(frozen=True)
class Case:
    write: Callable[[Known], list[Decision]]
    to: Recipient
    english: list[str]
    spanish: list[str]


CASES = {
    "connection_requested": Case(
        of_requested,
        INES,
        ["Ana García would like to connect", "Data engineer", "at an event", "At the data workshop in Oaxaca.", "2 June 2026", "no answer"],
        ["Ana García quiere conectar contigo", "en un evento", "At the data workshop", "2 de junio de 2026", "silencio"],
    ),
    "connection_accepted": Case(of_accepted, ANA, ["You and Inés Peña are connected"], ["Inés Peña y tú ya están conectadas"]),
    "question_asked": Case(
        of_question,
        ANA,
        ["Inés Peña asks you something before she decides", "Which of the two workshops", "with your answer or without it"],
        ["Inés Peña te pregunta algo antes de decidir", "Which of the two workshops", "con tu respuesta o sin ella"],
    ),
    "question_answered": Case(
        of_answer,
        INES,
        ["Ana García has answered your question", "Which of the two workshops", "I sat beside the window", "costs nothing"],
        ["Ana García contestó tu pregunta", "Which of the two workshops", "I sat beside the window", "no cuesta nada"],
    ),
    "kind_answer": Case(
        of_kind_answer,
        ANA,
        ["Inés Peña has answered: not this time", "for me at the moment, and I wish you well", "gives no reason"],
        ["Inés Peña te contestó: esta vez no", "Por ahora no es para mí, y te deseo lo mejor", "No da ningún motivo"],
    ),
    "introduction_asked": Case(
        of_asked,
        MARTA,
        [
            "Ana García asks you to introduce her to Inés Peña",
            "She built what we need",
            "17 May 2026",
            "your own trust",
            "knows nothing of this",
        ],
        ["Ana García te pide que le presentes a Inés Peña", "She built what we need", "17 de mayo de 2026", "tu propia confianza"],
    ),
    "introduction_vouched, to the counterpart": Case(
        of_vouched,
        INES,
        [
            "Marta Ruiz would like to introduce you to Ana García",
            "Data engineer",
            "Pregúntale por el seguro.",
            "Her clinic did it first",
            "17 May 2026",
        ],
        ["Marta Ruiz quiere presentarte a Ana García", "Pregúntale por el seguro.", "Her clinic did it first", "17 de mayo de 2026"],
    ),
    "introduction_vouched, to the asker": Case(
        of_vouched,
        ANA,
        ["Marta Ruiz vouches for your introduction to Inés Peña", "every judge in town", "you have already said yes"],
        ["Marta Ruiz responde por ti ante Inés Peña", "every judge in town", "ya dijiste que sí"],
    ),
    "introduction_vouched, a proposal": Case(
        of_proposed,
        ANA,
        ["Marta Ruiz would like to introduce you to Inés Peña", "had an idea", "Jueza", "every judge in town", "Confirm or pass"],
        ["Marta Ruiz quiere presentarte a Inés Peña", "tuvo una idea", "every judge in town", "[Cc]onfirma(r o decir| o di) que no"],
    ),
    "request_waits": Case(
        of_request_waits,
        ANA,
        ["request from Inés Peña ends soon", "on 10 May 2026", "looks just like a quiet no", "remind you once"],
        ["solicitud de Inés Peña termina pronto", "sola el 10 de mayo de 2026", "igual que un no en silencio", "una vez"],
    ),
    "in_touch": Case(of_in_touch, ANA, ["in touch with Inés Peña$", "Nobody else is asked"], ["en contacto con Inés Peña$", "a nadie más"]),
    "in_touch, again": Case(of_in_touch_again, ANA, ["in touch with", "the last time we ask"], ["en contacto con", "no volveremos a"]),
    "need_asked": Case(
        of_need, MARTA, ["whether you know somebody$", "a branch in Mexico"], ["si conoces a alguien$", "a branch in Mexico"]
    ),
    "introduction_vouched, to who asked by need": Case(
        of_answered_need,
        ANA,
        ["Marta Ruiz would like to introduce you", "whom you look for"],
        ["Marta Ruiz quiere presentarte", "a quién buscas"],
    ),
    "introduction_vouched, asked first": Case(
        of_asked_first,
        INES,
        ["Marta Ruiz would like to introduce you", "only if you say yes"],
        ["Marta Ruiz quiere", "solo sabrá quién eres si dices"],
    ),
    "sides_connected": Case(of_kept, ANA, ["Inés Peña are connected$", "so did she"], ["Inés Peña y tú ya están", "dijo lo mismo"]),
    "how_did_it_go": Case(of_reminder, ANA, ["how it went with Inés Peña$", "doesn't see your answer"], ["cómo te fue con Inés Peña$"]),
    "did_not_go_ahead": Case(of_ending, INES, ["did not go ahead", "we never say which"], ["no siguió adelante", "nunca decimos cuál"]),
}


def written(case: Case, language: Language) -> Read:
    return world.letters(case.write(world.speaking(language)))[case.to.profile.id]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_both_parts_say_it_all_in_her_language(name: str, language: Language) -> None:
    case = CASES[name]
    letter = written(case, language)
    expected = case.english if language == "en" else case.spanish
    assert re.search(expected[0], letter.subject)
    for said in expected[1:]:
        assert re.search(said, letter.text), said
        assert re.search(said, letter.html), said
    assert letter.message["Content-Language"] == language
    assert f'<html lang="{language}">' in letter.html
    first_name = case.to.profile.name.split()[0]
    assert letter.text.startswith(f"Hello {first_name}," if language == "en" else f"Hola, {first_name}:")
    assert letter.addresses("To") == [(case.to.profile.name, case.to.address)]
    assert letter.message["Reply-To"] is None
    assert letter.message["References"] is None
    link = re.search(r"https://madrina\.test/[a-z-]+/[0-9a-f-]{36}\S*", letter.text)
    assert link
    assert link[0] in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_only_an_introduction_shows_anybodys_address(name: str, language: Language) -> None:
    for letter in CASES[name].write(world.speaking(language)):
        assert isinstance(letter, Letter)
        read = world.read(letter)
        whole = str(read.message) + read.text + read.html
        own = letter.address
        for member in (ANA, INES, MARTA):
            assert member.address == own or member.address not in whole
        assert own not in read.text + read.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_no_machine_answers_and_no_filter_is_given_a_reason(name: str, language: Language) -> None:
    letter = written(CASES[name], language)
    # Without the first an absence note answers each letter (seen with Sieve), and rspamd adds 5 points where a To and a Reply-To agree.
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert not letter.subject.endswith("?")  # rspamd: SUBJECT_ENDS_QUESTION


def test_every_letter_is_every_kind() -> None:
    kinds = {decision.kind for write in EVERY.values() for decision in write(world.speaking("en")) if isinstance(decision, Letter)}
    assert kinds == {kind.name for kind in LETTERS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_look_the_same_everywhere(language: Language) -> None:
    for name, letter in every_letter(language):
        assert not re.search(r"{{|{%|<!-- |\bNone\b", letter.html + letter.text), name
        assert not re.search(r"\n{3,}", letter.text), name
        ground = "#143d47" if name.startswith(SECURITY) else "#f4bf4f" if re.match(r"introduction,", name) else None
        assert "background:#f6f2e9" in letter.html
        assert "max-width:560px" in letter.html
        assert letter.html.count('class="logo"') == 1
        assert set(re.findall(r"background-color:(#143d47|#f4bf4f)", letter.html)) == ({ground} if ground else set())
        assert not re.search(r"font-size: ?0[;\"]", letter.html)  # filters count letters of no size
        assert not re.search(r"<(p|h1|blockquote|a class=\"button\")(?![^>]*style=)", letter.html)
        assert len(letter.message.as_bytes()) < 30_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_stands_before_the_button(language: Language) -> None:
    for name, letter in every_letter(language):
        below = letter.html.partition('class="button"')[2].partition("</a>")[2].partition('<p class="foot"')[0]
        assert re.sub(r"<[^>]*>|\s", "", below) == "", name


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched_when_she_reads_it_and_pictures_are_not_needed(language: Language) -> None:
    for name, letter in every_letter(language):
        shown = re.findall(r"<img ([^>]*)>", letter.html)
        assert {found[1] for attributes in shown if (found := re.search(r'src="cid:([^"]*)"', attributes))} == set(letter.pictures), name
        assert all(re.search(r'width="\d+" height="\d+"', attributes) for attributes in shown)
        # Names stand beside the marks; what the arcs tell is told.
        told = [found[1] for attributes in shown if (found := re.search(r'alt="([^"]*)"', attributes)) and "arcs" in attributes]
        assert all(told)
        assert len(told) == (name.split(",")[0] not in WITHOUT_ARCS)
        assert len([attributes for attributes in shown if 'alt=""' in attributes]) == len(shown) - len(told)
        assert not re.search(r"(?:src|background|srcset)=\"(?!cid:)|url\(", letter.html)


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it, of `#rrggbb`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_keep_their_contrast_light_and_dark() -> None:
    style = (Path(registry.__file__).parent / "look" / "layout.html").read_text()
    light, dark = style.split("prefers-color-scheme: dark")

    def colour(of: str, where: str, of_what: str = "color") -> str:
        found = re.search(rf"(?m)^ *{re.escape(of)} {{[^}}]*(?<![-\w]){of_what}: (#[0-9a-f]{{6}})", where)
        assert found, of
        return found[1]

    for where, button in ((light, ".button"), (dark, ".button")):
        assert contrast(colour(button, where), colour(button, where, "background-color")) > 7
    paper = (colour("body", light, "background"), colour("body", dark, "background"))
    text = [(colour(name, light), colour("body, .house .logo, .called", dark)) for name in ("body", ".called")]
    soft = [(colour(name, light), colour(".soft, .foot, .pier", dark)) for name in (".soft", ".foot", ".pier")]
    for pair in [*text, *soft, (colour("a", light), colour("a", dark))]:
        assert [contrast(*both) > 4.5 for both in zip(pair, paper, strict=True)] == [True, True], pair
    for ground in (".door", ".moment"):
        assert contrast(colour(ground, light), colour(ground, light, "background-color")) > 7
    # Some programs darken the ground by themselves and leave pictures as they are: the arcs must show on either.
    assert all(contrast("#bf6f00", ground) > 3 for ground in paper)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_letters_shows_a_line_that_quotes_nobody(language: Language) -> None:
    for name, letter in every_letter(language):
        preview = re.search(r'<body[^>]*>\s*<div class="preview" style="display: ?none;[^"]*">([^<]+)</div>', letter.html)
        assert preview, name
        assert 20 < len(preview[1]) < 100
        for words in [*world.words().values(), "Her clinic", "She built", "data workshop", "moving to your city", "3141"]:
            assert words.splitlines()[0] not in preview[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_below_the_signature_she_reads_why_she_gets_it(language: Language) -> None:
    why, motto = ("You get this email", "Madrina: here, ") if language == "en" else ("Recibes este correo", "Madrina: aquí, ")
    for name, letter in every_letter(language):
        below = letter.text.partition("\n-- \n")[2].splitlines()
        assert below[0].startswith(f"{why} "), name
        assert below[1].startswith(motto)
        assert below[2:] == ([] if name.startswith((*SECURITY, "address_change")) else ["https://madrina.test"])
        assert re.search(rf'<p class="foot"[^>]*>{re.escape(why)} [^<]*<br>\s*{motto}', letter.html)
        assert letter.lines.count("-- ") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_parts_have_the_same_links_and_an_even_number_of_them(language: Language) -> None:
    # Filters hold an odd number against a letter. One about signing in has none: there is nothing in it to follow.
    for name, letter in every_letter(language):
        in_text, in_html = set(re.findall(r"https://\S+", letter.text)), set(re.findall(r'href="(https://[^"]+)"', letter.html))
        assert in_text == in_html, name
        assert len(in_text) == (0 if name.startswith(SECURITY) else 1 if name.startswith("address_change") else 2), name


def columns(line: str) -> int:
    return len(line) + sum(unicodedata.east_asian_width(character) in "WF" for character in line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_part_keeps_to_72_columns_but_for_links_and_addresses(language: Language) -> None:
    for name, letter in every_letter(language):
        assert [line for line in letter.lines if columns(line) > 72 and not re.fullmatch(r"https://\S+|\S+@\S+", line)] == [], name


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(EVERY)), st.sampled_from(LANGUAGES), WORDS.filter(str.strip), NAMES, NAMES)
@example("introduction", "en", "https://evil.example\n-- \nFrom me\n.\n> x", "Ana evil.example", "www.evil.example, 1.2.3.4")
def test_whatever_members_write_adds_no_line_of_ours_no_link_and_no_long_line(
    kind: str, language: Language, words: str, name: str, headline: str
) -> None:
    named = [replace(member, profile=replace(member.profile, name=name, headline=headline)) for member in (ANA, INES, MARTA)]
    known = world.speaking(language, *named)
    written, ordinary = (
        [one for one in decisions if isinstance(one, Letter)] for decisions in (EVERY[kind](known, words), EVERY[kind](known))
    )
    for decision, usual in zip(written, ordinary, strict=True):
        letter, plain = world.read(decision), world.read(usual)
        assert unquoted(letter) == unquoted(plain)
        assert [line for line in letter.lines if columns(line) > 72 and not re.fullmatch(r"https://\S+|\S+@\S+", line)] == []
        assert letter.lines.count("-- ") == 1
        assert not re.search(rb"(?m)^From ", decision.message)
        ours = re.compile(r"https://madrina\.test[/\w-]*|[\w.]+@example\.test")
        assert links_in(ours.sub("", letter.text)) == []
        shown = re.sub(r"(?s)<head>.*?</head>|<[^>]*>", " ", letter.html)
        assert links_in(ours.sub("", html.unescape(shown))) == []
        assert all(ours.fullmatch(link.removeprefix("mailto:")) for link in re.findall('href="([^"]*)"', letter.html))


def unquoted(letter: Read) -> str:
    lines = [line for line in letter.lines if not line.startswith(">")]
    return re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", re.sub(r"\n{2,}", "\n", "\n".join(lines)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asker", [ANA, INES, None])
def test_each_side_reads_the_words_for_her_and_then_those_about_her(language: Language, asker: Recipient | None) -> None:
    found = world.letters(introduction_vouched(world.vouched(asker=asker), world.speaking(language), SENDER))
    for mine, other in ((ANA, INES), (INES, ANA)):
        letter = found[mine.profile.id]
        for part in (letter.text, letter.html):
            for_her, about_her = (part.index(world.words()[side.profile.id].splitlines()[0]) for side in (mine, other))
            assert for_her < about_her


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("long_ago", [(), (ANA,), (INES,), (ANA, INES)])
def test_words_of_a_voucher_who_spoke_with_one_of_them_long_ago_are_dated(language: Language, long_ago: tuple[Recipient, ...]) -> None:
    said: dict[str, Any] = {"long_ago": tuple(her.profile.id for her in long_ago)}
    with_you, with_her = {"en": ("spoken with you", "spoken with {}"), "es": ("no hablaba contigo", "no hablaba con {}")}[language]
    known = world.speaking(language)
    for decisions in (
        introduction_vouched(world.vouched(**said), known, SENDER),
        words_corrected(world.words_corrected(**said), known, SENDER),
        introduction(world.confirmed(**said), known, SENDER),
    ):
        found = world.letters(decisions)
        for her, other in ((ANA, INES), (INES, ANA)):
            letter = found[her.profile.id]
            name = other.profile.name.split()[0]
            for part in (letter.text, re.sub(r"<[^>]*>", "", letter.html)):
                assert (with_you in part) == (her in long_ago)
                assert (with_her.format(name) in part) == (other in long_ago)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_who_has_to_confirm_anew_gets_the_corrected_words(language: Language) -> None:
    event = world.words_corrected(ask_again=(INES.profile.id,))
    found = world.letters(words_corrected(event, world.speaking(language), SENDER))
    assert set(found) == {INES.profile.id}
    letter = found[INES.profile.id]
    assert letter.text.index(world.WORDS_FOR_INES.splitlines()[0]) < letter.text.index(world.WORDS_FOR_ANA)
    assert f"https://madrina.test/introductions/{event.introduction_id}" in letter.text


def test_nobody_is_reminded_of_what_is_over_and_whoever_left_is_named_as_long_as_it_looks_open() -> None:
    event = world.waits("introduction_waits")
    over = replace(world.speaking("en"), before=Progress(heard=True, ended=True))
    assert world.skips(introduction_waits(event, over, SENDER)) == {ANA.profile.id: "ended"}
    here = world.letters(introduction_waits(event, world.knowing(ANA, INES, MARTA), SENDER))
    left = world.knowing(ANA, MARTA, erased=[INES])
    gone = replace(left, before=Progress(heard=True, departed={INES.profile.id: INES.profile.name}))
    [there], [missed] = here.values(), world.letters(introduction_waits(event, gone, SENDER)).values()
    assert (there.subject, there.text) == (missed.subject, missed.text)
    assert world.skips(introduction_waits(event, left, SENDER)) == {ANA.profile.id: "erased"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_she_asks_to_be_corrected_goes_to_the_voucher_alone(language: Language) -> None:
    found = world.letters(correction_asked(world.correction_asked(), world.speaking(language), SENDER))
    assert set(found) == {MARTA.profile.id}
    assert "I am no judge any more, since June." in found[MARTA.profile.id].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_both_addresses_go_to_both_and_not_who_has_confirmed(language: Language) -> None:
    for asker in (ANA, None):
        for letter in world.letters(introduction_vouched(world.vouched(asker=asker), world.speaking(language), SENDER)).values():
            said = "each gets the other's email address" if language == "en" else "cada una recibe la dirección de correo de la otra"
            assert said in letter.text
            assert said.replace("'", "&#39;") in letter.html or said in letter.html
            assert ("nobody is told who has confirmed" if language == "en" else "a nadie se le dice quién confirmó") in letter.text
            assert not re.search(r"(has|have) confirmed\b(?<!who has confirmed)|ya confirmó", letter.text)


def test_why_her_is_read_only_if_the_voucher_let_her_and_never_by_the_asker() -> None:
    why = "Her clinic did it first, and I want to learn."
    found = world.letters(introduction_vouched(world.vouched(why_her=why), world.speaking("en"), SENDER))
    assert why in found[INES.profile.id].text
    assert why not in found[ANA.profile.id].text + found[ANA.profile.id].html
    silent = world.letters(introduction_vouched(world.vouched(), world.speaking("en"), SENDER))
    assert "in her own words" not in silent[INES.profile.id].text + silent[INES.profile.id].html


def test_two_with_one_first_name_keep_the_rest_of_their_names() -> None:
    other_ana = replace(INES, profile=replace(INES.profile, name="Ana Peña"))
    letter = world.only(introduction_asked(world.asked(), world.knowing(ANA, other_ana, MARTA), SENDER))
    assert "Ana Peña no sabrá nada de esto" in world.read(letter).text
    assert "Hola, Marta:" in world.read(letter).text
    letter = world.only(introduction_asked(world.asked(), PEOPLE, SENDER))
    assert " Inés no sabrá nada de esto" in world.read(letter).text


def test_the_counterpart_of_an_ask_gets_no_letter_about_it() -> None:
    letter = world.only(introduction_asked(world.asked(), world.PEOPLE, SENDER))
    assert letter.recipient_id == MARTA.profile.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_of_having_met_has_its_words(language: Language) -> None:
    assert HOW_MET["en"].keys() == HOW_MET["es"].keys()
    for how, said in HOW_MET[language].items():
        event = world.connection_requested(how_met=how)
        letter = world.read(world.only(connection_requested(event, world.speaking(language), SENDER)))
        assert said in letter.text
        assert said in letter.html.replace("&#39;", "'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thing_she_may_ask_for_has_its_words_and_nothing_has_none(language: Language) -> None:
    assert ASKS_FOR["en"].keys() == ASKS_FOR["es"].keys() == set(get_args(AsksFor))
    label = {"en": "She asks for: ", "es": "Te pide: "}[language]
    for what, said in ASKS_FOR[language].items():
        letter = world.read(world.only(connection_requested(world.connection_requested(asks_for=what), world.speaking(language), SENDER)))
        assert label + said in letter.text
        assert f"{label}<b>{said}</b>" in letter.html
    letter = world.read(world.only(connection_requested(world.connection_requested(), world.speaking(language), SENDER)))
    assert label not in letter.text + letter.html


def test_the_name_of_what_they_met_at_stands_beside_how_they_met() -> None:
    event = world.connection_requested(met_at="Feria <del> Puerto", how_met="event")
    letter = world.read(world.only(connection_requested(event, world.speaking("es"), SENDER)))
    assert "Dónde se conocieron: en un evento · Feria <del> Puerto" in letter.text
    assert "Dónde se conocieron: en un evento · Feria &lt;del&gt; Puerto" in letter.html


@pytest.mark.parametrize(("language", "label"), [("en", "Your question: "), ("es", "Tu pregunta: ")])
def test_her_own_question_stands_with_its_answer(language: Language, label: str) -> None:
    asked = {"recipient_question": "¿Qué <jueza> te enseñó más?", "requester_answer": "La que me dejó\npreguntar primero."}
    letter = world.read(world.only(connection_requested(world.connection_requested(**asked), world.speaking(language), SENDER)))
    assert f"{label}¿Qué <jueza> te enseñó más?" in letter.text
    assert "> La que me dejó\n> preguntar primero." in letter.text
    assert f"{label}¿Qué &lt;jueza&gt; te enseñó más?" in letter.html
    letter = world.read(world.only(connection_requested(world.connection_requested(), world.speaking(language), SENDER)))
    assert label not in letter.text + letter.html


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Your data is ready", "4 May 2026", "https://madrina.test/me/data", "sign out everywhere"]),
        ("es", ["Tus datos están listos", "4 de mayo de 2026", "https://madrina.test/me/data", "cierra la sesión"]),
    ],
)
def test_her_data_is_ready_until_then_and_only_she_can_take_it(language: Language, said: list[str]) -> None:
    letter = world.read(world.only(of_export(world.speaking(language))))
    assert said[0] == letter.subject
    for part in said[1:]:
        assert part in letter.text.replace("\n", " ") and part in letter.html
    assert letter.addresses("To") == [(ANA.profile.name, ANA.address)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_goes_to_an_address_and_says_how_long_it_works(language: Language) -> None:
    event = world.code_issued(language=language)
    letter = world.only(code(event, world.PEOPLE, SENDER))
    read = world.read(letter)
    assert read.addresses("To") == [("", "new@example.test")]
    assert "3141" not in read.subject
    for part in (read.text, read.html):
        assert "3141 5926" in part
        assert ("10 minutes" if language == "en" else "10 minutos") in part
    assert (letter.priority, letter.expires_at) == (0, event.expires_at)
    assert letter.about_ids == ()


def test_a_code_of_other_life_says_so() -> None:
    now = datetime.now(UTC)
    event = world.code_issued(occurred_at=now, expires_at=now + timedelta(minutes=5))
    letter = world.read(world.only(code(event, world.PEOPLE, SENDER)))
    assert "5 minutes" in letter.text


def test_a_long_code_is_read_in_fours() -> None:
    letter = world.read(world.only(code(world.code_issued(code="3141592653589793"), world.PEOPLE, SENDER)))
    assert "3141 5926 5358 9793" in letter.text


@pytest.mark.parametrize(
    ("language", "zone", "subject"),
    [
        ("en", "Europe/Madrid", "Your code for Madrina, asked for at 06:05, Madrid time"),
        ("es", "Europe/Madrid", "Tu código para Madrina, pedido a las 06:05, hora de Madrid"),
        ("en", "", "Your code for Madrina, asked for at 05:05 UTC"),
    ],
)
def test_two_letters_with_codes_are_told_apart_by_their_minute(language: Language, zone: str, subject: str) -> None:
    at = datetime(2100, 1, 1, 5, 5, 30, tzinfo=UTC)
    event = world.code_issued(language=language, time_zone=zone, occurred_at=at, expires_at=at + timedelta(minutes=10))
    assert world.read(world.only(code(event, world.PEOPLE, SENDER))).subject == subject


@pytest.mark.parametrize(
    ("language", "said"), [("en", "the same code as in the email before"), ("es", "el mismo código del correo anterior")]
)
def test_a_letter_that_repeats_its_code_says_so(language: Language, said: str) -> None:
    for repeats in (True, False):
        read = world.read(world.only(code(world.code_issued(language=language, repeats=repeats), world.PEOPLE, SENDER)))
        assert (said in " ".join(read.text.split())) == (said in read.html) == repeats


def test_a_letter_that_isnt_to_be_sent_is_written_and_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    message = Kind.to_member

    def noted(kind: Kind, *args: Any, **kwargs: Any) -> Letter:
        written.append(kind.name)
        return message(kind, *args, **kwargs)

    monkeypatch.setattr(Kind, "to_member", noted)
    decisions = code(world.code_issued(send=False), world.PEOPLE, SENDER)
    assert [(type(decision).__name__, decision.reason) for decision in decisions if isinstance(decision, Skip)] == [
        ("Skip", "not_to_be_sent")
    ]
    assert (len(decisions), written) == (1, ["code"])


@pytest.mark.parametrize("write", [of_requested, of_accepted, of_asked, of_vouched, of_reminder])
def test_nobody_hears_of_a_member_who_is_erased(write: Callable[[Known], list[Decision]]) -> None:
    everyone = {ANA, INES, MARTA}
    mentioned = everyone if write in (of_asked, of_vouched) else {ANA, INES}
    for gone in mentioned:
        known = world.knowing(*everyone - {gone}, erased=[gone])
        assert set(world.skips(write(known)).values()) == {"erased"}
        assert not world.letters(write(known))


@pytest.mark.parametrize("write", [of_requested, of_accepted, of_asked, of_vouched, of_reminder, of_ending])
def test_what_is_not_here_yet_is_waited_for(write: Callable[[Known], list[Decision]]) -> None:
    with pytest.raises(NotYetKnown):
        write(world.knowing())


def test_no_headline_leaves_no_empty_brackets() -> None:
    known = world.knowing(replace(ANA, profile=replace(ANA.profile, headline="")), INES, MARTA)
    letter = world.read(world.only(connection_requested(world.connection_requested(), known, SENDER)))
    assert "()" not in letter.text + letter.html


@pytest.mark.parametrize(("language", "said"), [("en", ["don't know you", "31 May 2026"]), ("es", ["no te conocen", "31 de mayo de 2026"])])
def test_she_who_may_be_introduced_only_reads_until_when_and_neither_who_said_it_nor_how_many(language: Language, said: list[str]) -> None:
    letter = world.letters(of_restricted(world.speaking(language)))[ANA.profile.id]
    for part in (letter.text, html.unescape(letter.html)):
        assert all(one in part for one in said)
        assert not re.search(r"\b(3|8|three|eight|tres|ocho|Inés|Marta)\b", re.sub(r"<[^>]*>", "", part.partition("-- ")[0]))
    assert "https://madrina.test/connections" in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_to_a_discreet_member_no_subject_says_where_it_comes_from(language: Language) -> None:
    """No letter to her as a member, that is; one with a code goes to an address, and she is waiting for it."""
    three = [replace(known, profile=replace(known.profile, language=language, discreet=True)) for known in (ANA, INES, MARTA)]
    known, ids = world.knowing(*three), {one.profile.id for one in three}
    subjects = {
        name: {letter.subject for her, letter in world.letters(write(known)).items() if her in ids}
        for name, write in EVERY.items()
        if name != "code"
    }
    assert {name: found for name, found in subjects.items() if found - {DISCREET[language]}} == {}
    assert sum(map(bool, subjects.values())) > 20
    assert DISCREET[language] not in {letter.subject for _, letter in every_letter(language)}
