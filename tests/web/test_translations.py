"""Nothing is untranslated, and what the pages say agrees with what the services do."""

import importlib
import pkgutil
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel

import services
from services.requests.connections import api as connections
from services.requests.introductions import api as introductions
from services.web import catalogues, i18n, words
from services.web.models import Band, Closeness, HowMet
from services.web.problems import FIELD_SENTENCES, LENGTHS, SENTENCES
from shared.contracts.events.requests import Answer
from shared.contracts.http.members import ProfileBody as Profile
from shared.problems import Problem
from shared.text import Words

OTHERS = [language for language in i18n.LANGUAGES if language != i18n.DEFAULT]
NOT_FOR_MEMBERS = {"unexpected", "not_found", "not_signed_in", "method_not_allowed", "unavailable", "signed_out"}
"""Codes the pages answer as pages of their own."""


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_a_translation_and_none_is_left_over(language: str) -> None:
    shown = {message.id for message in catalogues.extract() if message.id}
    kept = {message.id: message for message in catalogues.read(language) if message.id}
    assert len(shown) > 300
    assert kept.keys() == shown
    assert [text for text, message in kept.items() if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_values_and_the_tags(language: str) -> None:
    held = re.compile(r"%\(\w+\)s|<[^>]+>")
    for message in catalogues.read(language):
        if message.id:
            assert sorted(set(held.findall(str(message.string)))) == sorted(set(held.findall(str(message.id)))), message.id


def test_a_text_without_translation_would_be_found() -> None:
    assert i18n.translate("es", "Save") == "Guardar"
    assert i18n.translate("es", "no such text") == "no such text"


def _problem_codes() -> set[str]:
    for service in ("members", "requests", "reputation"):
        package = importlib.import_module(f"{services.__name__}.{service}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found, waiting = set(), [Problem]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(("services.", "shared.")):
            found.add(kind.code)
    return found


def test_every_problem_of_the_services_has_a_sentence_in_every_language() -> None:
    assert _problem_codes() - NOT_FOR_MEMBERS - SENTENCES.keys() == set()


def _limits(model: type[BaseModel], field: str) -> tuple[int, int]:
    about = model.model_fields[field]
    found = [one for one in [*about.metadata, *_inside(about.annotation)] if isinstance(one, Words)]
    return found[0].minimum, found[0].maximum


def _inside(kind: Any) -> list[Any]:
    own = list(kind.__metadata__) if get_origin(kind) is Annotated else []
    return own + [one for inner in get_args(kind) for one in _inside(inner)]


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (connections.Ask, "where_we_met"),
        (connections.Ask, "why_now"),
        (introductions.Ask, "why_her"),
        (introductions.Vouch, "words_for"),
        (introductions.HowItWent, "thank_you"),
        (introductions.HowItWent, "words"),
        (Profile, "name"),
        (Profile, "headline"),
        (Profile, "organisation"),
        (Profile, "place"),
    ],
)
def test_the_lengths_on_the_pages_are_those_of_the_services(model: type[BaseModel], field: str) -> None:
    assert LENGTHS[field] == _limits(model, field)


def test_every_fixed_answer_has_its_words() -> None:
    assert words.CLOSENESS.keys() == set(get_args(Closeness))
    assert words.HOW_MET.keys() == set(get_args(HowMet))
    assert words.OUTCOMES.keys() == set(get_args(Answer))
    assert words.MY_BAND.keys() == set(get_args(Band))
    assert {"too_long", "control_character", "bidirectional_override", "line_break", "missing", "not_a_choice"} <= FIELD_SENTENCES.keys()


JOINED = ["Marta e Irene", "Ana e Hilda", "Ana e Íngrid", "Ana e Yvonne", "Ana y Yolanda", "Ana y Iolanda", "Ana y Lucía", "Ana y Hierba"]


@pytest.mark.parametrize("joined", JOINED)
def test_spanish_says_e_before_an_i(joined: str) -> None:
    first, _, second = joined.split()
    assert i18n.pair(first, second, "es") == joined
    assert i18n.pair(first, second, "en") == f"{first} and {second}"


@pytest.mark.parametrize(
    ("days_ago", "en", "es"),
    [
        (0, "Wednesday", "miércoles"),
        (6, "Thursday", "jueves"),
        (7, "June 10", "10 de junio"),
        (-14, "July 1", "1 de julio"),
        (400, "May 13, 2025", "13 de mayo de 2025"),
    ],
)
def test_days_as_people_say_them(days_ago: int, en: str, es: str) -> None:
    now = datetime(2026, 6, 17, 12, tzinfo=UTC)
    at = now - timedelta(days=days_ago)
    assert i18n.day(at, now, "en", "UTC") == en
    assert i18n.day(at, now, "es", "UTC") == es


def test_days_are_those_of_her_time_zone_and_an_unknown_one_is_utc() -> None:
    at, now = datetime(2026, 6, 1, 2, tzinfo=UTC), datetime(2026, 6, 17, tzinfo=UTC)
    assert i18n.day(at, now, "en", "America/Bogota") == "May 31"
    assert i18n.day(at, now, "en", "Nowhere/City") == "June 1"


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
