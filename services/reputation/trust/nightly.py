"""From evidence to the night's tiers: what each rater counts until the next."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.reputation.trust.evidence import Evidence, Id
from services.reputation.trust.settings import Settings
from services.reputation.trust.standing import DAY, Floats, Indices, Words, standing
from services.reputation.trust.tenure import HAIR, Tiers


class Parts(NamedTuple):
    """By member, by member, and by word."""

    good: NDArray[np.int8]
    bad: NDArray[np.int8]
    voices: NDArray[np.int8]


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
    found = parts(arrays, np.array(sorted(place[anchor] for anchor in anchors), dtype=np.int64), settings)
    good = dict(zip(members, found.good.tolist(), strict=True))
    bad = dict(zip(members, found.bad.tolist(), strict=True))
    single = {(word.about, word.rater): of for word, of in zip(words, found.voices.tolist(), strict=True)}
    return Tiers(good, bad, {pair: of for pair, of in single.items() if of != good[pair[1]]})


def parts(words: Words, anchors: Indices, settings: Settings) -> Parts:
    """The tier of each member's good words and of her bad ones, and of each word by itself."""
    found = standing(words, anchors, settings)
    return Parts(*(whole(weights * settings.tiers, settings) for weights in (found.praise, found.blame, found.voices)))


def whole(weights: Floats, settings: Settings) -> NDArray[np.int8]:
    """As `tier` does it with one."""
    return (np.floor(weights + HAIR) if settings.round_down else np.rint(weights)).astype(np.int8)
