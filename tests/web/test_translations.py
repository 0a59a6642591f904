"""Nothing is untranslated, and what the pages say agrees with what the services do."""

import re
from pathlib import Path
from typing import get_args

import pytest

from services.web import forms, i18n, labels, problems
from services.web.clients.http import ServiceProblem
from services.web.translations import update
from shared.contracts.events.members import Language
from shared.contracts.events.reputation import Band
from shared.contracts.events.requests import HowMet
from shared.contracts.http.apis import MODULES
from shared.contracts.http.base import CommandRoute, routes_of, texts_of
from shared.contracts.http.members.signing_in import Audience
from shared.contracts.http.reputation import LineKind, ShownBand
from shared.contracts.http.requests.connections import Closeness
from shared.contracts.http.requests.introductions import OutcomeBody
from shared.problems import FIELD_SENTENCES, Field, Problem

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [language for language in i18n.LANGUAGES if language != i18n.DEFAULT]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_a_translation_and_none_is_left_over(language: str) -> None:
    shown = {message.id for message in update.extract() if message.id}
    kept = {message.id: message for message in update.read(language) if message.id}
    assert len(shown) > 300
    assert kept.keys() == shown
    assert [text for text, message in kept.items() if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_values_and_the_tags(language: str) -> None:
    held = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]+>")
    for message in update.read(language):
        if message.id:
            assert sorted(set(held.findall(str(message.string)))) == sorted(set(held.findall(str(message.id)))), message.id


def test_a_text_without_translation_would_be_found() -> None:
    assert i18n.translate("es", "Save") == "Guardar"
    assert i18n.translate("es", "no such text") == "no such text"


def test_every_sentence_of_the_services_is_among_them() -> None:
    shown = {message.id for message in update.extract()}
    named = [value for module in MODULES for value in vars(module).values()]
    kinds = {value for value in named if isinstance(value, type) and issubclass(value, Problem)}
    assert len(kinds) > 20
    assert {kind.sentence for kind in kinds} <= shown
    assert set(FIELD_SENTENCES.values()) <= shown


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("code", FIELD_SENTENCES)
def test_what_is_wrong_with_a_field_is_said_in_her_language(language: str, code: str) -> None:
    wrong = Field("words", code, minimum=15, maximum=300, count=2)
    shown = problems.fields(ServiceProblem(422, "invalid", fields=[wrong]), language)["words"]
    assert (shown == wrong["detail"]) is (language == "en")
    assert not re.search(r"[{}]", shown)
    assert [number for number in ("15", "300") if number in shown] == [number for number in ("15", "300") if number in str(wrong["detail"])]


def test_a_field_error_that_is_new_is_told_in_the_services_words() -> None:
    wrong = {"field": "words", "code": "too_loud", "detail": "Please write this more quietly."}
    short = {"field": "name", "code": "too_short", "detail": "This is too short."}
    assert problems.fields(ServiceProblem(422, "invalid", fields=[wrong, short]), "es") == {
        "words": "Please write this more quietly.",
        "name": "This is too short.",
    }


def test_a_length_on_the_pages_is_that_of_every_body_with_the_field() -> None:
    routes = [route for module in MODULES for route in routes_of(module).values()]
    bodies = [route.body for route in routes if isinstance(route, CommandRoute) and route.body]
    texts = [text for body in bodies for text in texts_of(body).items()]
    assert {"name", "where_we_met", "why_now", "why_her", "words_for", "thank_you", "report"} <= dict(texts).keys()
    assert all(forms.LENGTHS[name] == words for name, words in texts)


def test_every_choice_has_its_label() -> None:
    assert labels.CLOSENESS.keys() == set(get_args(Closeness))
    assert labels.HOW_MET.keys() == set(get_args(HowMet))
    assert labels.OUTCOMES.keys() == set(get_args(OutcomeBody.model_fields["answer"].annotation))
    assert labels.MY_BAND.keys() == set(get_args(Band))
    assert labels.BANDS.keys() == set(get_args(ShownBand))
    assert labels.LINES.keys() == set(get_args(LineKind))
    assert labels.PARTS.keys() == set(get_args(Audience)) - {"notify"}, "the web asks these"
    assert i18n.LANGUAGES.keys() == set(get_args(Language))


@pytest.mark.parametrize(
    ("profile", "cookie", "accept", "chosen"),
    [
        ("es", "en", "en", "es"),
        (None, "es", "en", "es"),
        (None, "", "de, es;q=0.8, en;q=0.9", "en"),
        (None, "xx", "", "en"),
        (None, "", "es;q=0", "en"),
    ],
)
def test_language_is_chosen_by_profile_then_cookie_then_browser(profile: str | None, cookie: str, accept: str, chosen: str) -> None:
    assert i18n.choose(profile, cookie, accept) == chosen


def test_the_docs_say_what_a_page_says_of_a_text() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", (ROOT / "docs/text.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 10
    for code, *said in rows:
        for language, sentence in zip(["en", "es"], said, strict=True):
            assert i18n.translate(language, FIELD_SENTENCES[code]).format(minimum=40, maximum=1000) == sentence
