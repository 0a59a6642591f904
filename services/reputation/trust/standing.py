"""The nightly standing: how far each member's word about others counts. The one module that needs scipy.

Sources: Page et al. 1999 and Haveliwala 2002 (personalised PageRank), Kamvar et al. 2003 (EigenTrust: anchors), Levien (Advogato).
Experience and independence are ours: decision 0042.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from services.reputation.trust.settings import Settings

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
DAY = 86_400.0
AT_ONCE = 20_000


@dataclass(frozen=True)
class Words:
    """The last outcome of each pair, sorted by (rater, about): indices of members, `weight` of the bad ones, `age` in days."""

    members: int
    rater: Indices
    about: Indices
    good: NDArray[np.bool_]
    weight: Floats
    age: Floats


@dataclass(frozen=True)
class Standing:
    """0 to 1: the weight of each member's praise, of her bad words, and of each single good word."""

    praise: Floats
    blame: Floats
    voices: Floats


def standing(words: Words, anchors: Indices, settings: Settings) -> Standing:
    """What every word weighs. Nobody stands if there are no anchors."""
    if not len(anchors):
        return Standing(np.zeros(words.members), np.zeros(words.members), np.zeros(len(words.rater)))
    praise = _praise(words)
    reach = _walk(praise, anchors, settings)
    stands, blames = _stands(words, reach, np.ones(words.members), settings)
    if settings.experience_rounds:
        # Who has no experience can take nobody's standing away: experience is first computed as if nobody had been found bad.
        heard, _ = _stands(words, reach, np.zeros(words.members), settings)
        stands, blames = _stands(words, reach, heard * _experience(praise, heard, anchors, settings), settings)
        has = _experience(praise, stands, anchors, settings)
        stands, blames = stands * has, blames * has
    alone = 1 + settings.independence * _in_touch(praise, stands, words) ** 2 if settings.independence else 1
    return Standing(stands, blames if settings.blame_in_full else stands, stands[words.rater] / alone)


def _praise(words: Words) -> sparse.csr_array:
    shape = (words.members, words.members)
    return sparse.csr_array((np.ones(int(words.good.sum())), (words.rater[words.good], words.about[words.good])), shape=shape)


def _walk(praise: sparse.csr_array, anchors: Indices, settings: Settings) -> Floats:
    """PageRank that starts at the anchors, returns to them, and goes back to them from those who praised nobody."""
    given = praise.sum(axis=1)
    onward = (sparse.diags_array(1 / np.maximum(given, 1)) @ praise).T.tocsr()
    start = np.zeros(praise.shape[0])
    start[anchors] = 1 / len(anchors)
    reach = start
    for _ in range(settings.steps):
        reach = settings.walk * (onward @ reach) + (1 - settings.walk + settings.walk * reach[given == 0].sum()) * start
    return np.asarray(reach / (reach @ reach))


def _stands(words: Words, reach: Floats, heard: Floats, settings: Settings) -> tuple[Floats, Floats]:
    """What the praise of each member weighs by the walk's reach, and what her bad words would weigh if all whom it reaches were equal.

    Both less for whom those who are `heard` found bad, and praise less for whoever gives it away.
    """
    bad, size = ~words.good, words.members
    praised = np.bincount(words.about[words.good], heard[words.rater[words.good]], size)
    faulted = np.bincount(words.about[bad], (heard[words.rater] * words.weight)[bad], size)
    clean = np.maximum(0, 1 - settings.bad_cut * faulted / (praised + 1))
    fading = 2.0 ** (-words.age * DAY / settings.good_half_life.total_seconds())
    given = np.bincount(words.rater[words.good], fading[words.good], size)
    powered = (reach / settings.kappa) ** 2
    praise = clean * powered / (1 + powered) * np.minimum(1, settings.budget / np.maximum(given, 1e-9))
    return np.asarray(praise), np.where(reach > 0, clean, 0)


def _experience(praise: sparse.csr_array, stands: Floats, anchors: Indices, settings: Settings) -> Floats:
    """How far those she praised are praised by others whose word counts. It spreads from the anchors, so nobody confirms each other."""
    if not settings.experience_rounds:
        return np.ones(len(stands))
    has = np.zeros(len(stands))
    has[anchors] = 1
    rater, about = praise.nonzero()
    over = min(settings.experience_over, len(anchors) / 4)
    for _ in range(settings.experience_rounds):
        counts = stands * has
        others = (praise.T @ counts)[about] - counts[rater]
        confirmed = np.clip(others - over, 0, 1)
        has = np.maximum(has, np.minimum(1, np.bincount(rater, confirmed, minlength=len(has))))
    return has


def _in_touch(praise: sparse.csr_array, stands: Floats, words: Words) -> Floats:
    """For each good word: how far others who praise the same member are in a good relation with its rater."""
    ones = sparse.csr_array((np.ones(praise.nnz, dtype=np.int8), praise.indices, praise.indptr), shape=praise.shape)
    who = np.flatnonzero(stands)
    touching = ((ones + ones.T) > 0)[:, who]
    weighted = sparse.diags_array(stands[who]) @ praise[who]
    shared = np.zeros(praise.nnz)
    # The product has far more entries than praise, and only those of praise matter: it is made a few raters at a time.
    for begin in range(0, words.members, AT_ONCE):
        hers = praise[begin : begin + AT_ONCE]
        both = hers.multiply(touching[begin : begin + AT_ONCE] @ weighted).tocoo()
        rater, about = hers.nonzero()
        shared[praise.indptr[begin] + np.searchsorted(_pairs(rater, about, words), _pairs(both.row, both.col, words))] = both.data
    found = np.zeros(len(words.rater))
    found[words.good] = shared
    return found


def _pairs(rater: Indices, about: Indices, words: Words) -> Indices:
    """One number for each pair, in the order of words."""
    return np.asarray(rater.astype(np.int64) * words.members + about)
