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
    """The weight of each member's word, and that of each word: 0 to 1."""

    raters: Floats
    voices: Floats


def standing(words: Words, anchors: Indices, settings: Settings) -> Standing:
    """What every word weighs. Nobody stands if there are no anchors."""
    if not len(anchors):
        return Standing(np.zeros(words.members), np.zeros(len(words.rater)))
    praise = _praise(words)
    reach = _walk(praise, anchors, settings)
    found = _stands(words, reach, np.ones(words.members), settings)
    if settings.experience_rounds:
        # Who has no experience can take nobody's standing away: it is first computed as if nobody had been found bad.
        heard = _stands(words, reach, np.zeros(words.members), settings)
        stands = _stands(words, reach, heard * _experience(praise, heard, anchors, settings), settings)
        found = stands * _experience(praise, stands, anchors, settings)
    return Standing(found, found[words.rater] / (1 + settings.independence * _in_touch(praise, found, words) ** 2))


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


def _stands(words: Words, reach: Floats, heard: Floats, settings: Settings) -> Floats:
    """The walk's reach as a weight between 0 and 1: less for whom those who are `heard` found bad, and for whoever gives praise away."""
    bad, size = ~words.good, words.members
    praised = np.bincount(words.about[words.good], heard[words.rater[words.good]], size)
    faulted = np.bincount(words.about[bad], (heard[words.rater] * words.weight)[bad], size)
    fading = 2.0 ** (-words.age * DAY / settings.good_half_life.total_seconds())
    given = np.bincount(words.rater[words.good], fading[words.good], size)
    clean = np.maximum(0, 1 - settings.bad_cut * faulted / (praised + 1))
    if settings.kappa:
        powered = (reach * clean / settings.kappa) ** 2
        clean = powered / (1 + powered)
    return np.asarray(np.where(reach > 0, clean, 0) * np.minimum(1, settings.budget / np.maximum(given, 1e-9)))


def _experience(praise: sparse.csr_array, stands: Floats, anchors: Indices, settings: Settings) -> Floats:
    """How far those she praised are praised by others whose word counts. It spreads from the anchors, so nobody confirms each other."""
    if not settings.experience_rounds:
        return np.ones(len(stands))
    has = np.zeros(len(stands))
    has[anchors] = 1
    rater, about = praise.nonzero()
    for _ in range(settings.experience_rounds):
        counts = stands * has
        others = (praise.T @ counts)[about] - counts[rater]
        confirmed = np.clip(others - settings.experience_over, 0, 1)
        has = np.maximum(has, np.minimum(1, np.bincount(rater, confirmed, minlength=len(has))))
    return has


def _in_touch(praise: sparse.csr_array, stands: Floats, words: Words) -> Floats:
    """For each good word: how far others who praise the same member are in a good relation with its rater."""
    found = np.zeros(len(words.rater))
    touching = ((praise + praise.T) > 0).astype(float)
    shared = (touching @ (sparse.diags_array(stands) @ praise)).tocsr()
    found[words.good] = np.asarray(shared[words.rater[words.good], words.about[words.good]]).ravel()
    return found
