"""What of events is kept, and which introductions went well."""

from typing import Any

import pytest

from services.reputation.ledger.domain import ratings_of, went_well
from shared.contracts.events.base import Event
from shared.contracts.events.requests import OutcomeAnswer
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, confirmed, intro, revealed, upheld, vouched, withdrawn

PAIR = (BEA, CARLA)


def test_each_word_is_about_the_voucher_and_about_the_other_side() -> None:
    ratings = ratings_of(revealed(ANA, PAIR, ["worthwhile", "not_as_described"]))
    assert {(rating.member_id, rating.rater_id, rating.role, rating.value) for rating in ratings} == {
        (ANA, BEA, "voucher", "good"),
        (CARLA, BEA, "side", "good"),
        (ANA, CARLA, "voucher", "bad"),
        (BEA, CARLA, "side", "bad"),
    }


@pytest.mark.parametrize("answers", [["did_not_meet", "misconduct"], [None, None]])
def test_no_answer_but_worthwhile_and_not_as_described_is_kept(answers: list[OutcomeAnswer | None]) -> None:
    assert ratings_of(revealed(ANA, PAIR, answers)) == []


def test_an_answer_of_no_side_is_not_kept() -> None:
    event = revealed(ANA, PAIR, ["worthwhile", "worthwhile"])
    assert ratings_of(event.model_copy(update={"answers": {EVA: "worthwhile"}})) == []


def test_a_late_worthwhile_completes_the_pair_in_either_order() -> None:
    first = revealed(ANA, PAIR, ["worthwhile", None], version=4)
    late = revealed(ANA, PAIR, [None, "worthwhile"], version=5, days=9)
    for events in ((first, late), (late, first)):
        assert went_well(rating for event in events for rating in ratings_of(event)) == {intro(1): late.occurred_at}
    assert went_well(ratings_of(first)) == went_well(ratings_of(late)) == {}


REPORT = upheld(ANA, BEA)
TOLD: list[tuple[Event, set[tuple[Any, ...]]]] = [
    (vouched(ANA, PAIR), {(ANA, BEA, True, 1, "vouch"), (ANA, CARLA, True, 1, "vouch")}),
    (vouched(ANA, PAIR, to=(CARLA,)), {(ANA, CARLA, True, 1, "vouch")}),
    (withdrawn(ANA, PAIR), {(ANA, BEA, False, 1, "vouch"), (ANA, CARLA, False, 1, "vouch")}),
    (withdrawn(ANA, PAIR, not_for=(BEA,)), {(ANA, CARLA, False, 1, "vouch")}),
    (REPORT, {(REPORT.aggregate_id, ANA, False, 2, "report"), (BEA, ANA, False, 1, "vouch")}),
    (confirmed(DINA, PAIR), set()),
]


@pytest.mark.parametrize(("event", "words"), TOLD, ids=lambda value: type(value).__name__)
def test_vouches_reports_and_releases_count_as_they_are(event: Event, words: set[tuple[Any, ...]]) -> None:
    """What hasn't reached a side yet says nothing in her score."""
    assert {(word.rater, word.about, word.good, word.weight, word.kind) for word in (one.evidence for one in ratings_of(event))} == words
