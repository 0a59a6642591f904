"""Groups that are praised by nobody but themselves: a list for moderators, for what no score can tell.

Three women by three paths who were tricked look like three who were right. But the accounts they let in praise each other, and nobody else
praises them. A real member's praise leads on, from who praised her to who praised those, until it has left every small group.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Her = TypeVar("Her", bound=Hashable)


def circles(praise: Iterable[tuple[Her, Her]], members: Iterable[Her], most: int) -> Mapping[Her, frozenset[Her]]:
    """The group of each of `members` who has one of at most `most` women, herself included.

    `praise`: (who praised, whom), as vouchers and as sides. A group is everybody to whom praise leads back from her: all that is said well
    of a woman in it was said by women in it. Nobody is in a group without praise.

    Each member costs at most `most`² steps, however much praise there is, and reading it costs one step each.
    """
    praised_by: dict[Her, set[Her]] = defaultdict(set)
    for rater, about in praise:
        if rater != about:
            praised_by[about].add(rater)
    found = {her: _leading_back(her, praised_by, most) for her in members if her in praised_by}
    return {her: group for her, group in found.items() if len(group) <= most}


def _leading_back(her: Her, praised_by: Mapping[Her, set[Her]], most: int) -> frozenset[Her]:
    """Everybody to whom praise leads back, or more than `most` of them."""
    group, ahead = {her}, [her]
    while ahead and len(group) <= most:
        for rater in praised_by.get(ahead.pop(), ()):
            if rater not in group:
                group.add(rater)
                ahead.append(rater)
            if len(group) > most:
                break
    return frozenset(group)
