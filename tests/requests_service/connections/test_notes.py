"""What the note gate says of a note. How well it does over many is in tests/benchmarks/test_notes.py."""

from importlib.resources import files

import pytest

from services.requests.connections.domain.notes import Earlier, Verdict, judge

FINE = Verdict("fine")
STOCK, LOOKS, NOTHING = Verdict("refuse", "stock_phrases"), Verdict("nudge", "remarks_on_looks"), Verdict("nudge", "nothing_specific")

WHERE = "At the evening course on bread, at the oven by the door."
WHY = "My rye loaf splits on one side each time. You said it was the steam, and I'd like to know how much water you use."
SAME_SHORTER = "My rye loaf splits on one side each time. You said that it was the steam, and I'd like to know how much water you use."


@pytest.mark.parametrize(
    ("where", "why", "verdict"),
    [
        pytest.param(WHERE, WHY, FINE, id="a real thing"),
        pytest.param("bread course, oven at the door", "u said steam, my rye loaf still split. how much water??", FINE, id="clumsy"),
        pytest.param(
            "en el curso de pan junto al horno de la puerta",
            "tú decías que era el vapor y a mí la hogaza de centeno se me sigue abriendo por un lado",
            FINE,
            id="dictated, without a name or a digit",
        ),
        pytest.param(WHERE.upper(), WHY.upper(), FINE, id="in capitals"),
        pytest.param(
            "We met at an event.",
            "Hi! I came across your profile and was impressed. I'd love to connect and stay in touch!",
            STOCK,
            id="stock phrases",
        ),
        pytest.param(
            "Nos conocimos en un evento.",
            "Hola, he visto tu perfil y me ha parecido muy interesante. Me gustaría conectar contigo.",
            STOCK,
            id="stock phrases in Spanish",
        ),
        pytest.param(
            WHERE, "I would love to connect, because my rye loaf splits and you knew about steam.", FINE, id="a stock phrase beside"
        ),
        pytest.param(
            "I have long admired you from afar.",
            "Your presence elevates every room, and the grace with which you lead has been a beacon to me and to so many women.",
            NOTHING,
            id="polished flattery",
        ),
        pytest.param(
            "Llevo años admirándote de lejos.",
            "Irradias una serenidad y una fuerza que no se aprenden en ningún sitio, y eres para mí un faro en los días difíciles.",
            NOTHING,
            id="polished flattery in Spanish",
        ),
        pytest.param(
            "Web Summit 2023, Lisbon.",
            "I am a Senior Manager at Google with 12 years of experience and an MBA from INSEAD. Let's connect in Q2.",
            NOTHING,
            id="names and digits are no more than a curriculum",
        ),
        pytest.param(
            "Somewhere, some time ago.", "There is something that I would like to talk to you about some day.", NOTHING, id="vague"
        ),
        pytest.param("asdf asdf asdf asdf", "aaaaaaaaaaaaaa bbbbbbbbbbbbb xxxxxxxx hmmmmmm zzzzz qwrtp", NOTHING, id="no words at all"),
        pytest.param(
            "I found your bakery online.",
            "We help bakeries like yours grow with our ordering platform. Book a demo: the first month is free, no obligation.",
            NOTHING,
            id="a seller",
        ),
        pytest.param(WHERE, f"{WHY} And you looked stunning, by the way.", LOOKS, id="a remark on looks, whatever else it says"),
        pytest.param(
            "En el curso de pan.",
            "Qué guapa estabas junto al horno. ¿Tienes pareja? Me gustaría invitarte a cenar.",
            LOOKS,
            id="an advance",
        ),
        pytest.param(
            WHERE, "You showed us a beautiful oven, and I can't get my rye loaf to rise as yours did.", FINE, id="a beautiful oven"
        ),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_it_says_whatever_the_language_of_her_pages(where: str, why: str, verdict: Verdict, language: str) -> None:
    assert judge(where, why, language) == verdict


@pytest.mark.parametrize(
    ("earlier", "copies"),
    [
        pytest.param([(WHERE, WHY)], 1, id="the same"),
        pytest.param([("Somewhere else, with other people.", WHY)], 1, id="the same why, met elsewhere"),
        pytest.param(
            [("x", SAME_SHORTER), ("y", f"Hello Amina, {WHY.upper()}"), ("z", WHY.replace(",", "!"))], 3, id="hardly changed, thrice"
        ),
        pytest.param([(WHERE, "I still have your bread knife. Shall I bring it on Monday when the course begins again?")], 0, id="another"),
        pytest.param([], 0, id="none"),
        pytest.param([WHY, f"{WHERE} {WHY}", "something else entirely"], 2, id="texts"),
    ],
)
def test_a_copy_of_her_own_is_refused_and_counted(earlier: Earlier, copies: int) -> None:
    assert judge(WHERE, WHY, "en", earlier) == (Verdict("refuse", "copied", copies) if copies else FINE)


def test_a_note_says_as_much_again_before_it_is_a_copy_no_more() -> None:
    """95 of 100: a name changed is a copy, a sentence changed is none."""
    changed = WHY.replace("how much water you use", "whether you would show me on a Saturday")
    assert judge(WHERE, changed, "en", [(WHERE, WHY)]) == FINE


@pytest.mark.parametrize("language", ["en", "es"])
def test_there_are_stock_phrases_enough(language: str) -> None:
    lines = (files("services.requests.connections") / "note_words" / f"stock.{language}.txt").read_text("utf-8").splitlines()
    phrases = [line for line in lines if line and not line.startswith("#")]
    assert len(set(phrases)) >= 60
    assert len(phrases) == len(set(phrases))
