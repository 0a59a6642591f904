"""Which groups moderators are shown. Pure."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from services.reputation.trust.circles import circles
from shared.contracts.http.reputation import MOST_IN_A_CIRCLE

Group = frozenset[UUID]


def groups(praise: Mapping[UUID, Iterable[UUID]], established: Collection[UUID]) -> list[Group]:
    """The groups of the Established, without those that lie in another. `praise`: by whom each was praised.

    Of the others nearly everybody's praise leads nowhere yet: a first introduction is a group of three.
    """
    pairs = ((rater, about) for about, raters in praise.items() for rater in raters)
    found = set(circles(pairs, established, MOST_IN_A_CIRCLE).values())
    of: dict[UUID, list[Group]] = {}
    for group in found:
        for her in group:
            of.setdefault(her, []).append(group)
    return [group for group in found if not any(group < other for other in of[next(iter(group))])]


def shown_to(found: Iterable[Group], knows: Collection[UUID]) -> list[Group]:
    """Those that a moderator may look at who knows these women: nobody of them."""
    return [group for group in found if group.isdisjoint(knows)]
