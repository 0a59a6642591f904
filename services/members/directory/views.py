"""Who is found: those who have every word that was sought, or nearly so."""

from collections.abc import Mapping
from uuid import UUID

from services.members.directory import store
from services.members.directory.domain import Candidate, place_of, ranked, sought
from shared.contracts.http.base import Card
from shared.contracts.http.members.directory import MOST_FOUND
from shared.postgres.database import Tx

Near = list[Mapping[str, tuple[float, int]]]
"""Of each word that was sought: the words that count for it, how near each is, and how many members have it."""


async def find(tx: Tx, reader: UUID, text: str) -> list[Card]:
    """The nearest, at most 20. Only if fewer have the very words are words that are spelt nearly so looked for."""
    words = sought(text)
    if not words:
        return []
    known = await store.having(tx, words)
    exact: Near = [{word: (1.0, known.get(word, 0))} for word in words]
    candidates = await _look(tx, reader, exact)
    if len(candidates) < MOST_FOUND:
        nearly: Near = [{**like, **one} for like, one in zip(await store.like(tx, words), exact, strict=True)]
        candidates, exact = candidates + await _look(tx, reader, nearly), nearly
    near = [{word: nearness for word, (nearness, _) in like.items()} for like in exact]
    return [candidate.card for candidate in ranked(candidates, near, place_of(reader))[:MOST_FOUND]]


async def _look(tx: Tx, reader: UUID, near: Near) -> list[Candidate]:
    """From the reader's own place on the ring once around it, as far as it takes to have enough."""
    lists = [{word: members for word, (_, members) in like.items()} for like in near]
    rarest, *others = sorted(lists, key=lambda words: sum(words.values()))
    if not any(rarest.values()):
        return []
    candidates = await store.look(tx, reader, rarest, others, place_of(reader), after=True)
    if len(candidates) < MOST_FOUND:
        candidates += await store.look(tx, reader, rarest, others, place_of(reader), after=False)
    return candidates
