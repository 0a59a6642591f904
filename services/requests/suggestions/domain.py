"""Who is suggested to whom and why, who could introduce her, and how often she may look. Pure.

An order means nothing here: it is drawn by lot, anew each day for each reader. Nobody's connections, closeness or answers are
counted, so that no suggestion tells how well known a woman is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain, pairwise
from uuid import UUID

from services.requests.connections.domain.pair import Pair
from services.requests.people.domain.contact import Contact
from services.requests.reach.domain import Reach
from shared.contracts.http.requests.suggestions import TooManyLookUps

DAY = timedelta(days=1)
LOOK_UPS_A_DAY = 20
MOST_CONTACTS = 200
"""So many of the reader's newest connections are looked at."""
MOST_CANDIDATES = 2000
"""So many women around them, for a day's suggestions."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """Whom a member looked up within a day, each with when she first did."""

    member_id: UUID
    made: Mapping[UUID, datetime] = field(default_factory=dict)

    def with_one(self, about_id: UUID, at: datetime) -> "LookUps":
        """With one more; looking again for a way to the same woman is no other. Raises TooManyLookUps."""
        if about_id in self.made:
            return self
        if len(self.made) >= LOOK_UPS_A_DAY:
            raise TooManyLookUps(again_at=sorted(self.made.values())[-LOOK_UPS_A_DAY] + DAY)
        return replace(self, made={**self.made, about_id: at})


def places(contacts: Iterable[Contact]) -> dict[str, str]:
    """The events and organisations where the reader met others, in her own words, by their keys."""
    return {contact.met_at_key: contact.met_at for contact in contacts if contact.met_at_key}


def suggestible(her: Reach, at: datetime) -> bool:
    """She may be suggested now."""
    return her.suggestible and not her.paused(at)


def answerable(her: Reach, at: datetime) -> bool:
    """She may be suggested, and a personal note can reach her."""
    return suggestible(her, at) and her.bar != "introduced"


def nothing_between(pair: Pair, at: datetime) -> bool:
    """As far as the reader may know nothing lies between the two that is open or at rest."""
    return pair.relation(at) == ("none", None) and pair.may_ask(at)


def pairs(contacts: Sequence[Contact], reader: UUID, day: date) -> list[tuple[Contact, Contact]]:
    """Pairs of connections that she knows better than met, as the day's lot has it: first those she met at one place."""
    known = drawn([contact for contact in contacts if contact.closeness in ("worked_together", "know_well")], reader, day)
    together: dict[str, list[Contact]] = defaultdict(list)
    for contact in known:
        if contact.met_at_key:
            together[contact.met_at_key].append(contact)
    return list(chain(*(pairwise(group) for group in together.values()), pairwise(known)))


def drawn(contacts: Iterable[Contact], reader: UUID, day: date) -> list[Contact]:
    """Her connections as drawn by lot for that reader on that day."""
    by_id = {contact.member_id: contact for contact in contacts}
    return [by_id[id_] for id_ in lots(by_id, reader, day)]


def lots(ids: Iterable[UUID], reader: UUID, day: date) -> list[UUID]:
    """The ids as drawn by lot for that reader on that day; whoever comes or goes leaves the order of the others as it is."""
    drum = reader.int ^ day.toordinal()
    return sorted(ids, key=lambda id_: hash((drum, id_.int)))
