"""What of the ledger counts: only what both found worthwhile, one voice a woman, whatever the order."""

from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.reputation import trust
from services.reputation.ledger.domain import ratings_of
from services.reputation.scores import domain
from services.reputation.scores.domain import Pair
from shared.contracts.events.requests import OutcomeAnswer, OutcomesRevealed
from tests.reputation.examples import ANA, BEA, CARLA, DINA, EVA, T, revealed

LIVES = trust.HalfLives()


def voices(*events: OutcomesRevealed) -> dict[Pair, domain.Voice]:
    return domain.voices([rating for event in events for rating in ratings_of(event)])


def sums(*events: OutcomesRevealed) -> dict[tuple[UUID, trust.Bucket], int]:
    return domain.moves({}, domain.entries([rating for event in events for rating in ratings_of(event)], LIVES))


def kinds(member: object, *events: OutcomesRevealed) -> list[trust.Kind]:
    return sorted(voice.kind for pair, voice in voices(*events).items() if pair.member_id == member)


def test_both_found_it_worthwhile_is_one_good_voice_each() -> None:
    assert kinds(ANA, revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"])) == ["good", "good"]


def test_nothing_counts_unless_both_found_it_worthwhile() -> None:
    for answers in (
        ["worthwhile", None],
        ["worthwhile", "did_not_meet"],
        ["worthwhile", "not_as_described"],
        ["worthwhile", "misconduct"],
        ["not_as_described", "not_as_described"],
    ):
        assert voices(revealed(ANA, (BEA, CARLA), answers)) == {}  # type: ignore[arg-type]  # a list of literals widens to str


def test_a_late_worthwhile_completes_the_pair_in_either_order() -> None:
    first = revealed(ANA, (BEA, CARLA), ["worthwhile", None], version=4)
    late = revealed(ANA, (BEA, CARLA), [None, "worthwhile"], version=5, days=9)
    assert kinds(ANA, first) == kinds(ANA, late) == []
    assert voices(first, late) == voices(late, first)
    assert kinds(ANA, first, late) == ["good", "good"]
    assert sorted(voice.at for voice in voices(first, late).values()) == [first.occurred_at, late.occurred_at]


def test_no_answer_but_worthwhile_and_not_as_described_is_evidence() -> None:
    assert ratings_of(revealed(ANA, (BEA, CARLA), ["did_not_meet", "misconduct"])) == []
    assert ratings_of(revealed(ANA, (BEA, CARLA), [None, None])) == []


def test_each_word_is_about_the_voucher_and_about_the_other_side() -> None:
    ratings = ratings_of(revealed(ANA, (BEA, CARLA), ["worthwhile", "not_as_described"]))
    assert {(rating.member_id, rating.rater_id, rating.role, rating.value) for rating in ratings} == {
        (ANA, BEA, "voucher", "good"),
        (CARLA, BEA, "side", "good"),
        (ANA, CARLA, "voucher", "bad"),
        (BEA, CARLA, "side", "bad"),
    }


def test_an_answer_of_no_side_is_no_evidence() -> None:
    event = revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"])
    foreign = event.model_copy(update={"answers": {EVA: "worthwhile"}})
    assert ratings_of(foreign) == []


def test_one_woman_has_one_voice_and_the_later_one_counts() -> None:
    once = revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1)
    again = revealed(ANA, (BEA, DINA), ["worthwhile", "worthwhile"], number=2, days=30)
    assert len(voices(once, again)) == 3
    assert voices(once, again)[Pair(ANA, BEA)].at == again.occurred_at


def test_a_later_word_that_does_not_show_replaces_nothing_that_does() -> None:
    well = revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1)
    badly = revealed(ANA, (BEA, DINA), ["not_as_described", "worthwhile"], number=2, days=30)
    assert voices(well, badly) == voices(well)


def test_ties_go_by_event_id() -> None:
    hers = revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1)
    found_good = revealed(BEA, (ANA, DINA), ["worthwhile", None], number=2)
    for number in range(3, 9):
        found_bad = revealed(BEA, (ANA, DINA), ["not_as_described", None], number=number)
        kind = "mutual" if found_good.id > found_bad.id else "good"
        assert voices(hers, found_good, found_bad)[Pair(ANA, BEA)].kind == kind
        assert voices(found_bad, found_good, hers)[Pair(ANA, BEA)].kind == kind


def test_two_who_praise_each_other_are_mutual() -> None:
    hers = revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1)
    back = revealed(BEA, (ANA, DINA), ["worthwhile", "worthwhile"], number=2, days=5)
    assert kinds(ANA, hers, back) == ["good", "mutual"]
    assert kinds(BEA, hers, back) == ["good", "mutual"]
    assert voices(hers, back)[Pair(ANA, BEA)].kind == "mutual"


def test_meeting_her_and_finding_it_worthwhile_makes_a_good_pair_too() -> None:
    hers = revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1)
    met = revealed(EVA, (ANA, BEA), ["worthwhile", None], number=2, days=5)
    assert voices(hers, met)[Pair(ANA, BEA)].kind == "mutual"


def test_whether_a_pair_is_mutual_turns_on_her_own_word_alone() -> None:
    """Otherwise the move of a line would tell her what the other side answered."""
    hers = revealed(ANA, (BEA, CARLA), ["worthwhile", "worthwhile"], number=1)
    answers: list[OutcomeAnswer | None] = ["worthwhile", "did_not_meet", "not_as_described", None]
    seen = {tuple(kinds(ANA, hers, revealed(EVA, (ANA, BEA), ["worthwhile", answer], number=2, days=5))) for answer in answers}
    assert seen == {("good", "mutual")}


MEMBERS = (ANA, BEA, CARLA, DINA, EVA)
ANSWERS: tuple[OutcomeAnswer | None, ...] = ("worthwhile", "worthwhile", "did_not_meet", "not_as_described", None)


@st.composite
def journeys(draw: st.DrawFn) -> list[OutcomesRevealed]:
    """Introductions among five women, some told in two events."""
    events: list[OutcomesRevealed] = []
    for number in range(draw(st.integers(1, 8))):
        voucher, *sides = draw(st.permutations(MEMBERS))[:3]
        pair = (sides[0], sides[1])
        answers = [draw(st.sampled_from(ANSWERS)), draw(st.sampled_from(ANSWERS))]
        days = draw(st.integers(0, 400))
        events.append(revealed(voucher, pair, answers, number=number, days=days))
        if None in answers and draw(st.booleans()):
            late: list[OutcomeAnswer | None] = ["worthwhile" if answer is None else None for answer in answers]
            events.append(revealed(voucher, pair, late, number=number, days=days + 3, version=5))
    return events


@given(journeys(), st.randoms())
def test_order_and_repetition_change_no_bit(events: list[OutcomesRevealed], random: Random) -> None:
    again = events + random.choices(events, k=3)
    random.shuffle(again)
    assert sums(*again) == sums(*events)


@given(journeys())
def test_nobody_has_more_voices_than_women_who_spoke_of_her(events: list[OutcomesRevealed]) -> None:
    for pair, voice in voices(*events).items():
        assert pair.rater_id != pair.member_id
        assert voice.kind != "bad"
        assert voice.at >= T
