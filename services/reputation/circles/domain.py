"""Which groups moderators are shown. Pure."""

from collections.abc import Collection, Iterable
from uuid import UUID

from services.reputation.trust.circles import circles
from shared.contracts.http.reputation import MOST_IN_A_CIRCLE

Group = frozenset[UUID]


def groups(praise: Iterable[tuple[UUID, UUID]], established: Collection[UUID]) -> list[Group]:
    """The groups of the Established, without those that lie in another.

    Of the others nearly everybody's praise leads nowhere yet: a first introduction is a group of three.
    """
    found = set(circles(praise, established, MOST_IN_A_CIRCLE).values())
    of: dict[UUID, list[Group]] = {}
    for group in found:
        for her in group:
            of.setdefault(her, []).append(group)
    return [group for group in found if not any(group < other for other in of[next(iter(group))])]


def shown_to(found: Iterable[Group], knows: Collection[UUID]) -> list[Group]:
    """Those that a moderator may look at who knows these women: nobody of them."""
    return [group for group in found if group.isdisjoint(knows)]
