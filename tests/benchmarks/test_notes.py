"""The note gate keeps its figures on both halves of the corpus, whatever is changed in it."""

from itertools import product

import pytest
from rapidfuzz import fuzz

from benchmarks.notes.figures import HALVES, corpus, figures, gate, naive


@pytest.mark.parametrize(("half", "caught"), [("tuning", 0.95), ("held_out", 0.85)])
def test_no_genuine_note_is_refused_few_are_nudged_and_most_generic_ones_caught(half: str, caught: float) -> None:
    of = figures(corpus(half), gate)
    assert of.refused == 0
    assert of.share_nudged <= 0.05
    assert of.share_caught >= caught


@pytest.mark.parametrize(("half", "language"), list(product(HALVES, ("en", "es"))))
def test_it_is_better_than_to_look_for_names_and_digits_on_both_sides(half: str, language: str) -> None:
    notes = [note for note in corpus(half) if note.language == language]
    ours, theirs = figures(notes, gate), figures(notes, naive)
    assert ours.share_nudged < theirs.share_nudged - 0.2
    assert ours.share_caught > theirs.share_caught + 0.1


@pytest.mark.parametrize("half", HALVES)
def test_the_corpus_is_balanced(half: str) -> None:
    notes = corpus(half)
    assert len(notes) >= 120
    for language in ("en", "es"):
        some = [note for note in notes if note.language == language]
        assert 0.4 < len(some) / len(notes) < 0.6
        assert 0.4 < sum(note.genuine for note in some) / len(some) < 0.6


def test_the_halves_share_no_note() -> None:
    mine, theirs = ([f"{note.where_we_met} {note.why_now}" for note in corpus(half)] for half in HALVES)
    assert not [(one, other) for one, other in product(mine, theirs) if fuzz.ratio(one, other) > 80]
