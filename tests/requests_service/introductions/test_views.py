"""What each reader may see, and what nobody may."""

from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from services.requests.introductions.domain import answering, ending, outcomes, vouching
from services.requests.introductions.domain.introduction import NOBODY, Introduction
from services.requests.introductions.domain.vouching import VoucherRecord
from services.requests.introductions.records import IntroductionRecord
from services.requests.introductions.views import view
from shared.contracts.http.base import Card
from shared.contracts.http.requests.introductions import IntroductionView, WhereMet
from tests.requests_service.introductions.examples import (
    ANA,
    AT,
    CARDS,
    CARLA,
    DAY,
    GOOD,
    HOUR,
    SIDES,
    SILENT_UNTIL,
    STRANGER,
    THREE,
    VERA,
    WHY,
    WORDS,
    asked,
    confirmed,
    knows,
    proposed,
    record,
    said,
    vouched,
)

NEED_GOOD_STANDING = {"vouch", "decline_kindly", "confirm", "ask_correction", "say_outcome"}


def see(
    one: Introduction, reader: UUID, *, at: datetime = AT, suspended: Set[UUID] = NOBODY, her: VoucherRecord = GOOD
) -> IntroductionView:
    return view(record(one, suspended), reader, at, her)


def is_there(one: Introduction, reader: UUID, cards: Mapping[UUID, Card], cannot_see_all: Set[UUID]) -> bool:
    return IntroductionRecord(one, dict(cards), frozenset(), frozenset(cannot_see_all)).exists_for(reader)


def all_but_own_answer(one: Introduction, reader: UUID) -> dict[str, Any]:
    return see(one, reader).model_dump(exclude={"id"})


@pytest.mark.parametrize("quiet", [ANA, CARLA])
def test_nobody_sees_whether_the_other_side_has_said_yes_or_no(quiet: UUID) -> None:
    """The same proposal with the other side silent, saying yes, saying no, and taking a yes back: all look alike."""
    teller = CARLA if quiet == ANA else ANA
    base = proposed()
    tales = [
        base,
        answering.confirm(base, teller, AT + HOUR)[0],
        answering.pass_(base, teller, AT + HOUR)[0],
        answering.pass_(answering.confirm(base, teller, AT + HOUR)[0], teller, AT + HOUR)[0],
        ending.block(base, teller, quiet, AT + HOUR),
        ending.leave(base, teller, AT + HOUR),
    ]
    for reader in (VERA, quiet):
        for at in (AT + HOUR, SILENT_UNTIL - HOUR, SILENT_UNTIL, SILENT_UNTIL + DAY):
            assert all(see(tale, reader, at=at) == see(base, reader, at=at) for tale in tales)


def test_the_voucher_cannot_see_a_sides_answer_in_an_ask_and_the_asker_cannot_either() -> None:
    passed = answering.pass_(vouched(), CARLA, AT)[0]
    for reader in (VERA, ANA):
        assert all_but_own_answer(passed, reader) == all_but_own_answer(vouched(), reader)
    declined = ending.decline(asked(), VERA, AT)[0]
    assert all_but_own_answer(declined, ANA) == all_but_own_answer(asked(), ANA)


def test_she_herself_sees_what_she_said() -> None:
    passed = see(answering.pass_(vouched(), CARLA, AT + HOUR)[0], CARLA)
    assert (passed.state, passed.my_answer, passed.closed_at, passed.actions) == ("closed", "passed", AT + HOUR, ["confirm"])
    declined = see(ending.decline(asked(), VERA, AT + HOUR)[0], VERA)
    assert (declined.state, declined.my_answer, declined.actions) == ("closed", "declined", ["vouch", "decline_kindly"])
    assert see(ending.decline(asked(), VERA, AT)[0], VERA, at=SILENT_UNTIL).actions == []
    yes = see(answering.confirm(proposed(), ANA, AT)[0], ANA)
    assert (yes.state, yes.my_answer, yes.actions) == ("vouched", "confirmed", ["pass", "ask_correction"])


def test_the_counterpart_finds_nothing_before_the_vouch_and_strangers_never() -> None:
    none: set[UUID] = set()
    assert not is_there(asked(), CARLA, CARDS, none)
    assert is_there(vouched(), CARLA, CARDS, none)
    assert all(is_there(asked(), reader, CARDS, none) for reader in (ANA, VERA))
    for one in (asked(), vouched(), proposed(), confirmed()):
        assert not is_there(one, STRANGER, CARDS, none)


def test_where_one_of_the_three_does_not_exist_for_her_a_confirmed_one_does_not_either() -> None:
    assert not is_there(confirmed(), ANA, CARDS, {ANA, CARLA})
    assert is_there(confirmed(), VERA, CARDS, {ANA, CARLA})
    assert not is_there(confirmed(), VERA, {id_: CARDS[id_] for id_ in (VERA, ANA)}, set())


@pytest.mark.parametrize(("blocker", "blocked"), [(ANA, CARLA), (CARLA, ANA), (ANA, VERA), (VERA, CARLA)])
def test_who_blocks_finds_nothing_from_then_on_and_the_others_find_what_they_found(blocker: UUID, blocked: UUID) -> None:
    one = ending.block(vouched(), blocker, blocked, AT)
    assert not is_there(one, blocker, CARDS, set())
    for reader in set(THREE) - {blocker}:
        assert is_there(one, reader, CARDS, set())
        assert all_but_own_answer(one, reader) == all_but_own_answer(vouched(), reader)


def test_the_counterpart_never_gets_to_see_an_ask_of_someone_who_blocked_her_before_the_vouch() -> None:
    one = vouching.vouch(ending.block(asked(), ANA, CARLA, AT), VERA, WORDS, AT, GOOD, show_why_her=False)
    assert one[1] == []
    assert not is_there(one[0], CARLA, CARDS, set())
    assert is_there(one[0], VERA, CARDS, set())


def test_a_block_after_its_end_takes_it_from_both() -> None:
    one = ending.block(vouched(), ANA, CARLA, SILENT_UNTIL)
    assert [is_there(one, reader, CARDS, set()) for reader in (ANA, VERA, CARLA)] == [False, True, False]


def test_each_side_reads_the_words_for_her_and_then_those_about_her() -> None:
    for one in (vouched(), proposed(), confirmed()):
        for reader in THREE:
            assert see(one, reader).words_for == WORDS
        for side, other in (SIDES, SIDES[::-1]):
            assert list(see(one, side).words_for) == [side, other]
    assert see(asked(), ANA).words_for == {}


@pytest.mark.parametrize(("shown", "counterpart_reads"), [(True, WHY), (False, None)])
def test_why_her_is_for_the_voucher_and_for_the_counterpart_only_where_it_was_shown(shown: bool, counterpart_reads: str | None) -> None:
    one = vouched(show_why_her=shown)
    assert [see(one, reader).why_her for reader in (ANA, VERA, CARLA)] == [WHY, WHY, counterpart_reads]


@pytest.mark.parametrize(
    ("make", "actions"),
    [
        (asked, {ANA: ["withdraw"], VERA: ["vouch", "decline", "decline_kindly"]}),
        (vouched, {ANA: ["withdraw", "ask_correction"], VERA: ["withdraw_vouch"], CARLA: ["confirm", "pass", "ask_correction"]}),
        (proposed, {VERA: ["withdraw_vouch"], **{side: ["confirm", "pass", "ask_correction"] for side in SIDES}}),
        (confirmed, {ANA: ["say_outcome"], VERA: [], CARLA: ["say_outcome"]}),
    ],
)
def test_what_each_can_do_now(make: Callable[[], Introduction], actions: dict[UUID, list[str]]) -> None:
    for reader, expected in actions.items():
        assert see(make(), reader).actions == expected
        assert set(see(make(), reader, suspended={reader}).actions) == set(expected) - {
            "vouch",
            "decline_kindly",
            "confirm",
            "ask_correction",
            "say_outcome",
        }


def test_what_stands_in_her_way_is_told_to_the_voucher_alone_and_only_while_she_could_vouch() -> None:
    met = WhereMet(how_met="work", where_we_met="At the harbour office.")
    too_little = knows("know_well", "met")
    hers = see(asked(), VERA, her=too_little)
    assert (hers.cannot_vouch, hers.actions, hers.connection_with_asker) == ("know_both_better", ["decline", "decline_kindly"], met)
    assert see(vouched(), VERA, her=too_little).cannot_vouch is None
    anas = see(asked(), ANA, her=too_little)
    assert (anas.cannot_vouch, anas.connection_with_asker) == (None, None)


def test_a_connection_lost_by_a_quiet_no_does_not_stand_in_her_way_on_her_page() -> None:
    hers = see(ending.leave(asked(), CARLA, AT), VERA, her=knows("know_well", None))
    assert (hers.cannot_vouch, hers.actions) == (None, ["vouch", "decline", "decline_kindly"])
    assert see(asked(), VERA, her=knows("know_well", None)).cannot_vouch == "not_connected_to_both"


def test_the_voucher_sees_that_it_went_well_only_where_both_say_so_and_the_sides_never_see_each_other() -> None:
    one = outcomes.say_outcome(confirmed(), ANA, said("worthwhile", thank_you="Thank you, Vera."))[0]
    assert all_but_own_answer(one, VERA) == all_but_own_answer(confirmed(), VERA)
    assert all_but_own_answer(one, CARLA) == all_but_own_answer(confirmed(), CARLA)
    bad = outcomes.say_outcome(one, CARLA, said("misconduct"))[0]
    mixed = see(bad, VERA)
    assert (mixed.went_well, mixed.thank_yous, mixed.my_outcome) == (False, [], None)
    assert all_but_own_answer(bad, VERA) == all_but_own_answer(confirmed(), VERA), "not even that both have answered"
    assert see(bad, VERA, at=AT + 35 * DAY).state == "settled"
    good = outcomes.say_outcome(one, CARLA, said("worthwhile"))[0]
    assert see(good, VERA).went_well
    assert [(thanks.from_.id, thanks.text) for thanks in see(good, VERA).thank_yous] == [(ANA, "Thank you, Vera.")]
    for reader, own in ((ANA, "worthwhile"), (CARLA, "worthwhile")):
        shown = see(good, reader)
        assert (shown.went_well, shown.thank_yous, shown.my_outcome) == (False, [], own)
    assert see(bad, ANA).model_dump(exclude={"id"}) == see(good, ANA).model_dump(exclude={"id"})


def test_every_end_is_shown_alike() -> None:
    ends = [
        ending.decline(asked(), VERA, AT)[0],
        ending.block(asked(), CARLA, ANA, AT),
        asked(),
    ]
    shown = [all_but_own_answer(ending.expire(end, SILENT_UNTIL)[0], ANA) for end in ends]
    assert shown[0] == shown[1] == shown[2]
    assert (shown[0]["state"], shown[0]["closed_at"]) == ("closed", SILENT_UNTIL)
