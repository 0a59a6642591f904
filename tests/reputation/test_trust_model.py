"""Trust in memory: its words and figures by hand, and what holds for every history. No server, no clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reputation.trust import PRODUCT, Evidence, FromTheFuture, OfHerself, Refused, Settings, Trust
from services.reputation.trust.tenure import known_elsewhere
from shared.contracts.events.reputation import Band
from tests.reputation.examples import T

ALPHA = Settings(tiers=16, experience_rounds=3, experience_over=0.1, independence=1, blame_in_full=True, round_down=True)
MEMBERS = range(8)
WORDS = st.lists(
    st.builds(
        lambda rater, step, good, days, weight, kind: (rater, (rater + step) % len(MEMBERS), good, T - timedelta(days=days), weight, kind),
        st.sampled_from(MEMBERS),
        st.integers(1, len(MEMBERS) - 1),
        st.booleans(),
        st.integers(0, 400),
        st.sampled_from([1, 2]),
        st.sampled_from(["voucher", "voucher", "side", "report", "vouch"]),
    ),
    max_size=30,
).map(lambda words: [Evidence(id_, *word) for id_, word in enumerate(words)])
SOON = replace(PRODUCT, doubling=1, known_to=1)
"""Branches count twice in many histories."""
SETTINGS = st.sampled_from([Settings(), ALPHA, PRODUCT, SOON])


def placed(member: int) -> tuple[int, datetime]:
    """Two members a branch, and two who are new."""
    return member // 2, T - timedelta(days=30 if member > 5 else 900)


def days(count: float) -> datetime:
    return T - timedelta(days=count)


def good(id_: int, rater: int, about: int, ago: float = 0, **more: Any) -> Evidence:
    return Evidence(id_, rater, about, True, days(ago), **more)


def bad(id_: int, rater: int, about: int, ago: float = 0, **more: Any) -> Evidence:
    return Evidence(id_, rater, about, False, days(ago), **more)


def trust(*words: Evidence, model: Settings = PRODUCT, anchors: tuple[int, ...] = (0,), branches: bool = True) -> Trust:
    """After a night at T. Each member is a branch, and has been a member for 900 days; from 50 on, for 30."""
    made = Trust(anchors, model, lambda member: (member // 10 if branches else member, days(30 if member >= 50 else 900)))
    for word in words:
        made.record(word)
    made.settle(T)
    return made


# --- every history ---


@settings(max_examples=150, deadline=None)
@given(WORDS, SETTINGS, st.data())
def test_order_repetition_and_nights_in_between_show_in_no_bit(words: list[Evidence], model: Settings, data: st.DataObject) -> None:
    plain, mixed = Trust((0, 1), model, placed), Trust((0, 1), model, placed)
    for word in words:
        plain.record(word)
    plain.settle(T)
    again = data.draw(st.permutations(words + data.draw(st.lists(st.sampled_from(words))) if words else []))
    for word in again:
        if data.draw(st.booleans()):
            mixed.settle(days(data.draw(st.integers(-10, 400))))
        mixed.record(word)
    mixed.settle(T)
    assert [mixed.sums(member) for member in MEMBERS] == [plain.sums(member) for member in MEMBERS]
    assert [mixed.score(member, T).hex() for member in MEMBERS] == [plain.score(member, T).hex() for member in MEMBERS]


@settings(max_examples=100, deadline=None)
@given(WORDS, SETTINGS, st.integers(0, 400), st.data())
def test_a_night_knows_what_was_said_until_then_whenever_it_came(
    words: list[Evidence], model: Settings, ago: int, data: st.DataObject
) -> None:
    early, late = Trust((0, 1), model, placed), Trust((0, 1), model, placed)
    early.settle(days(ago))
    for word in data.draw(st.permutations(words)):
        early.record(word)
    for word in words:
        late.record(word)
    late.settle(days(ago))
    assert [early.sums(member) for member in MEMBERS] == [late.sums(member) for member in MEMBERS]


@settings(max_examples=100, deadline=None)
@given(WORDS, SETTINGS, st.integers(0, 800))
def test_lines_add_up_to_the_score(words: list[Evidence], model: Settings, later: int) -> None:
    made, at = Trust((0, 1), model, placed), T + timedelta(days=later)
    for word in words:
        made.record(word)
    made.settle(T)
    for member in MEMBERS:
        lines = made.explain(member, at)
        assert len(lines) <= 6
        assert sum(line.points for line in lines) == pytest.approx(made.score(member, at), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(WORDS, SETTINGS, st.sampled_from(MEMBERS), st.integers(1, 7))
def test_to_vouch_moves_nothing_of_her_who_vouches(words: list[Evidence], model: Settings, voucher: int, step: int) -> None:
    made = Trust((0, 1), model, placed)
    for word in words:
        made.record(word)
    made.settle(T)
    before = made.score(voucher, T)
    reported = any(word.kind == "report" for word in words)
    made.record(Evidence(len(words), voucher, (voucher + step) % 8, True, T, kind="vouch"))
    made.settle(T)
    assert made.score(voucher, T) <= before if reported else made.score(voucher, T) == before


@settings(max_examples=100, deadline=None)
@given(WORDS, SETTINGS, st.sampled_from(MEMBERS))
def test_what_is_refused_moves_nothing(words: list[Evidence], model: Settings, member: int) -> None:
    made = Trust((0, 1), model, placed)
    for word in words:
        made.record(word, T)
    made.settle(T)
    before = [made.sums(each) for each in MEMBERS]
    refused = [(bad(99, member, member), OfHerself), (bad(99, member, (member + 1) % 8, ago=-6 / 1440), FromTheFuture)]
    for word, why in refused:
        with pytest.raises(why):
            made.record(word, T)
    made.settle(T + timedelta(days=1))
    made.settle(T)
    assert [made.sums(each) for each in MEMBERS] == before


@settings(max_examples=60, deadline=None)
@given(WORDS, st.sampled_from([PRODUCT, SOON]), st.sampled_from(MEMBERS))
def test_to_name_an_anchor_lowers_nobody(words: list[Evidence], model: Settings, named: int) -> None:
    before, after = Trust((0,), model, placed), Trust((0, named), model, placed)
    for word in words:
        before.record(word)
        after.record(word)
    before.settle(T)
    after.settle(T)
    for member in MEMBERS:
        # An outcome of hers that counts now takes the place of the newcomer's prior, which a day as a member would have done, too.
        if not before.weights(member, T).newcomer:
            assert after.score(member, T) >= before.score(member, T) - 1e-12


def test_a_second_anchor_of_a_branch_has_a_voice_of_her_own() -> None:
    words = [good(number, rater, 90) for number, rater in enumerate((1, 2))]
    one, both = trust(*words, anchors=(1,)), trust(*words, anchors=(1, 2))
    assert one.weights(90, T).good == pytest.approx(1.5)
    assert both.weights(90, T).good == pytest.approx(2)


# --- what is refused ---


def test_a_clock_may_be_five_minutes_ahead() -> None:
    Trust((), PRODUCT).record(good(1, 1, 2, ago=-5 / 1440), T)


@pytest.mark.parametrize(("why", "code"), [(OfHerself, "evidence_of_oneself"), (FromTheFuture, "evidence_from_the_future")])
def test_reasons_are_stable(why: type[Refused], code: str) -> None:
    assert why.code == code


# --- the score, by hand ---


def test_who_was_never_heard_of_has_a_half() -> None:
    assert Trust((), PRODUCT).score(7, T) == 0.5
    assert Trust((), PRODUCT).band(7, T) == "new"


def test_every_rater_counts_a_quarter_until_a_first_night() -> None:
    made = Trust((), Settings())
    made.record(good(1, 1, 2))
    assert made.score(2, T) == pytest.approx(0.75 / 1.25)


@pytest.mark.parametrize(
    ("words", "p", "q"),
    [
        ([good(1, 10, 90)], 0.5, 0.0),
        ([good(1, 0, 90)], 1.0, 0.0),  # an anchor
        ([good(1, 50, 90)], 0.0, 0.0),  # 30 days a member
        ([good(1, 10, 90), good(2, 11, 90)], 0.5, 0.0),  # one branch, one voice
        ([good(1, 10, 90), good(2, 20, 90)], 1.0, 0.0),
        ([good(1, 10, 90, ago=1095)], 0.25, 0.0),
        ([good(1, 10, 90), good(2, 90, 10)], 0.49, 0.0),  # mutual
        ([good(1, 10, 90), good(2, 90, 10), good(3, 11, 90)], 0.5, 0.0),  # mutual words have what the branch leaves
        ([good(1, 10, 90), good(2, 90, 10, kind="side")], 0.5, 0.0),  # to have met as sides is nothing mutual
        ([good(1, 10, 90, kind="side")], 0.0, 0.0),
        ([bad(1, 10, 90)], 0.0, 0.25),
        ([bad(1, 10, 90), bad(2, 11, 90)], 0.0, 0.25),
        ([bad(1, 10, 90), bad(2, 20, 90)], 0.0, 0.5),
        ([bad(1, 50, 90)], 0.0, 0.0),
        ([bad(1, 10, 90), good(2, 10, 90, ago=1)], 0.0, 0.25),  # the later word counts, whichever came first
        ([bad(1, 10, 90, ago=1), good(2, 10, 90)], 0.5, 0.0),
        ([good(1, 10, 90), bad(2, 10, 90)], 0.0, 0.25),  # of the same moment: the greater id
        ([good(1, 10, 90), good(2, 10, 90, weight=0)], 0.0, 0.0),  # taken back
        ([good(n, 10 * n, 90) for n in range(1, 5)], 2.0, 0.0),
    ],
)
def test_words_weigh_by_time_as_a_member_and_by_branch(words: list[Evidence], p: float, q: float) -> None:
    found = trust(*words).weights(90, T)
    assert [found.p, found.q] == pytest.approx([p, q])
    assert trust(*words).score(90, T) == pytest.approx((p + 0.5) / (p + 4 * q + 1))


FIVE = [good(n, n, 90) for n in (10, 11, 20, 21, 30)]


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ([good(1, 10, 90)], "building"),
        ([good(1, 10, 90, ago=1)], "new"),
        ([good(1, 10, 90, ago=400), good(2, 20, 90, ago=400)], "building"),
        (FIVE, "established"),
        ([*FIVE, bad(9, 40, 90)], "building"),
        ([good(1, 10, 90), bad(2, 20, 90)], "building"),  # the words of one branch take nothing away
        ([good(1, 10, 90), bad(2, 20, 90), bad(3, 30, 90)], "mixed"),
        ([bad(2, 20, 90)], "new"),
        ([bad(2, 20, 90), bad(3, 30, 90)], "mixed"),
    ],
)
def test_bands_of_the_product(words: list[Evidence], band: Band) -> None:
    assert trust(*words).band(90, T) == band


def test_three_women_of_three_paths_are_not_four() -> None:
    assert trust(*FIVE[:4]).band(90, T) == "building"  # four of two
    assert trust(FIVE[0], FIVE[2], FIVE[4]).band(90, T) == "building"
    assert trust(*FIVE[:3], FIVE[4]).band(90, T) == "established"


Said = Callable[..., Evidence] | None


def met(introduction: int, one: int, other: int, by_one: Callable[..., Evidence]) -> list[Evidence]:
    """What two sides say of each other: the other one that it was good."""
    of: dict[str, Any] = {"kind": "side", "introduction": introduction}
    return [by_one(90, one, other, **of), good(91, other, one, **of)]


PRAISE = [good(1, 10, 90), good(2, 11, 90)]
KNOWN_10 = [good(3, 20, 10, kind="side"), good(4, 30, 10)]
KNOWN_11 = [good(5, 20, 11), good(6, 30, 11, kind="side")]


@pytest.mark.parametrize(
    ("words", "p"),
    [
        (KNOWN_10 + KNOWN_11, 1.0),
        (KNOWN_10, 0.5),  # one
        ([*KNOWN_10, good(7, 20, 90), good(8, 30, 20), good(9, 40, 20)], 1.0),  # one in each branch: neither counts twice
        ([*KNOWN_10, good(5, 20, 11), good(6, 21, 11)], 0.5),  # to women of one path
        ([*KNOWN_10, good(5, 20, 11), good(6, 12, 11)], 0.5),  # one of them of her own
        ([*KNOWN_10, good(5, 20, 11), good(6, 50, 11)], 0.5),  # one of them 30 days a member
        ([*KNOWN_10, good(5, 20, 11), good(6, 0, 11)], 1.0),  # an anchor
        ([*KNOWN_10, *KNOWN_11, bad(9, 30, 10)], 1.0),  # what one side says later takes nothing away
        ([*KNOWN_10, good(5, 20, 11, introduction=7), good(6, 30, 11, introduction=7)], 1.0),
        ([*KNOWN_10, good(5, 20, 11, introduction=7), good(6, 30, 11, introduction=8)], 0.5),  # the other sides said nothing
        ([*KNOWN_10, good(5, 20, 11), *met(7, 11, 30, good)], 1.0),
        ([*KNOWN_10, good(5, 20, 11), *met(7, 11, 30, bad)], 0.5),  # content was she alone who met her
        ([*KNOWN_10, good(5, 20, 11), good(6, 30, 11, ago=-1)], 0.5),
        ([*KNOWN_10, good(5, 20, 11), good(6, 30, 11, kind="vouch")], 0.5),
        ([*KNOWN_10, *KNOWN_11, bad(9, 11, 90)], 0.5),  # who praises her no longer
    ],
)
def test_a_path_with_two_raters_who_are_known_elsewhere_counts_twice(words: list[Evidence], p: float) -> None:
    assert trust(*PRAISE, *words).weights(90, T).p == pytest.approx(p)


@given(
    told=st.lists(
        st.tuples(st.permutations(list(range(10, 35, 5))), st.sampled_from([(good, good), (good, bad), (good, None)])), max_size=12
    ),
    swapped=st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_who_is_known_tells_of_no_introduction_which_side_was_not_content(
    told: list[tuple[list[int], tuple[Said, Said]]], swapped: list[bool]
) -> None:
    def known(swap: list[bool]) -> frozenset[int]:
        words = []
        for number, ((women, said), other) in enumerate(zip(told, swap, strict=False)):
            voucher, *sides = women[:3]
            for rater, about, say in zip(sides, sides[::-1], said[::-1] if other else said, strict=True):
                if say:
                    words += [say(number, rater, voucher, introduction=number), say(number, rater, about, kind="side", introduction=number)]
        return known_elsewhere(words, lambda _: True, placed, PRODUCT)

    assert known(swapped) == known([False] * len(swapped))


def test_an_anchor_goes_on_doubling_the_path_she_came_by() -> None:
    words = [*PRAISE, *KNOWN_10, *KNOWN_11, good(7, 12, 90)]
    assert trust(*words).weights(90, T).p == pytest.approx(1)
    assert trust(*words, anchors=(0, 10)).weights(90, T).p == pytest.approx(2)


def test_all_that_is_said_in_a_path_that_counts_twice_is_still_bounded() -> None:
    assert trust(*PRAISE, *KNOWN_10, *KNOWN_11, *(good(n, n, 90) for n in range(12, 20))).weights(90, T).p == pytest.approx(1)


def test_without_doubling_nobody_is_known() -> None:
    assert trust(*PRAISE, *KNOWN_10, *KNOWN_11, model=replace(PRODUCT, doubling=0)).weights(90, T).p == pytest.approx(0.5)


def test_who_is_ninety_days_a_member_counts_from_the_next_night_on() -> None:
    made = Trust((), PRODUCT, lambda member: (member, days(89)))
    made.record(good(1, 10, 90))
    made.settle(T)
    assert made.score(90, T) == 0.5
    made.settle(T + timedelta(days=1))
    assert made.score(90, T) > 0.5


# --- reports, charges, newcomers ---


def report(id_: int, about: int, ago: float = 0, rater: int = 77) -> Evidence:
    return bad(id_, rater, about, ago, weight=2, kind="report")


def vouch(id_: int, rater: int, about: int, ago: float = 1, released: bool = False) -> Evidence:
    return Evidence(id_, rater, about, not released, days(ago), kind="vouch")


def test_an_upheld_report_weighs_two_whoever_made_it() -> None:
    assert trust(report(1, 90)).weights(90, T).q == 2
    assert trust(report(1, 90), report(2, 90, rater=78)).weights(90, T).q == 4
    assert trust(report(1, 90, ago=1), replace(report(2, 90), good=True)).weights(90, T).q == 0  # undone


@pytest.mark.parametrize(
    ("vouches", "charged"),
    [
        ([vouch(1, 10, 90)], 0.25),
        ([vouch(1, 10, 90), vouch(2, 20, 90)], 0.25),
        ([vouch(n, 10 * n, 90) for n in range(1, 6)], 0.1),
        ([vouch(1, 10, 90), vouch(2, 10, 90, ago=0, released=True)], 0.0),
        ([vouch(1, 10, 90, ago=-1)], 0.0),  # vouched only afterwards
        ([vouch(1, 10, 90), vouch(2, 10, 90, ago=-1)], 0.25),  # to vouch again is no way out
        ([vouch(1, 10, 90), vouch(2, 10, 90, ago=-1, released=True)], 0.0),  # released afterwards, for she was pressed into it
    ],
)
def test_vouchers_are_charged_a_bounded_part(vouches: list[Evidence], charged: float) -> None:
    assert trust(*vouches, report(9, 90)).weights(10, T).q == pytest.approx(charged)
    assert trust(report(9, 90), *vouches).weights(10, T).q == pytest.approx(charged)


def test_a_charge_goes_one_step_and_is_undone_with_its_report() -> None:
    chain = [vouch(1, 10, 90), vouch(2, 20, 10), report(3, 90, ago=0.5)]
    assert trust(*chain).weights(20, T).q == 0
    assert trust(*chain, replace(report(4, 90), good=True)).weights(10, T).q == 0


@pytest.mark.parametrize(
    ("words", "prior"),
    [
        ([vouch(1, 10, 90)], 0.125),
        ([vouch(1, 0, 90)], 0.25),
        ([vouch(1, 50, 90)], 0.0),  # 30 days a member
        ([vouch(1, 10, 90), vouch(2, 11, 90)], 0.125),  # one branch
        ([vouch(n, 10 * n, 90) for n in range(1, 5)] + [vouch(9, 0, 90)], 0.5),
        ([vouch(1, 10, 90), vouch(2, 10, 90, ago=0, released=True)], 0.0),
        ([vouch(1, 10, 90), good(2, 50, 90)], 0.125),  # a word without weight changes nothing
        ([vouch(1, 10, 90), good(2, 20, 90, ago=3000)], 0.0),  # an outcome, however old
    ],
)
def test_a_newcomer_has_a_part_of_what_her_vouchers_have(words: list[Evidence], prior: float) -> None:
    assert trust(*words).weights(90, T).newcomer == pytest.approx(prior)


# --- standing ---


def test_praise_counts_only_along_paths_from_the_anchors() -> None:
    words = [good(1, 0, 1), good(2, 1, 2), good(3, 2, 3), good(4, 30, 31), good(5, 31, 32), bad(6, 31, 33), bad(7, 1, 34)]
    made = trust(*words, model=Settings(tiers=16, most_unanchored=0), branches=False)
    assert made.score(3, T) > 0.5
    assert made.score(32, T) == 0.5
    assert made.score(33, T) == 0.5
    assert made.score(34, T) < 0.5
    assert trust(*words, model=Settings(tiers=16), branches=False).score(33, T) < 0.5


def test_lines_say_when_they_will_be_worth_half() -> None:
    made = trust(good(1, 10, 90))
    start, praise = made.explain(90, T)
    assert start.fades_by_half_at is None
    assert praise.fades_by_half_at is not None
    worth = [line.points for line in made.explain(90, praise.fades_by_half_at)]
    assert worth[1] == pytest.approx(praise.points / 2, abs=1e-6)
