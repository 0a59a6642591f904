"""What a reader may see of paths and suggestions; every answer about them is made here.

A connection of two others shows only as a path, which both ends have opened; a reason quotes the reader's own words alone.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from services.requests import members, visibility
from services.requests.connections import store as connections
from services.requests.introductions import known as introductions
from services.requests.introductions.pairs import proposing, with_each
from services.requests.people import around
from services.requests.people.domain.contact import Contact
from services.requests.reach import store as reach
from services.requests.reach.domain import Reaching
from services.requests.suggestions import domain, store
from shared.contracts.http.base import Card
from shared.contracts.http.requests.suggestions import MightKnowView, PairView, PathsView, SuggestionsView
from shared.paging import LONGEST_PAGE
from shared.postgres.database import Tx
from shared.postgres.together import LATER, together
from shared.problems import NotFound

SHOWN = 5
Way = tuple[UUID, UUID]
_DRAWN, _CLOSELY, _TRIES = 80, 20, 3
"""So many candidates of the day's lot are asked whether they allow it, so many of these are looked at closely, and so many pairs. If
fewer can be shown, it is another day's: the same few statements run whatever they find."""


async def paths(tx: Tx, reader: UUID, member_id: UUID, at: datetime) -> PathsView:
    """Which of her connections the reader could ask for an introduction to that member. Raises NotFound."""
    seen, look_ups, present, (her, _), contacts = await together(
        tx,
        visibility.seen(LATER, reader, [member_id]),
        store.look_ups(LATER, reader, at),
        members.present(LATER, [reader]),
        introductions.asker(LATER, reader, member_id, at),
        around.mutual(LATER, reader, member_id),
    )
    if member_id == reader or member_id not in seen:
        raise NotFound
    if member_id not in look_ups.made:
        return PathsView(looked_up=False, vouchers=[])
    allowed = await reach.of(tx, contacts)
    says = {contact: said for contact, said in contacts.items() if allowed[contact].open_to(said)}
    ways = sorted((contact, member_id) for contact in says)[:LONGEST_PAGE]
    open_ = _open(reader, ways, says, await _around(tx, reader, ways, at), at)
    possible = members.take_part(present, reader) and her.obstacle(at) is None
    return PathsView(looked_up=True, vouchers=list(open_.values()) if possible else [])


@dataclass(frozen=True, slots=True)
class _Around:
    """What decides which of some ways are paths; a way is a contact and whom she is connected to."""

    reaching: Reaching
    cards: Mapping[UUID, Card]
    """Of the contacts who exist for the reader."""
    seen: Set[Way]
    """Those whose second exists for the first."""


async def _around(tx: Tx, reader: UUID, ways: Sequence[Way], at: datetime) -> _Around:
    return _Around(
        *await together(
            tx,
            introductions.reaching(LATER, {reader, *(id_ for way in ways for id_ in way)}, at),
            visibility.seen(LATER, reader, {contact for contact, _ in ways}),
            visibility.seen_pairs(LATER, ways),
        )
    )


def _open(reader: UUID, ways: Sequence[Way], says: Mapping[UUID, bool | None], found: _Around, at: datetime) -> dict[Way, Card]:
    """Those of these ways that are paths: asks that the reader could make. With the contact's card; `says`: as of `Contact`."""
    return {
        way: found.cards[way[0]]
        for way in ways
        if way in found.seen and way[0] in found.cards and found.reaching.may_ask(reader, *way, says[way[0]], at)
    }


async def suggestions(tx: Tx, reader: UUID, at: datetime) -> SuggestionsView:
    """Whom she might know and whom she could introduce, as the day's lot has it."""
    present, contacts = await together(tx, members.present(LATER, [reader]), around.recent(LATER, reader, domain.MOST_CONTACTS))
    if not members.take_part(present, reader):
        return SuggestionsView(might_know=[], introduce=None)
    allowed = await reach.of(tx, [contact.member_id for contact in contacts])
    suggestible = [contact for contact in contacts if domain.suggestible(allowed[contact.member_id], at)]
    asked = [contact for contact in contacts if allowed[contact.member_id].open_to(contact.says)]
    might_know, introduce = await together(tx, _might_know(LATER, reader, contacts, asked, at), _introduce(LATER, reader, suggestible, at))
    return SuggestionsView(might_know=might_know, introduce=introduce)


async def _might_know(tx: Tx, reader: UUID, contacts: Sequence[Contact], asked: Sequence[Contact], at: datetime) -> list[MightKnowView]:
    """Women who were where she met her newest connections, women whom those know that she may ask, and women of her group."""
    places, half = domain.places(contacts), domain.MOST_CANDIDATES // 2
    were_there, knows, (group, others) = await together(
        tx,
        around.who_met_at(LATER, list(places), half // max(len(places), 1)),
        around.of_each(LATER, [contact.member_id for contact in asked], half // max(len(asked), 1)),
        store.of_her_group(LATER, reader, half),
    )
    met = {her: key for key in reversed(places) for her in were_there[key]}  # of several places, that of her newest connection
    near = (met.keys() | set(chain(others, *knows.values()))) - {reader, *(contact.member_id for contact in contacts)}
    drawn = domain.lots(near, reader, at.date())[:_DRAWN]
    reaches = await reach.of(tx, drawn)
    allowing = [her for her in drawn if domain.answerable(reaches[her], at)][:_CLOSELY]
    close = set(allowing)
    ways = sorted((contact, her) for contact, others in knows.items() for her in close.intersection(others))
    cards, found = await together(tx, _suggestible(LATER, reader, allowing, at), _around(LATER, reader, ways, at))
    says = {contact.member_id: contact.says for contact in asked}
    open_ = _open(reader, [way for way in ways if way[1] in cards][:LONGEST_PAGE], says, found, at)
    through = {her: contact for (_, her), contact in open_.items()}
    return [
        MightKnowView(
            member=card, met_at=places[met[her]] if her in met else "", through=through.get(her), group=group if her in others else ""
        )
        for her, card in cards.items()
        if her in met or her in through or her in others
    ][:SHOWN]


async def _suggestible(tx: Tx, reader: UUID, drawn: Sequence[UUID], at: datetime) -> dict[UUID, Card]:
    """The cards of those among these who may be suggested to the reader, as they were drawn."""
    cards, dismissed, pairs, busy, apart = await together(
        tx,
        visibility.seen(LATER, reader, drawn),
        store.dismissed(LATER, reader, [(reader, her) for her in drawn]),
        connections.pairs(LATER, reader, drawn),
        with_each(LATER, reader, drawn, at),
        reach.apart(LATER, [reader, *drawn]),
    )
    return {
        her: cards[her]
        for her in drawn
        if her in cards and her not in busy and frozenset((reader, her)) not in dismissed | apart and domain.nothing_between(pairs[her], at)
    }


async def _introduce(tx: Tx, reader: UUID, contacts: Sequence[Contact], at: datetime) -> PairView | None:
    """The first pair of the day's lot that she could propose to each other now."""
    drawn = [(one.member_id, other.member_id) for one, other in domain.pairs(contacts, reader, at.date())[:_CLOSELY]]
    dismissed, cards = await together(
        tx, store.dismissed(LATER, reader, drawn), visibility.seen(LATER, reader, {id_ for ids in drawn for id_ in ids})
    )
    tried = [ids for ids in drawn if frozenset(ids) not in dismissed and cards.keys() >= set(ids)][:_TRIES]
    answers = await proposing(tx, reader, list(dict.fromkeys(tried)), at)
    ids = next((ids for ids in tried if answers[ids].cannot_propose is None), None)
    if ids is None:
        return None
    one, other = (next(contact for contact in contacts if contact.member_id == id_) for id_ in ids)
    return PairView(sides=(cards[ids[0]], cards[ids[1]]), met_at=one.met_at if one.met_at_key == other.met_at_key else "")
