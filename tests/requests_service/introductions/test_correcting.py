"""What is said of a side, corrected: asked for once and privately, and whoever had said yes is asked anew."""

import asyncio
from uuid import UUID

import pytest

from services.requests.introductions.domain import answering, correcting, ending
from services.requests.introductions.domain.introduction import Introduction
from shared.contracts.events.requests import CorrectionAsked, IntroductionConfirmed, WordsCorrected
from shared.contracts.http.requests.introduction_problems import (
    AlreadyConfirmed,
    AskedToCorrect,
    NotNow,
    Suspended,
    WordsChanged,
    WordsForBoth,
)
from tests.requests_service.introductions.circle import CORRECTED, CORRECTION, WORDS, Circle
from tests.requests_service.introductions.examples import (
    ANA,
    AT,
    CARLA,
    HOUR,
    SIDES,
    VERA,
    asked,
    confirmed,
    names,
    proposed,
    record,
    vouched,
)
from tests.requests_service.introductions.test_views import see
from tests.requests_service.world import ok, problem

NEW = dict.fromkeys(SIDES, CORRECTED)


def test_only_the_voucher_hears_what_a_side_asks_her_to_correct() -> None:
    after, [told] = correcting.ask_correction(vouched(), CARLA, CORRECTION, AT)
    assert isinstance(told, CorrectionAsked)
    assert (told.by_id, told.words, told.closes_at) == (CARLA, CORRECTION, after.expires_at)
    assert [(one.from_.id, one.text, one.corrected) for one in see(after, VERA).corrections] == [(CARLA, CORRECTION, False)]
    assert [one.text for one in see(after, CARLA).corrections] == [CORRECTION]
    assert see(after, ANA) == see(vouched().changed(id=after.id), ANA)
    assert see(after, VERA).actions == ["correct", "withdraw_vouch"]


def test_she_asks_once_and_not_after_her_no_or_before_the_vouch() -> None:
    once = correcting.ask_correction(vouched(), CARLA, CORRECTION, AT)[0]
    assert correcting.ask_correction(once, CARLA, CORRECTION, AT + HOUR) == (once, [])
    with pytest.raises(AskedToCorrect):
        correcting.ask_correction(once, CARLA, "Something else is wrong as well.", AT)
    with pytest.raises(NotNow):
        correcting.ask_correction(answering.pass_(vouched(), CARLA, AT)[0], CARLA, CORRECTION, AT)
    with pytest.raises(NotNow):
        correcting.ask_correction(asked(), ANA, CORRECTION, AT)
    with pytest.raises(AlreadyConfirmed):
        correcting.ask_correction(confirmed(), ANA, CORRECTION, AT)
    with pytest.raises(Suspended):
        correcting.ask_correction(vouched(), CARLA, CORRECTION, AT, suspended={CARLA})


@pytest.mark.parametrize("yes", [answering.confirm(proposed(), ANA, AT)[0], vouched()], ids=["a side", "the asker"])
def test_corrected_words_ask_anew_whoever_had_said_yes(yes: Introduction) -> None:
    waits = correcting.ask_correction(yes, CARLA, CORRECTION, AT)[0]
    after, [told] = correcting.correct(waits, VERA, NEW, AT + HOUR)
    assert isinstance(told, WordsCorrected)
    assert (told.words_for, told.ask_again, told.closes_at) == (NEW, (ANA,), waits.expires_at)
    assert (after.side(ANA).said, see(after, ANA).words_for, see(after, ANA).corrected_at) == (None, NEW, AT + HOUR)
    assert see(after, ANA).corrections == []
    one, events = answering.confirm(after, CARLA, AT + HOUR)
    assert events == []
    both, [made] = answering.confirm(one, ANA, AT + HOUR, version=1)
    assert isinstance(made, IntroductionConfirmed)
    assert (made.words_for, both.confirmed_at) == (NEW, AT + HOUR)


def test_a_no_stays_a_no_and_who_blocked_is_asked_nothing() -> None:
    waits = correcting.ask_correction(answering.confirm(proposed(), CARLA, AT)[0], CARLA, CORRECTION, AT)[0]
    for quiet in (answering.pass_(waits, CARLA, AT)[0], ending.block(waits, CARLA, VERA, AT), ending.leave(waits, CARLA, AT)):
        after, [told] = correcting.correct(quiet, VERA, NEW, AT)
        assert isinstance(told, WordsCorrected)
        assert told.ask_again == ()
        assert after.first_no == quiet.first_no


def test_the_voucher_corrects_once_for_each_who_asked_and_the_same_words_change_nothing() -> None:
    before = vouched()
    with pytest.raises(NotNow):
        correcting.correct(before, VERA, NEW, AT)
    waits = correcting.ask_correction(before, CARLA, CORRECTION, AT)[0]
    assert correcting.correct(waits, VERA, waits.words_for(), AT) == (waits, [])
    with pytest.raises(WordsForBoth):
        correcting.correct(waits, VERA, {ANA: CORRECTED}, AT)
    with pytest.raises(Suspended):
        correcting.correct(waits, VERA, NEW, AT, suspended={VERA})
    once = correcting.correct(waits, VERA, NEW, AT)[0]
    assert correcting.correct(once, VERA, NEW, AT) == (once, [])
    with pytest.raises(NotNow):
        correcting.correct(once, VERA, before.words_for(), AT)
    again = correcting.ask_correction(once, ANA, CORRECTION, AT)[0]
    assert len(correcting.correct(again, VERA, before.words_for(), AT)[0].corrected) == 2


def test_a_yes_to_words_that_have_changed_is_refused() -> None:
    after = correcting.correct(correcting.ask_correction(vouched(), CARLA, CORRECTION, AT)[0], VERA, NEW, AT)[0]
    for side in SIDES:
        with pytest.raises(WordsChanged):
            answering.confirm(after, side, AT, version=0)
    assert answering.confirm(after, CARLA, AT)[0].side(CARLA).said == "confirmed", "a caller may say nothing of it"
    assert record(after).exists_for(CARLA)


@pytest.mark.servers
async def test_over_http_from_the_correction_to_the_yes(circle: Circle) -> None:
    id_ = await circle.vouched()
    ok(await circle.ask_correction(circle.carla, id_))
    assert ok(await circle.read(circle.vera, id_))["corrections"][0]["text"] == CORRECTION
    for other in (circle.ana, circle.vera):
        assert problem(await circle.world.post(other, f"/v1/introductions/{id_}/correction", {"correction": ""}))[0] in (403, 422)
    ok(await circle.correct(id_))
    stale = await circle.world.post(circle.carla, f"/v1/introductions/{id_}/confirm", {"words_version": 0})
    assert problem(stale) == (409, "words_changed")
    for side in (circle.carla, circle.ana):
        assert ok(await circle.read(side, id_))["words_version"] == 1
        ok(await circle.world.post(side, f"/v1/introductions/{id_}/confirm", {"words_version": 1}))
    assert names(await circle.told()) == [
        "IntroductionAsked",
        "IntroductionVouched",
        "CorrectionAsked",
        "WordsCorrected",
        "IntroductionConfirmed",
    ]
    [made] = await circle.told("IntroductionConfirmed")
    assert set(made.words_for.values()) == {CORRECTED}


@pytest.mark.servers
async def test_of_a_yes_and_a_correction_at_once_nobody_is_introduced_with_words_she_never_read(circle: Circle) -> None:
    async def yes(side: UUID, id_: str) -> object:
        return await circle.world.post(side, f"/v1/introductions/{id_}/confirm", {"words_version": 0})

    for _ in range(8):
        circle.world.clock.move(days=366)
        id_ = await circle.proposed()
        ok(await circle.ask_correction(circle.ana, id_))
        await asyncio.gather(yes(circle.ana, id_), circle.correct(id_), yes(circle.carla, id_))
        shown = ok(await circle.read(circle.vera, id_))
        made = [event for event in await circle.told("IntroductionConfirmed") if str(event.introduction_id) == id_]
        assert bool(made) == (shown["state"] == "confirmed")
        assert all(set(event.words_for.values()) == {WORDS} for event in made)
        if not made:
            assert shown["words_version"] == 1
