"""A voucher's no: quiet, for a reason that stays with her, or in a kind sentence that the asker reads at once; and why she withdrew."""

import pytest

from services.requests.introductions.domain import answering, ending, vouching
from shared.contracts.events.requests import IntroductionClosed
from shared.contracts.http.requests.introduction_problems import AlreadyClosed, NotNow, Suspended
from tests.requests_service.introductions.circle import ROOT, Circle
from tests.requests_service.introductions.examples import ANA, AT, CARLA, DAY, GOOD, HOUR, SILENT_UNTIL, VERA, WORDS, asked, vouched
from tests.requests_service.introductions.test_views import see
from tests.requests_service.world import ok, problem


def test_a_kind_answer_ends_it_at_once_for_her_and_the_asker() -> None:
    after, [told] = ending.decline_kindly(asked(), VERA, "thank_you", AT + HOUR)
    assert isinstance(told, IntroductionClosed)
    assert (told.reason, told.shown_at, told.kind_answer, told.not_for) == ("declined_by_voucher", AT + HOUR, "thank_you", (VERA,))
    for reader in (ANA, VERA):
        shown = see(after, reader)
        assert (shown.state, shown.kind_answer, shown.closed_at, shown.actions) == ("closed", "thank_you", AT + HOUR, [])
    assert not after.exists_for(CARLA)
    assert ending.expire(after, SILENT_UNTIL) == (after, [])


def test_it_cannot_be_taken_back_or_said_twice_in_two_ways() -> None:
    after = ending.decline_kindly(asked(), VERA, "thank_you", AT)[0]
    assert ending.decline_kindly(after, VERA, "thank_you", AT + DAY) == (after, [])
    with pytest.raises(AlreadyClosed):
        ending.decline_kindly(after, VERA, "read_it", AT)
    with pytest.raises(AlreadyClosed):
        vouching.vouch(after, VERA, WORDS, AT, GOOD, show_why_her=False)


def test_a_quiet_no_may_be_told_kindly_until_its_end_shows() -> None:
    quiet = ending.decline(asked(), VERA, AT)[0]
    assert ending.decline_kindly(quiet, VERA, "read_it", SILENT_UNTIL - HOUR)[0].state(SILENT_UNTIL - HOUR) == "closed"
    with pytest.raises(AlreadyClosed):
        ending.decline_kindly(quiet, VERA, "read_it", SILENT_UNTIL)
    with pytest.raises(NotNow):
        ending.decline_kindly(vouched(), VERA, "read_it", AT)
    with pytest.raises(Suspended):
        ending.decline_kindly(asked(), VERA, "read_it", AT, suspended={VERA})


def test_why_she_said_no_is_hers_alone_and_goes_when_she_vouches() -> None:
    before = asked()
    plain, because = ending.decline(before, VERA, AT)[0], ending.decline(before, VERA, AT, reason="not_well_enough")[0]
    assert see(because, VERA).my_reason == "not_well_enough"
    for at in (AT, SILENT_UNTIL):
        assert see(because, ANA, at=at) == see(plain, ANA, at=at) == see(before, ANA, at=at)
    assert ending.expire(because, SILENT_UNTIL)[1] == ending.expire(plain, SILENT_UNTIL)[1], "no event tells it"
    assert ending.decline(because, VERA, AT + HOUR) == (because, [])
    later = ending.decline(plain, VERA, AT + HOUR, reason="not_well_enough")[0]
    assert (later.declined_at, later.reason) == (AT, "not_well_enough")
    assert vouching.vouch(because, VERA, WORDS, AT, GOOD, show_why_her=False)[0].reason is None


def test_why_she_withdrew_her_word_is_hers_alone() -> None:
    before = answering.pass_(vouched(), CARLA, AT)[0]
    plain, told = vouching.withdraw_vouch(before, VERA, AT)
    because, with_reason = vouching.withdraw_vouch(before, VERA, AT, reason="too_quickly")
    assert told == with_reason
    assert see(because, VERA).my_reason == "too_quickly"
    for side in (ANA, CARLA):
        assert see(because, side) == see(plain, side)


@pytest.mark.servers
@pytest.mark.parametrize("how", ["quietly", "not_well_enough", "wish_you_well"])
async def test_over_http_only_a_kind_answer_shows_before_its_time(circle: Circle, how: str) -> None:
    id_ = await circle.asked()
    before = (await circle.read(circle.ana, id_)).content
    ok(await circle.world.post(circle.vera, f"{ROOT}/{id_}/decline", {"how": how}))
    after = await circle.read(circle.ana, id_)
    kindly = how == "wish_you_well"
    assert (after.content == before) == (not kindly)
    assert ok(after)["kind_answer"] == (how if kindly else None)
    assert ok(await circle.read(circle.vera, id_))["my_reason"] == (how if how == "not_well_enough" else None)
    assert [event.kind_answer for event in await circle.told("IntroductionClosed")] == ([how] if kindly else [])
    ok(await circle.ask(), 201) if kindly else problem(await circle.ask())


@pytest.mark.servers
async def test_over_http_a_reason_is_kept_with_the_withdrawal(circle: Circle) -> None:
    id_ = await circle.vouched()
    refused = await circle.world.post(circle.vera, f"{ROOT}/{id_}/withdraw-vouch", {"reason": "whim"})
    assert refused.json()["fields"][0]["field"] == "reason"
    ok(await circle.world.post(circle.vera, f"{ROOT}/{id_}/withdraw-vouch", {"reason": "know_more"}))
    told = [ok(await circle.read(member, id_))["my_reason"] for member in (circle.vera, circle.ana, circle.carla)]
    assert told == ["know_more", None, None]


@pytest.mark.servers
async def test_over_http_she_alone_lists_what_she_withdrew_with_a_reason(circle: Circle) -> None:
    declined = await circle.asked()
    ok(await circle.world.post(circle.vera, f"{ROOT}/{declined}/decline", {"how": "not_well_enough"}))
    without, with_one = [await circle.proposed() for _ in range(2)]
    ok(await circle.do(circle.vera, without, "withdraw-vouch"))
    ok(await circle.world.post(circle.vera, f"{ROOT}/{with_one}/withdraw-vouch", {"reason": "too_quickly"}))
    lists = [ok(await circle.world.get(member, "/v1/me/withdrawn-vouches"))["items"] for member in circle.three]
    assert [[(one["id"], one["my_reason"]) for one in items] for items in lists] == [[], [(with_one, "too_quickly")], []]
