"""Help, about, privacy, terms and rules: the same in both languages, true in their numbers, and a steward's own in their place."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from services.members.directory import store as directory
from services.members.erasure.domain import ASLEEP_AFTER, GRACE
from services.members.invitations import domain as invited
from services.members.invitations import store as invitations
from services.members.moderation.domain import APPEAL_WITHIN
from services.members.moderation.store import BARRED_FOR
from services.members.safety.store import REPORTS_KEPT
from services.members.sessions import store as sessions
from services.members.sessions.domain.challenge import CODE_LIFE
from services.members.sessions.domain.session import SESSION_IDLE, SESSION_LIFE
from services.notify.queue.domain import KEEP_REJECTED
from services.requests.connections.domain.asking import OPEN_FOR
from services.requests.introductions.domain.introduction import OPEN_DAYS
from services.requests.introductions.domain.vouching import MOST_OPEN_VOUCHES
from services.web import texts
from services.web.i18n import LANGUAGES
from services.web.rendering import TEMPLATES
from shared.contracts.http.members.directory import SEARCHES_AN_HOUR
from shared.contracts.http.members.joining import OPEN_INVITATIONS
from shared.messaging import retention
from shared.problems import FIELD_SENTENCES
from tests.web.conftest import Community

FOLDER = TEMPLATES / "texts"
ONLY_WORDS = {"adult_years"}
"""Of age there is no rule but what she says herself."""
RULES = {
    "appeal_days": APPEAL_WITHIN.days,
    "asleep_months": round(ASLEEP_AFTER.days / 365 * 12),
    "barred_years": BARRED_FOR.days // 365,
    "grace_days": GRACE.days,
    "invitation_days": invited.LIFE.days,
    "invitation_kept_days": invitations.KEPT.days,
    "open_invitations": OPEN_INVITATIONS,
    "searches_an_hour": SEARCHES_AN_HOUR,
    "searches_hours": directory.KEPT // timedelta(hours=1),
    "browser_days": sessions.KNOWN.days,
    "code_minutes": CODE_LIFE.seconds // 60,
    "event_days": retention.OUTBOX.days,
    "introduction_days": OPEN_DAYS,
    "letter_days": KEEP_REJECTED.days,
    "open_vouches": MOST_OPEN_VOUCHES,
    "report_years": REPORTS_KEPT.days // 365,
    "request_days": OPEN_FOR.days,
    "session_days": SESSION_LIFE.days,
    "session_idle_days": SESSION_IDLE.days,
}


def source(name: str, language: str) -> str:
    """A text as it ships."""
    return (FOLDER / f"{name}.{language}.html").read_text(encoding="utf-8")


def test_every_number_is_the_rules_own() -> None:
    assert {name: number for name, number in texts.FACTS.items() if name not in ONLY_WORDS} == RULES
    assert f" {texts.FACTS['adult_years']} " in FIELD_SENTENCES["not_adult"]


@pytest.mark.parametrize("name", texts.TITLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_typed_and_every_fact_is_named(name: str, language: str) -> None:
    words = re.sub(r"{[{%].*?[%}]}|</?h\d[^>]*>", "", source(name, language))
    assert not re.search(r"\d", words)
    assert set(re.findall(r"facts\.(\w+)", source(name, language))) <= set(texts.FACTS)


@pytest.mark.parametrize("name", texts.TITLES)
def test_both_languages_have_the_same_sections_facts_and_links(name: str) -> None:
    held = re.compile(r'<h2 id="\w|(?<=<h2 id=")[\w-]+|facts\.\w+|href="[^"]+"|{% .*? %}')
    first, *others = [sorted(held.findall(source(name, language))) for language in LANGUAGES]
    assert len(first) > 5
    assert all(other == first for other in others)


PAGES = {
    *("/me/data", "/me/leave", "/me/signing-in", "/me/blocks", "/me/discreet", "/me/address"),
    *("/transparency", "/notice", "/find", "/invite", "/privacy"),
}


def test_help_leads_to_every_page_of_which_it_speaks() -> None:
    assert {page for page in PAGES if f'href="{page}"' not in source("help", "en")} == set()


async def test_no_link_of_a_text_leads_nowhere(community: Community) -> None:
    _, ana = community.woman("Ana Ruiz")
    linked = {path for name in texts.TITLES for path in re.findall(r'href="(/[^"]+)"', source(name, "en"))}
    assert linked >= PAGES
    assert {path: status for path in linked if (status := (await ana.get(path)).status_code) != 200} == {}


def test_each_text_is_there_and_none_besides() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.{language}.html" for name in texts.TITLES for language in LANGUAGES}


@pytest.mark.parametrize("name", texts.TITLES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_anyone_reads_it_with_its_contents_before_it(community: Community, name: str, language: str) -> None:
    page = await community.visitor(language).get(f"/{name}")
    assert page.status_code == 200
    assert page.headers["content-language"] == language
    linked = re.findall(r'<li><a class="tap" href="#([\w-]+)"', page.text)
    assert linked == re.findall(r'<section class="stack" aria-labelledby="([\w-]+)"', page.text)
    assert len(linked) > 4


async def test_every_page_leads_to_them(community: Community) -> None:
    _, ana = community.woman("Ana Ruiz")
    for page in (await community.visitor().get("/"), await ana.get("/connections")):
        foot = page.text.partition("<footer")[2]
        assert [f'href="/{name}"' in foot for name in texts.TITLES] == [True] * 5


def terms(version: int, words: str, changes: str) -> dict[str, object]:
    """A version of the steward's."""
    both = {"words": {"en": words, "es": f"ES {words}"}, "changes": {"en": changes, "es": f"ES {changes}"}}
    return {**both, "published_at": datetime(2026, 11, version, tzinfo=UTC)}


async def test_a_stewards_terms_stand_in_place_of_ours_and_earlier_ones_stay(community: Community) -> None:
    community.world.texts["terms", 2] = terms(2, "## First\n\nBe <b>kind</b>.\n\nTwice.", "")
    community.world.texts["terms", 3] = terms(3, "## Second\n\nBe kinder.", "")
    visitor = community.visitor()
    newest, second, first = [(await visitor.get(f"/terms{query}")).text for query in ("", "?version=2", "?version=1")]
    assert "Be kinder." in newest
    assert "Who may be here" not in newest
    assert "Be &lt;b&gt;kind&lt;/b&gt;." in second
    assert "This is an earlier version." in second
    assert "Who may be here" in first
    assert (await visitor.get("/terms?version=9")).status_code == 404
    assert "ES ## Second" not in newest and "ES" in (await community.visitor("es").get("/terms")).text


async def test_what_a_steward_adds_to_privacy_stands_at_its_end(community: Community) -> None:
    community.world.texts["privacy", 2] = terms(2, "## Where\n\nIn Valencia.", "")
    page = (await community.visitor().get("/privacy")).text
    assert page.index("If this changes</h2>") < page.index("In Valencia.")


async def test_ours_show_while_members_is_down(community: Community) -> None:
    community.fakes.wires["members"].down = True
    assert "Who may be here" in (await community.visitor().get("/terms")).text


def test_what_a_steward_writes_is_text_alone() -> None:
    assert texts.written("Hello\nyou\n\n<script>") == "<p>Hello<br>you</p>\n<p>&lt;script&gt;</p>"
    assert [section.id for section in texts.sections(texts.written("Before.\n## A & B\nx\n## C\ny"))[1]] == ["own-1", "own-2"]
