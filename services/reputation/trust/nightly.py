"""From evidence to the night's tiers: what each rater counts until the next."""

from collections.abc import Collection, Iterable
from datetime import datetime

import numpy as np

from services.reputation.trust.evidence import Evidence, Id
from services.reputation.trust.settings import Settings
from services.reputation.trust.standing import DAY, Words, standing
from services.reputation.trust.tenure import Tiers, tier


def tiers(outcomes: Iterable[Evidence], anchors: Collection[Id], at: datetime, settings: Settings) -> Tiers:
    """The tiers at `at`, from the last outcome of each pair. Sorted first, so that the order of arrival shows in no bit."""
    words = sorted(outcomes, key=lambda word: (word.rater, word.about))
    members = sorted({*anchors, *(word.rater for word in words), *(word.about for word in words)})
    place = {member: index for index, member in enumerate(members)}
    arrays = Words(
        len(members),
        np.array([place[word.rater] for word in words], dtype=np.int64),
        np.array([place[word.about] for word in words], dtype=np.int64),
        np.array([word.good for word in words], dtype=bool),
        np.array([word.weight for word in words], dtype=float),
        np.array([(at - word.at).total_seconds() / DAY for word in words]),
    )
    found = standing(arrays, np.array(sorted(place[anchor] for anchor in anchors), dtype=np.int64), settings)
    good = {member: tier(weight, settings) for member, weight in zip(members, found.praise.tolist(), strict=True)}
    bad = {member: tier(weight, settings) for member, weight in zip(members, found.blame.tolist(), strict=True)}
    single = {(word.about, word.rater): tier(weight, settings) for word, weight in zip(words, found.voices.tolist(), strict=True)}
    return Tiers(good, bad, {pair: of for pair, of in single.items() if of != good[pair[1]]})
