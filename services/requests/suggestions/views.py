"""What a reader may see of paths and suggestions; every answer about them is made here.

A connection of two others shows only as a path, which both ends have opened; a reason quotes the reader's own words alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.connections import store as connections
from services.requests.introductions import store as introductions
from services.requests.introductions import views as introduction_views
from services.requests.people import around
from services.requests.people.domain.contact import Contact
from services.requests.reach import store as reach
from services.requests.suggestions import domain, store
from shared.contracts.http.base import Card
from shared.contracts.http.requests.suggestions import MightKnowView, PairView, PathsView, SuggestionsView
from shared.paging import LONGEST_PAGE
from shared.postgres.database import Tx
from shared.problems import NotFound

SHOWN = 5
_DRAWN, _CLOSELY, _TRIES = 80, 20, 3
"""So many candidates of the day's lot are asked whether they allow it, so many of these are looked at closely, and so many pairs. If
fewer can be shown, it is another day's: the same few statements run whatever they find."""


async def paths(tx: Tx, reader: UUID, member_id: UUID, at: datetime) -> PathsView:
    """Which of her connections the reader could ask for an introduction to that member. Raises NotFound."""
    if member_id == reader or member_id not in await visibility.seen(tx, reader, [member_id]):
        raise NotFound
    if member_id not in (await store.look_ups(tx, reader, at)).made:
        return PathsView(looked_up=False, vouchers=[])
    takes_part = members.take_part(await members.present(tx, [reader]), reader)
    her, _ = await introductions.asker(tx, reader, member_id, at)
    contacts = await around.mutual(tx, reader, member_id)
    open_ = await _open(tx, reader, {(contact, member_id): says for contact, says in contacts.items()}, at)
    possible = takes_part and her.obstacle(at) is None
    return PathsView(looked_up=True, vouchers=[card for (_, _), card in open_.items()] if possible else [])


async def _open(tx: Tx, reader: UUID, says: Mapping[tuple[UUID, UUID], bool | None], at: datetime) -> dict[tuple[UUID, UUID], Card]:
    """Those of these ways, each a contact and whom she is connected to, that are paths: asks that the reader could make. With the
    contact's card.
    """
    allowed = await reach.of(tx, {contact for contact, _ in says})
    ways = [way for way, said in sorted(says.items()) if allowed[way[0]].open_to(said)][:LONGEST_PAGE]
    reaching = await introductions.reaching(tx, {reader, *(id_ for way in ways for id_ in way)}, at)
    open_ = [way for way in ways if reaching.may_ask(reader, *way, says[way], at)]
    cards = await visibility.seen(tx, reader, {contact for contact, _ in open_})
    seen = await visibility.seen_pairs(tx, open_)
    return {way: cards[way[0]] for way in open_ if way in seen and way[0] in cards}


async def suggestions(tx: Tx, reader: UUID, at: datetime) -> SuggestionsView:
    """Whom she might know and whom she could introduce, as the day's lot has it."""
    if not members.take_part(await members.present(tx, [reader]), reader):
        return SuggestionsView(might_know=[], introduce=None)
    contacts = await around.recent(tx, reader, domain.MOST_CONTACTS)
    allowed = await reach.of(tx, [contact.member_id for contact in contacts])
    suggestible = [contact for contact in contacts if domain.suggestible(allowed[contact.member_id], at)]
    asked = [contact for contact in contacts if allowed[contact.member_id].open_to(contact.says)]
    return SuggestionsView(
        might_know=await _might_know(tx, reader, contacts, asked, at), introduce=await _introduce(tx, reader, suggestible, at)
    )


async def _might_know(tx: Tx, reader: UUID, contacts: Sequence[Contact], asked: Sequence[Contact], at: datetime) -> list[MightKnowView]:
    """Women who were where she met her newest connections, and women whom those know that she may ask."""
    places, half = domain.places(contacts), domain.MOST_CANDIDATES // 2
    met = dict(await around.who_met_at(tx, list(places), half // max(len(places), 1)))
    knows = await around.of_each(tx, [contact.member_id for contact in asked], half // max(len(asked), 1))
    others = (met.keys() | {her for _, her in knows}) - {reader, *(contact.member_id for contact in contacts)}
    cards = await _suggestible(tx, reader, domain.lots(others, reader, at.date())[:_DRAWN], at)
    says = {contact.member_id: contact.says for contact in asked}
    open_ = await _open(tx, reader, {(contact, her): says[contact] for contact, her in knows if her in cards}, at)
    through = {her: contact for (_, her), contact in open_.items()}
    return [
        MightKnowView(member=card, met_at=places[met[her]] if her in met else "", through=through.get(her))
        for her, card in cards.items()
        if her in met or her in through
    ][:SHOWN]


async def _suggestible(tx: Tx, reader: UUID, drawn: Sequence[UUID], at: datetime) -> dict[UUID, Card]:
    """The cards of those among these who may be suggested to the reader, as they were drawn."""
    reaches = await reach.of(tx, drawn)
    allowing = [her for her in drawn if domain.answerable(reaches[her], at)][:_CLOSELY]
    cards = await visibility.seen(tx, reader, allowing)
    dismissed = await store.dismissed(tx, reader, [(reader, her) for her in cards])
    pairs = await connections.pairs(tx, reader, list(cards))
    busy = await introduction_views.with_each(tx, reader, list(cards), at)
    apart = await reach.apart(tx, [reader, *cards])
    return {
        her: cards[her]
        for her in allowing
        if her in cards and her not in busy and frozenset((reader, her)) not in dismissed | apart and domain.nothing_between(pairs[her], at)
    }


async def _introduce(tx: Tx, reader: UUID, contacts: Sequence[Contact], at: datetime) -> PairView | None:
    """The first pair of the day's lot that she could propose to each other now."""
    drawn = domain.pairs(contacts, reader, at.date())[:_CLOSELY]
    dismissed = await store.dismissed(tx, reader, [(one.member_id, other.member_id) for one, other in drawn])
    cards = await visibility.seen(tx, reader, {contact.member_id for pair in drawn for contact in pair})
    left = [pair for pair in drawn if frozenset(contact.member_id for contact in pair) not in dismissed]
    for one, other in [pair for pair in left if all(contact.member_id in cards for contact in pair)][:_TRIES]:
        ids = one.member_id, other.member_id
        if (await introduction_views.proposing(tx, reader, ids, at)).cannot_propose is None:
            same = one.met_at if one.met_at_key == other.met_at_key else ""
            return PairView(sides=(cards[ids[0]], cards[ids[1]]), met_at=same)
    return None
