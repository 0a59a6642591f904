"""The introduction: only from an IntroductionConfirmed, to each side in her own language, with both addresses."""

from dataclasses import replace

import pytest

from services.notify.letters.base import Known
from services.notify.letters.introduction.letter import KIND, introduction, to_side
from services.notify.members import Profile, Recipient
from shared.contracts.events.members import Language
from shared.messaging.registry import NotYetKnown
from tests.notify import world
from tests.notify.world import ANA, INES, MARTA, PEOPLE, SENDER

TO_ANA, TO_INES = ("Ana García", "ana@example.test"), ("Inés Peña", "ins@example.test")


def test_it_cannot_be_built_from_anything_but_a_confirmation() -> None:
    event = world.confirmed()
    pretender = world.vouched(aggregate_id=event.aggregate_id)
    for wrong in (pretender, world.closed("expired"), world.asked(), world.reminder(), None):
        with pytest.raises(TypeError, match="IntroductionConfirmed"):
            to_side(wrong, ANA, INES, MARTA.profile, SENDER)  # type: ignore[arg-type]  # the point of the test
    assert to_side(event, ANA, INES, MARTA.profile, SENDER).address == ANA.address


@pytest.mark.parametrize(("first", "second"), [(ANA, MARTA), (ANA, ANA), (MARTA, INES)])
def test_it_is_for_its_two_sides_and_nobody_else(first: Recipient, second: Recipient) -> None:
    with pytest.raises(ValueError, match="two sides"):
        to_side(world.confirmed(), first, second, MARTA.profile, SENDER)


def test_it_names_its_own_voucher() -> None:
    with pytest.raises(ValueError, match="voucher"):
        to_side(world.confirmed(), ANA, INES, ANA.profile, SENDER)


def test_both_addresses_stand_in_to_an_answer_goes_to_the_other_and_the_voucher_gets_none() -> None:
    found = introduction(world.confirmed(), PEOPLE, SENDER)
    assert [decision.recipient_id for decision in found] == [ANA.profile.id, INES.profile.id]
    letters = world.letters(found)
    # The other first: some programs answer to the first of To. And she alone in Reply-To: two freemail addresses there are spam to many.
    for letter, to, reply_to in (
        (letters[ANA.profile.id], [TO_INES, TO_ANA], TO_INES),
        (letters[INES.profile.id], [TO_ANA, TO_INES], TO_ANA),
    ):
        assert letter.addresses("To") == to
        assert letter.addresses("Reply-To") == [reply_to]
        assert letter.addresses("From") == [("Madrina", "hola@madrina.test")]
        assert MARTA.address not in letter.text + letter.html + str(letter.message)


def test_it_passes_on_the_address_that_she_chose_for_it_and_comes_to_it() -> None:
    """The one she signs in with stands nowhere, not even in the copy of the letter that she answers."""
    people = world.knowing(replace(ANA, passed_on="ana@work.example.test"), INES, MARTA)
    found = introduction(world.confirmed(), people, SENDER)
    assert [getattr(decision, "address", None) for decision in found] == ["ana@work.example.test", INES.address]
    for letter in world.letters(found).values():
        whole = str(letter.message) + letter.text + letter.html
        assert "ana@work.example.test" in whole
        assert ANA.address not in whole


def test_the_envelope_names_one_recipient() -> None:
    by_recipient = {decision.recipient_id: decision for decision in introduction(world.confirmed(), PEOPLE, SENDER)}
    assert {id_: getattr(decision, "address", None) for id_, decision in by_recipient.items()} == {
        ANA.profile.id: "ana@example.test",
        INES.profile.id: "ins@example.test",
    }
    assert all(getattr(decision, "kind", None) == "introduction" for decision in by_recipient.values())


def test_each_in_her_own_language() -> None:
    found = world.letters(introduction(world.confirmed(), PEOPLE, SENDER))
    assert found[ANA.profile.id].subject == "Ana García and Inés Peña, introduced by Marta Ruiz"
    assert found[INES.profile.id].subject == "Ana García e Inés Peña, presentadas por Marta Ruiz"
    assert found[ANA.profile.id].message["Content-Language"] == "en"
    assert '<html lang="es">' in found[INES.profile.id].html


def test_both_letters_are_one_conversation() -> None:
    event = world.confirmed()
    one_language = world.letters(introduction(event, world.speaking("es"), SENDER)).values()
    for letters in (one_language, world.letters(introduction(event, PEOPLE, SENDER)).values()):
        assert {letter.message["References"] for letter in letters} == {f"<{event.introduction_id}@madrina.test>"}
    assert len({letter.subject for letter in one_language}) == 1
    another = world.letters(introduction(world.confirmed(), PEOPLE, SENDER))[ANA.profile.id]
    assert another.message["References"] != f"<{event.introduction_id}@madrina.test>"


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_says_who_vouches_what_she_wrote_for_each_and_how_to_go_on(language: str) -> None:
    people = world.speaking("es") if language == "es" else world.speaking("en")
    letter = world.letters(introduction(world.confirmed(), people, SENDER))[ANA.profile.id]
    for part in (letter.text, letter.html):
        assert "Marta Ruiz" in part
        assert "Jueza" in part
        assert "ins@example.test" in part
        assert world.WORDS_FOR_ANA in part
        assert "Pregúntale por el seguro." in part
        assert "https://madrina.test/introductions/" in part
        assert ("3 May 2026" if language == "en" else "3 de mayo de 2026") in part
        assert ("Just reply to this email" if language == "en" else "contestar a este correo") in part


@pytest.mark.parametrize(
    ("asker", "to_ana", "to_ines"),
    [
        (ANA, "You asked Marta for this introduction.", "Ana asked Marta for this introduction."),
        (INES, "Inés asked Marta for this introduction.", "You asked Marta for this introduction."),
        (None, "It was Marta's idea.", "It was Marta's idea."),
    ],
)
def test_it_says_how_it_came_about(asker: Recipient | None, to_ana: str, to_ines: str) -> None:
    found = world.letters(introduction(world.confirmed(asker=asker), world.speaking("en"), SENDER))
    for id_, expected in ((ANA.profile.id, to_ana), (INES.profile.id, to_ines)):
        assert expected in found[id_].text
        assert expected in found[id_].html


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_names_who_writes_first(language: Language) -> None:
    found = world.letters(introduction(world.confirmed(writes_first=INES.profile.id), world.speaking(language), SENDER))
    hers, mine = found[INES.profile.id], found[ANA.profile.id]
    for part in (hers.text, hers.html):
        assert ("You write first" if language == "en" else "Escribes tú primero") in part
    for part in (mine.text, mine.html):
        assert ("Inés writes first" if language == "en" else "Inés escribe primero") in part
    before_this_was_told = world.letters(introduction(world.confirmed(writes_first=None), world.speaking("en"), SENDER))
    assert "One of you has to write first" in before_this_was_told[ANA.profile.id].text


def test_a_voucher_who_has_left_since_is_not_named() -> None:
    known = world.knowing(ANA, INES, erased=[MARTA])
    found = world.letters(introduction(world.confirmed(), known, SENDER))
    assert found[ANA.profile.id].subject == "Ana García and Inés Peña: an introduction"
    assert "a member who has since left" in found[ANA.profile.id].text
    assert "una integrante que ya no está" in found[INES.profile.id].text


def test_without_one_side_there_is_none_for_the_other() -> None:
    known = world.knowing(ANA, MARTA, erased=[INES])
    assert world.skips(introduction(world.confirmed(), known, SENDER)) == {ANA.profile.id: "erased", INES.profile.id: "erased"}


@pytest.mark.parametrize("known", [world.knowing(ANA, MARTA), world.knowing(ANA, MARTA, profiles=[INES.profile]), world.knowing(ANA, INES)])
def test_a_profile_or_an_address_that_is_not_here_yet_is_waited_for(known: Known) -> None:
    with pytest.raises(NotYetKnown):
        introduction(world.confirmed(), known, SENDER)


def test_the_last_look_asks_about_the_two_sides_and_not_about_the_voucher() -> None:
    first, second = introduction(world.confirmed(), PEOPLE, SENDER)
    assert getattr(first, "about_ids", None) == (INES.profile.id,)
    assert getattr(second, "about_ids", None) == (ANA.profile.id,)


def test_the_same_confirmation_gives_the_same_message_ids_and_each_letter_its_own() -> None:
    event = world.confirmed()
    ids = [{letter.message["Message-ID"] for letter in world.letters(introduction(event, PEOPLE, SENDER)).values()} for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 2
    other = {letter.message["Message-ID"] for letter in world.letters(introduction(world.confirmed(), PEOPLE, SENDER)).values()}
    assert not ids[0] & other


def test_members_texts_are_escaped_and_quoted() -> None:
    evil = '<img src=x onerror="alert(1)">\n-- \nMadrina: send your password to evil@example.test\u2028Hello'
    headline = "</p><script>alert(2)</script>\r\nBcc: all@example.test"
    ines = replace(INES, profile=replace(INES.profile, headline=headline, name='<b>Inés</b> "x" <evil@example.test>'))
    event = world.confirmed(words_for={ANA.profile.id: evil, INES.profile.id: "x"})
    letter = world.letters(introduction(event, world.knowing(ANA, ines, MARTA), SENDER))[ANA.profile.id]
    assert "<img src=x" not in letter.html
    assert "<script" not in letter.html
    assert "<b>Inés" not in letter.html
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;" in letter.html
    assert "\n> --\n" in letter.text
    assert "\n> Madrina: send your password" in letter.text
    assert "\n> Hello" in letter.text
    assert "\nBcc" not in letter.text
    assert letter.message["Bcc"] is None
    assert len(letter.addresses("To")) == 2


def test_no_other_kind_can_be_written_as_an_introduction() -> None:
    # The templates belong to the class above: its module offers nothing that writes them from less.
    assert KIND.name == "introduction"
    assert isinstance(MARTA.profile, Profile)
    assert not hasattr(MARTA.profile, "address")
