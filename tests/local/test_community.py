"""The demo community shows every state that it names, signed in as the woman whom it names."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from deploy.local.client import Member, Site
from deploy.local.community import fill_once
from deploy.local.community.asking_many import only_introduced_until
from deploy.local.community.moderated import long_ago
from deploy.local.community.people import PEOPLE
from deploy.local.community.person import FIRST_DAY
from deploy.local.community.portraits import PORTRAITS, drawn
from deploy.local.community.settled import NAMED, SAID
from deploy.local.community.state import State
from deploy.local.community.states import STATES
from deploy.local.community.went_well import WENT_WELL
from deploy.local.home import ROOT
from deploy.local.passkey import with_passkey
from deploy.local.stack import Stack
from services.members.moderation.transparency import half_year
from services.members.photos.pictures import kept
from services.web.i18n import translate
from services.web.session import SESSION
from shared.contracts.http import reputation
from shared.contracts.http.base import OpenRoute, QueryRoute
from shared.contracts.http.members import addresses, devices, joining, moderation, public_notices, safety
from shared.contracts.http.members.community import COMMUNITY
from shared.contracts.http.members.signing_in import Audience
from shared.contracts.http.requests import connections, introductions, needs, people, reach, suggestions, todo

_ID = "([0-9a-f-]{36})"
_SOURCES: Mapping[str, tuple[Audience, QueryRoute[Any] | OpenRoute[Any], tuple[str, ...]]] = {
    "/": ("requests", todo.TODO, ()),
    "/connections": ("requests", people.CONNECTIONS, ()),
    "/connections/tidy": ("requests", people.TIDY, ()),
    f"/connections/{_ID}": ("requests", people.CONNECTION, ("member_id",)),
    f"/connection-requests/{_ID}": ("requests", connections.CONNECTION_REQUEST, ("request_id",)),
    f"/m/{_ID}": ("requests", connections.MEMBER, ("member_id",)),
    f"/m/{_ID}/propose/{_ID}": ("requests", introductions.PROPOSING, ("member_id", "other_id")),
    f"/m/{_ID}/introduction": ("requests", suggestions.PATHS, ("member_id",)),
    "/suggestions": ("requests", suggestions.SUGGESTIONS, ()),
    "/introductions": ("requests", introductions.INTRODUCTIONS, ()),
    f"/needs/{_ID}": ("requests", needs.NEED, ("need_id",)),
    f"/introductions/{_ID}": ("requests", introductions.INTRODUCTION, ("introduction_id",)),
    "/reach": ("requests", reach.REACH, ()),
    "/invite": ("members", joining.INVITATIONS, ()),
    "/me/address": ("members", addresses.ADDRESSES, ()),
    "/me/signing-in": ("members", devices.SIGNING_IN, ()),
    "/me/blocks": ("members", safety.BLOCKS, ()),
    "/me/reports": ("members", safety.MY_REPORTS, ()),
    "/moderation": ("members", moderation.CASES, ()),
    f"/moderation/cases/{_ID}": ("members", moderation.CASE, ("case_id",)),
    "/moderation/notices": ("members", public_notices.PUBLIC_NOTICES, ()),
    f"/moderation/notices/{_ID}": ("members", public_notices.PUBLIC_NOTICE, ("public_notice_id",)),
    "/moderation/joining": ("members", joining.JOIN_REQUESTS, ()),
    "/notices": ("members", moderation.NOTICES, ()),
    f"/notices/{_ID}": ("members", moderation.NOTICE, ("notice_id",)),
    "/transparency": ("members", moderation.TRANSPARENCY, ()),
    "/notice/([^/]+)": ("members", public_notices.READ_RECEIPT, ("token",)),
    "/join": ("members", joining.MY_JOIN_REQUEST, ()),
    "/ledger": ("reputation", reputation.LEDGER, ()),
}
"""Which service's answer a page shows."""


@pytest.mark.servers
@pytest.mark.thorough
@pytest.mark.timeout(300)
async def test_every_state_is_there() -> None:
    async with Stack.temporary() as stack:
        await fill_once(stack, lambda _: None)
        rows = [line.split("\t") for line in (stack.data / "community").read_text().splitlines()]
        async with Site(stack.ports, stack.secrets.web_key) as site:
            names = sorted({who for who, _, _ in rows})
            signed_in = await asyncio.gather(*(site.sign_in(f"{who}@madrina.test", "en") for who in names))
            women = dict(zip(names, signed_in, strict=True))
            shown = list(zip(STATES, rows, strict=True))
            differing = await _differing(women, [(state, url) for state, (_, url, _) in shown if not state.passkey])
            with_one = sorted({state.who for state in STATES if state.passkey})
            women |= {who: await with_passkey(women[who], stack.url("web")) for who in with_one}
            differing += await _differing(women, [(state, url) for state, (_, url, _) in shown if state.passkey])
            settled = await site.exchange(COMMUNITY, {})
            page = (await site.http.get(stack.url("web"), headers={"Cookie": f"{SESSION}={women['suryani'].session}"})).text
    assert differing == []
    assert (settled["name"], settled["sender"]) == (NAMED["community_name"], NAMED["sender_name"])
    assert NAMED["community_name"] in page.partition("<footer")[2]
    assert SAID["said_en"] in page or SAID["said_es"] in page


async def _differing(women: Mapping[str, Member], shown: list[tuple[State, str]]) -> list[str]:
    """What is otherwise than the states say, also after a while: what a timer does today it may do only now."""
    differences: list[str] = []
    for _ in range(20):
        # One by one: what is asked here is what the pages say, not how many they can answer at once.
        found = [(state, url, await _differs(state, women[state.who], url)) for state, url in shown]
        shown, differences = [(state, url) for state, url, difference in found if difference], [one for _, _, one in found if one]
        if not shown:
            break
        await asyncio.sleep(0.5)
    return differences


async def _differs(state: State, woman: Member, url: str) -> str:
    """What is otherwise than the state says; empty if nothing is."""
    page = await woman.site.http.get(url, headers={"Cookie": f"{SESSION}={woman.session}", "Accept-Language": "en"})
    expected = 404 if state.shows is None else 200
    if page.status_code != expected:
        return f"{state.who} {state.path} answers {page.status_code}"
    if not state.shows:
        return ""
    path = httpx.URL(url).path
    found, (service, route, ids) = next((found, source) for pattern, source in _SOURCES.items() if (found := re.fullmatch(pattern, path)))
    values: dict[str, Any] = dict(zip(ids, found.groups(), strict=True))
    answer = await (woman.site.exchange(route, values) if isinstance(route, OpenRoute) else woman.read(service, route, **values))
    return "" if _shows(answer, state.shows) else f"{state.who} {state.path} ({state.title}): {_part(answer, state.shows)}"


def _shows(answer: Any, expected: Any) -> bool:
    if expected is ...:
        return answer is not None
    if isinstance(expected, Mapping):
        return isinstance(answer, dict) and all(key in answer and _shows(answer[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        return isinstance(answer, list) and len(answer) == len(expected) and all(map(_shows, answer, expected))
    return bool(answer == expected)


def _part(answer: Any, expected: Mapping[str, Any]) -> Any:
    return {key: answer.get(key) for key in expected}


@pytest.mark.parametrize("who", PORTRAITS)
def test_a_portrait_is_of_one_of_them_and_always_the_same(who: str) -> None:
    assert who in {person.key for person in PEOPLE}
    assert drawn(PORTRAITS[who]) == drawn(PORTRAITS[who])
    assert len(kept(drawn(PORTRAITS[who]))) < 10_000


@pytest.mark.parametrize(("language", "who"), [("en", "hannah"), ("es", "ines")])
def test_the_story_that_visitors_are_told_is_one_of_hers(language: str, who: str) -> None:
    [thanks] = re.findall(r'class="said">{% trans %}(.+?){% endtrans %}', (ROOT / "services/web/templates/story.html").read_text())
    [story] = [introduction for introduction in WENT_WELL if introduction.name == "carmen_hannah_ines"]
    [yes] = story.said
    [outcome] = [outcome for outcome in story.outcomes if outcome.by == who]
    assert str(outcome.thank_you).startswith(translate(language, thanks))
    assert yes.day == (story.vouched or 0) - 1, "the next day"
    assert 12 <= yes.day - outcome.day <= 16, "two weeks later"


def test_she_may_only_be_introduced_whatever_day_it_is_but_the_31st() -> None:
    first = datetime(2028, 1, 1, tzinfo=UTC)
    times = [timedelta(0), timedelta(hours=11, minutes=30), timedelta(days=1, microseconds=-1)]
    days = [first + timedelta(days=day) for day in range(366 + 365)]
    others = {day.date() for day in days for time in times if only_introduced_until(day + time) is None}
    assert others == {day.date() for day in days if day.day == 31}
    assert only_introduced_until(datetime(2028, 2, 29, 9, tzinfo=UTC)) == datetime(2028, 3, 2, tzinfo=UTC)


def test_the_first_case_is_of_the_half_year_before_whatever_day_it_is() -> None:
    days = [datetime(2027, 1, 1, hour, tzinfo=UTC) + timedelta(days=day) for day in range(365 + 366) for hour in (0, 23)]
    before = {day: half_year(day - timedelta(days=long_ago(day.date()))) for day in days}
    assert all(half < half_year(day) for day, half in before.items())
    assert all(day - timedelta(days=long_ago(day.date())) > day - timedelta(days=190) for day in days), "the last one, not an earlier"
    assert all(long_ago(day.date()) > FIRST_DAY for day in days), "before the others join"
