"""The simulated communities: their arithmetic, one from end to end, and that a bad rule is seen at each gate."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest
from numpy.random import default_rng

from benchmarks.communities import attacks, ideas
from benchmarks.communities.__main__ import jobs, main
from benchmarks.communities.attacks import AT
from benchmarks.communities.gates import GATES, Gate, missed
from benchmarks.communities.ideas import IDEAS, Told
from benchmarks.communities.introductions import made
from benchmarks.communities.measures import BANDS, READ, Found, bands, community, correlations, each_year, measured, ranks
from benchmarks.communities.people import NOBODY, SPARSE, USUAL, YEAR, branches, people
from benchmarks.communities.scoring import World, day, evidence, scored
from services.reputation.trust import PRODUCT, Settings

TOWN = community(60, USUAL, default_rng(5))


def measure(rule: Settings, many: int = 2) -> Found:
    found = Found()
    for one in range(many):
        found.add(measured(60, USUAL, (8, one), 2, rule))
    return found


@pytest.fixture(scope="module")
def product() -> Found:
    return measure(PRODUCT)


@pytest.mark.parametrize(
    ("sponsors", "founders", "expected"),
    [
        ([NOBODY, NOBODY], 2, [0, 1]),
        ([NOBODY, 0, 0, 1, 3, 2], 1, [0, 1, 2, 1, 1, 2]),  # whom a founder invites is a branch; whom she invites is in it
        ([NOBODY, NOBODY, 1, 2], 2, [0, 1, 2, 2]),
    ],
)
def test_branches_begin_with_those_whom_founders_invite(sponsors: list[int], founders: int, expected: list[int]) -> None:
    assert branches(np.array(sponsors), founders).tolist() == expected


@pytest.mark.parametrize("size", [20, 50, 499, 500, 3000])
def test_everybody_joins_by_the_invitation_of_someone_who_had_one_left(size: int) -> None:
    them = people(size, SPARSE, default_rng(size))
    used = dict.fromkeys(range(size), 0)
    for member in range(them.founders, size):
        sponsor = int(them.sponsor[member])
        assert them.joined[sponsor] <= them.joined[member] <= 3 * YEAR
        assert used[sponsor] < 3 + (them.joined[member] - them.joined[sponsor]) // 30
        used[sponsor] += 1


def test_the_same_seed_is_the_same_community() -> None:
    again = community(60, USUAL, default_rng(5)).known.introductions
    assert (again.said == TOWN.known.introductions.said).all()
    assert (again.revealed == TOWN.known.introductions.revealed).all()


def test_no_two_are_introduced_twice_and_a_voucher_is_no_side() -> None:
    rows = TOWN.known.introductions
    assert len({tuple(sorted(pair)) for pair in rows.sides.tolist()}) == len(rows) > 20
    assert not (rows.sides == rows.voucher[:, None]).any()


def test_each_answer_is_a_word_about_the_voucher_and_one_about_the_other_side() -> None:
    words = list(evidence(made([(7, 1, 2, 10.0, 1, 0), (8, 3, 4, 5.0, -1, 1)])))
    told = [(word.rater, word.about, word.good, word.kind) for word in words]
    assert told == [
        *((3, 8, False, "voucher"), (3, 4, False, "side"), (4, 8, True, "voucher"), (4, 3, True, "side")),
        *((1, 7, True, "voucher"), (1, 2, True, "side")),
    ]
    assert len({word.id for word in words}) == len(words)
    assert words[-1].at == day(10)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1000, 500, 200], True),
        ([1000, 500, 200, 190], False),  # two in one year
        ([1000, 200], False),  # a year without
        ([1000, 500, 200, -10], True),  # yet to come
        ([1000, 500, 200, 1200], False),  # and one before
    ],
)
def test_one_a_year_is_exactly_one_in_each_of_the_last_years(days: Sequence[int], expected: bool) -> None:
    when = 4 * YEAR
    rows = made([(0, 1, 2, float(when - ago), 1, 1) for ago in days])
    assert each_year(rows.until(when), when, 3)[0] == expected


def test_one_a_year_needs_none_that_went_badly() -> None:
    rows = [(0, 1, 2, float(4 * YEAR - ago), 1, 1) for ago in (1000, 500, 200)]
    assert not each_year(made([*rows, (0, 1, 2, 9.0, 1, -1)]), 4 * YEAR, 3)[0]


def test_equal_values_share_a_rank() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [2.5, 0.0, 2.5, 1.0]


def test_a_correlation_that_goes_by_what_went_well_is_none_once_that_is_held_still() -> None:
    chance = default_rng(1)
    well = chance.integers(0, 30, 4000).astype(float)
    scores, degrees = well + chance.normal(0, 5, 4000), well + chance.normal(0, 5, 4000)
    raw, partial = correlations(scores, degrees, well)
    assert raw > 0.6
    assert abs(partial) < 0.1
    assert min(correlations(scores, scores, well)) > 0.999
    assert correlations(scores[:3], degrees[:3], well[:3]) == (0, 0)


def test_what_is_said_around_a_member_is_all_that_her_band_needs() -> None:
    whole = scored(TOWN.known, AT, PRODUCT)
    everybody = range(60)
    assert [BANDS.index(whole.band(her, day(AT))) for her in everybody] == [bands(TOWN.known, AT, PRODUCT, [her])[0] for her in everybody]


def test_in_a_ring_each_is_praised_by_all_others_and_no_real_woman_confirms() -> None:
    alone, with_her, all_of_them, _ = attacks.rings(TOWN.known, 4, tricked=20)
    accounts = range(60, 65)
    praise = {(word.rater, word.about) for word in evidence(all_of_them.world.introductions) if word.about >= 60 and word.kind == "voucher"}
    assert praise == set(permutations(accounts, 2))
    assert (alone.confirmed, with_her.confirmed, alone.sponsors) == (0, 1, 1)
    assert set(alone.world.branch[list(accounts)].tolist()) == {int(TOWN.known.branch[20])}


def test_flattery_needs_a_real_woman_each_time_and_a_slandered_one_vouches_herself() -> None:
    chance = default_rng(3)
    real = attacks.sponsored(TOWN.known, chance, 3)
    assert len({int(TOWN.known.branch[her]) for her in real}) == 3
    assert attacks.sleepers(TOWN.known, chance, real, 3).confirmed == 9
    assert attacks.slander(TOWN.known, real[:1], np.array([4, 5]), 200).confirmed == 10
    assert attacks.by_sponsors(TOWN.known, real[:2], 5, women=real[2:]).confirmed == 1


@pytest.mark.parametrize(
    ("gate", "rule"),
    [
        ("two: Building", replace(PRODUCT, some=1.6)),
        ("one a year: Building", replace(PRODUCT, good_half_life=timedelta(days=60))),
        ("anchors named: lowered", replace(PRODUCT, anchor_cap=0.1)),
        ("ring of 10: anybody Established", replace(PRODUCT, branch_cap=None)),
        ("ring of 50: anybody Established", replace(PRODUCT, branch_cap=None)),
        ("fresh slander: band lost", replace(PRODUCT, grace=timedelta(0), branch_bad_cap=5, mixed_over=0)),
        ("clique: two bands more", replace(PRODUCT, branch_cap=None, most_mutual=5)),
    ],
)
def test_a_bad_rule_is_seen(gate: str, rule: Settings, product: Found) -> None:
    assert any(line.startswith(gate) for line in missed({60: measure(rule)}))
    assert not any(line.startswith(gate) for line in missed({60: product}))


@pytest.mark.parametrize(("rule", "fails"), [(replace(PRODUCT, much=3), True), (replace(PRODUCT, much=0.7, established_women=3), False)])
def test_too_few_with_five_good_introductions_are_seen(rule: Settings, fails: bool) -> None:
    assert any(line.startswith("five: Established") for line in missed({60: measure(rule)})) == fails


@pytest.mark.parametrize("gate", ["connections, raw", "connections, partial"])
def test_a_score_that_follows_connections_is_seen(gate: str) -> None:
    found = Found(values={gate: [0.1, 0.21, 0.3]})
    assert f"{gate} at 50 members: 0.210 of 3, not between -1 and 0.2" in missed({50: found})


def test_what_was_not_measured_is_not_passed() -> None:
    assert len(missed({50: Found()})) == len(GATES)
    assert not Gate("nothing", least=0).holds(Found(counts={"nothing": (0, 0)}))


def test_the_other_form_of_the_rule_agrees_with_trust() -> None:
    [rule] = [one for one in IDEAS if one.name == "the product's rule"]
    for when in READ:
        trust, told = scored(TOWN.known, when, PRODUCT), Told(TOWN.known, when)
        for her in range(60):
            weights = trust.weights(her, day(when))
            p, q, women, _ = told.weights(her, rule)
            assert weights.p == pytest.approx(p)
            assert weights.q == pytest.approx(q)
            assert weights.women == women
            assert told.established(her, rule) == (trust.band(her, day(when)) == "established")


def test_known_elsewhere_is_known_to_women_of_other_paths() -> None:
    sponsor = np.array([NOBODY, 0, 0, 0, 1, 1])
    rows = made([(4, 2, 3, 5.0, 1, 1), (5, 4, 2, 6.0, 1, -1)])
    told = Told(World(1, sponsor, np.array([0.0, 1, 2, 3, 3, 4]), branches(sponsor, 1), rows, frozenset()), 93)
    assert told.known(4, 2, older=False)  # by 2 and 3, at whose introduction she was the voucher
    assert not told.known(4, 2, older=True)  # 3 joined on the same day
    assert not told.known(5, 1, older=False)  # by 4, of her own path
    assert not replace(told, when=92).known(4, 2, older=False)  # 3 isn't a member for 90 days yet
    one_side = Told(replace(told.world, introductions=made([(4, 2, 3, 5.0, 1, -1)])), 93)
    assert not one_side.known(4, 1, older=False)  # the other side wasn't content


def test_every_community_is_run_once_and_the_draws_are_shared_out() -> None:
    todo = jobs(1, [50, 500], [8, 4], [10, 4])
    assert len({job[2] for job in todo if job[0] == 50}) == 8 + 2 + 2
    assert sum(job[3] for job in todo if job[0] == 50 and job[1] is USUAL) == 10
    assert todo[0][0] == 500


@pytest.mark.parametrize("said", [["--sizes", "19"], ["--communities", "3"], ["--sizes", "50", "60", "--draws", "1"]])
def test_what_cannot_be_run_is_said(said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(said)
    assert stopped.value.code == 2
    assert "sizes are at least 20" in capsys.readouterr().err


def test_from_end_to_end_it_prints_its_tables_and_fails_by_its_gates(capsys: pytest.CaptureFixture[str]) -> None:
    failed = main(["--sizes", "40", "--communities", "4", "--draws", "4", "--processes", "1"])
    said = capsys.readouterr().out
    assert failed == ("MISSED" in said)
    for what in (
        "usual communities",
        "tight communities",
        "sparse communities",
        "three sponsors: boss Established",
        "listed for moderators",
    ):
        assert what in said


@pytest.mark.parametrize(
    ("idea", "three", "two"),
    [
        ("the product's rule", True, False),
        ("the rule before", True, False),
        ("one of them known elsewhere", False, False),
        ("known to 1 path doubles", True, True),
    ],
)
def test_what_an_idea_is_worth_against_sponsors(idea: str, three: bool, two: bool) -> None:
    [rule] = [one for one in IDEAS if one.name == idea]
    real = attacks.sponsored(TOWN.known, default_rng(3), 3)
    for sponsors, established in ((real, three), (real[:2], two)):
        attack = attacks.by_sponsors(TOWN.known, sponsors, 6)
        assert Told(attack.world, AT).established(attack.boss, rule) == established


def test_the_ideas_are_measured() -> None:
    found = Found()
    ideas.measured(TOWN.known, TOWN.poor, [5], 1, found)
    assert found.counts["the product's rule: 3 sponsors"] == (1, 1)
    assert found.counts["the product's rule: clique +2"][0] == 0
    assert found.counts["the product's rule: slander by 4"][0] == found.counts["the product's rule: slander by 4"][1] > 0
