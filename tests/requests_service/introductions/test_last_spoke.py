"""When a voucher last spoke with each: more than two years ago dates her words, wherever they are read; the rest stays with her."""

from uuid import uuid4

import pytest

from services.requests.introductions.domain import answering, correcting, vouching
from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.records import from_row, to_row
from shared.contracts.events.requests import IntroductionConfirmed, IntroductionVouched, WordsCorrected
from shared.contracts.http.requests.connections import LastSpoke
from tests.requests_service.introductions.circle import CORRECTED, CORRECTION, ROOT, WORDS, Circle
from tests.requests_service.introductions.examples import ANA, AT, CARLA, GOOD, SIDES, STRANGER, THREE, VERA, asked, knows
from tests.requests_service.introductions.examples import WORDS as BOTH
from tests.requests_service.introductions.test_views import see
from tests.requests_service.world import ok

LONG: dict[object, LastSpoke | None] = {ANA: "longer", CARLA: "two_years"}


def long_ago() -> tuple[Introduction, IntroductionVouched]:
    after, [told] = vouching.vouch(asked(), VERA, BOTH, AT, GOOD, show_why_her=False, last_spoke={ANA: "longer", CARLA: "two_years"})
    assert isinstance(told, IntroductionVouched)
    return after, told


def test_only_more_than_two_years_dates_her_words_for_all_three_and_in_every_letter() -> None:
    after, told = long_ago()
    assert told.long_ago == (ANA,)
    assert [see(after, reader).long_ago for reader in THREE] == [(ANA,)] * 3
    made = answering.confirm(after, CARLA, AT)[1]
    assert [event.long_ago for event in made if isinstance(event, IntroductionConfirmed)] == [(ANA,)]
    waits = correcting.ask_correction(after, CARLA, CORRECTION, AT)[0]
    corrected = correcting.correct(waits, VERA, dict.fromkeys(SIDES, CORRECTED), AT)[1]
    assert [event.long_ago for event in corrected if isinstance(event, WordsCorrected)] == [(ANA,)]
    assert from_row(to_row(after)) == after


@pytest.mark.parametrize("said", ["month", "year", "two_years", None])
def test_whatever_else_she_said_changes_nothing_for_anyone(said: LastSpoke | None) -> None:
    plain = vouching.vouch(before := asked(), VERA, BOTH, AT, GOOD, show_why_her=False)
    told = vouching.vouch(before, VERA, BOTH, AT, GOOD, show_why_her=False, last_spoke={ANA: said, STRANGER: "longer"})
    assert told[1] == plain[1]
    assert [see(told[0], reader) for reader in THREE] == [see(plain[0], reader) for reader in THREE]


def test_a_proposal_is_dated_too() -> None:
    made, [told] = vouching.propose(uuid4(), voucher=VERA, side_ids=SIDES, words_for=BOTH, at=AT, her=GOOD, last_spoke={CARLA: "longer"})
    assert isinstance(told, IntroductionVouched)
    assert told.long_ago == made.long_ago == (CARLA,)


def test_how_many_more_she_can_vouch_for_is_told_to_her_alone_and_while_she_is_asked() -> None:
    her = knows("know_well", "know_well", 4)
    assert [see(asked(), reader, her=her).vouches_left for reader in (ANA, VERA)] == [None, 1]
    assert see(asked(), VERA, her=knows("know_well", "know_well", 3, "mixed")).vouches_left == 0
    assert see(long_ago()[0], VERA, her=her).vouches_left is None


@pytest.mark.servers
async def test_over_http_with_a_vouch_and_with_a_proposal(circle: Circle) -> None:
    sides = [str(circle.ana), str(circle.carla)]
    words = {"words_for": dict.fromkeys(sides, WORDS), "last_spoke": {sides[0]: "", sides[1]: "longer"}}
    assert ok(await circle.world.get(circle.vera, f"/v1/connections/{sides[0]}/proposals/{sides[1]}"))["vouches_left"] == 5
    made = ok(await circle.world.post(circle.vera, f"{ROOT}/proposals", {"side_ids": sides, **words}), 201)["id"]
    asked_for = await circle.asked()
    assert ok(await circle.read(circle.vera, asked_for))["vouches_left"] == 4
    ok(await circle.world.post(circle.vera, f"{ROOT}/{asked_for}/vouch", words))
    for id_ in (made, asked_for):
        assert ok(await circle.read(circle.ana, id_))["long_ago"] == [sides[1]]
    refused = await circle.world.post(circle.vera, f"{ROOT}/proposals", {"side_ids": sides, **words, "last_spoke": {sides[0]: "never"}})
    assert refused.json()["fields"][0]["field"] == f"last_spoke.{sides[0]}"
