"""By which words a member is found, how near an answer is to what was sought, and how often one may look."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.members.profiles.views import read_by_members
from shared import languages
from shared.contracts.http.base import Card
from shared.contracts.http.members.directory import SEARCHES_AN_HOUR, TooManySearches
from shared.contracts.http.members.profiles import OwnProfile
from shared.text import plain_words

HOUR = timedelta(hours=1)
MOST_WORDS_SOUGHT = 6
MOST_WORDS = 60
"""Of one member; two lines hold no more."""
LONGEST_WORD = 40
PLACES = 2**31
# They stand in everybody's words, and find nobody.
_EMPTY = frozenset(
    ["al", "and", "con", "de", "del", "el", "en", "for", "from", "in", "la", "las", "lo", "los", "mi", "of", "on"]
) | frozenset(["para", "por", "su", "the", "to", "un", "una", "with", "y"])


@dataclass(frozen=True)
class Searches:
    """When she looked within the last hour, the earliest first."""

    made: tuple[datetime, ...] = ()

    def with_one(self, at: datetime) -> "Searches":
        """With one more, whatever comes of it. Raises TooManySearches."""
        if len(self.made) >= SEARCHES_AN_HOUR:
            raise TooManySearches(again_at=self.made[-SEARCHES_AN_HOUR] + HOUR)
        return replace(self, made=(*self.made, at))


@dataclass(frozen=True)
class Candidate:
    """A member who may be what was sought: `words` are those by which she is found."""

    card: Card
    place: int
    words: frozenset[str]


def words_of(text: str) -> list[str]:
    """The words of a text that can find somebody, each once."""
    words = [word[:LONGEST_WORD] for word in plain_words(text) if word not in _EMPTY and (len(word) > 1 or not word.isascii())]
    return list(dict.fromkeys(words))


def sought(text: str) -> list[str]:
    """The words that a member must have, or nearly so, to be found; in no order."""
    return words_of(text)[:MOST_WORDS_SOUGHT]


def found_by(profile: OwnProfile) -> frozenset[str]:
    """The words by which others find her: none unless she allows it, and of what every member may read of her alone."""
    if not profile.findable:
        return frozenset()
    readable = read_by_members(profile)
    spoken = [name for code in readable.languages for name in languages.names(code)]
    texts = (readable.name, readable.organisation, readable.place, *spoken, readable.help_with)
    return frozenset([word for text in texts for word in words_of(text)][:MOST_WORDS])


def place_of(member_id: UUID) -> int:
    """Her place on a ring, which says nothing about her: neither age nor anything that she did."""
    return int.from_bytes(hashlib.sha256(member_id.bytes).digest()[:4]) % PLACES


def swapped(word: str) -> list[str]:
    """The word with two neighbouring letters exchanged, in every way: of short words, trigrams don't know that slip."""
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


def ranked(candidates: Iterable[Candidate], near: Sequence[Mapping[str, float]], start: int) -> list[Candidate]:
    """The nearest first; among equals those with the word in their names, and then as the ring turns from the reader's own place on it.

    `near` says of each word that was sought which words count for it, and how near they are.
    """

    def distance(candidate: Candidate) -> tuple[float, int, int]:
        named = candidate.words.intersection(words_of(candidate.card.name))
        best = [max(((like.get(word, 0.0), word in named) for word in candidate.words), default=(0.0, False)) for like in near]
        return -round(sum(nearness for nearness, _ in best), 3), -sum(is_name for _, is_name in best), (candidate.place - start) % PLACES

    return sorted({candidate.card.id: candidate for candidate in candidates}.values(), key=distance)
