"""What people who want a band they haven't earned, or to take one away, can do: invitations and introductions, nothing else.

An account's word about a boss needs an introduction in which the boss vouches and the account is a side; where all sides are accounts, no
real woman has to confirm it. What needs one is counted: that is the price.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from benchmarks.communities.introductions import Introductions, made, together
from benchmarks.communities.people import YEAR, Ids
from benchmarks.communities.scoring import World

AT = 4 * YEAR
"""The day of the attack, on which it is read."""
FRESH, YOUNG, LONG_HERE = 60, 200, YEAR


@dataclass(frozen=True)
class Attack:
    """The community with it, the accounts or members it is to lift or lower, and what it cost: real sponsors, confirmed introductions."""

    world: World
    watched: tuple[int, ...]
    boss: int
    sponsors: int
    confirmed: int


def praise(pairs: Sequence[tuple[int, Sequence[int]]], said: int = 1, when: float = AT) -> Introductions:
    """The introductions in which each voucher hears that from each of her raters (at least 2), two at a time; an odd one with the first."""
    rows = []
    for voucher, raters in pairs:
        both = [*raters, raters[0]] if len(raters) % 2 else list(raters)
        rows += [(voucher, one, other, when, said, said) for one, other in zip(both[::2], both[1::2], strict=True)]
    return made(rows)


def needs(introductions: Introductions, real: int) -> int:
    """How many have a real woman (an id below `real`) in them, as a side or as the voucher."""
    return int(((introductions.sides < real).any(axis=1) | (introductions.voucher < real)).sum())


def built(world: World, acts: Introductions, watched: Sequence[int], *, real: int, sponsors: int) -> Attack:
    """The community with these acts; ids below `real` are women's, and the first of those watched is the boss."""
    return Attack(world.introduced(acts), tuple(watched), watched[0], sponsors, needs(acts, real))


def sponsored(before: World, chance: Generator, many: int, apart: bool = True) -> list[int]:
    """Random members, neither founders nor anchors, to be tricked; of different branches, if the community has so many."""
    there = np.flatnonzero(before.joined < AT - LONG_HERE)
    found: list[int] = []
    for member in chance.permutation(there[there >= before.founders]).tolist():
        if member not in before.anchors and not (apart and before.branch[member] in before.branch[found]):
            found.append(member)
        if len(found) == many:
            break
    return found


def rings(before: World, many: int, tricked: int, age: int = LONG_HERE) -> list[Attack]:
    """`many` accounts below a boss whom one tricked member invited: all praise each other or the boss, with her own word or without."""
    world = before.joined_by([tricked] + [len(before.joined)] * many, AT - age)
    boss, *others = range(len(before.joined), len(world.joined))
    everybody = [(one, [other for other in (boss, *others) if other != one]) for one in (boss, *others)]
    found = []
    for acts in (praise([(boss, others)]), praise(everybody)):
        hers = praise([(boss, [tricked, others[0]])])
        found += [built(world, more, (boss, *others), real=len(before.joined), sponsors=1) for more in (acts, together(acts, hers))]
    return found


def invited_together(before: World, many: int, tricked: int) -> list[Attack]:
    """The same, all of them invited by the tricked member herself: it differs if that makes each a branch."""
    world = before.joined_by([tricked] * (many + 1), AT - LONG_HERE)
    boss, *others = range(len(before.joined), len(world.joined))
    acts = praise([(boss, others)])
    hers = praise([(boss, [tricked, others[0]])])
    return [built(world, more, (boss, *others), real=len(before.joined), sponsors=1) for more in (acts, together(acts, hers))]


def by_sponsors(before: World, sponsors: Sequence[int], many: int, women: Sequence[int] = (), met: Sequence[int] = ()) -> Attack:
    """A boss below the first of these sponsors, and `many` accounts below all of them in turn; all praise the boss, who praises nobody.

    Real `women` praise her too, each introduced to an account; real women were glad to have met two of the accounts: `met`.
    """
    below = [sponsors[place % len(sponsors)] for place in range(many)]
    world = before.joined_by([sponsors[0], *below], AT - LONG_HERE)
    boss, *others = range(len(before.joined), len(world.joined))
    rows = [(others[0], others[len(sponsors) * (1 + place % 2)], woman, AT - 1.0, 1, 1) for place, woman in enumerate(met)]
    return built(world, together(made(rows), praise([(boss, [*others, *women])])), [boss], real=len(before.joined), sponsors=len(sponsors))


def sleepers(before: World, chance: Generator, sponsors: Sequence[int], flattered: int) -> Attack:
    """As many sleepers as sponsors; each first praises some honest vouchers, in introductions with a real woman; then all praise a boss."""
    world = before.joined_by([sponsors[0], *sponsors], AT - LONG_HERE)
    boss, *others = range(len(before.joined), len(world.joined))
    rows = []
    for sleeper in others:
        for voucher, side in chance.choice(len(before.joined), (flattered, 2), replace=False).tolist():
            rows.append((voucher, sleeper, side, AT - 30.0, 1, 1))
    return built(world, together(made(rows), praise([(boss, others)])), [boss], real=len(before.joined), sponsors=len(sponsors))


def slander(before: World, sponsors: Sequence[int], victims: Ids, age: int, many: int = 20) -> Attack:
    """`many` accounts of that age say of each victim that what she vouched for wasn't so: she vouched for them, two at a time."""
    world = before.joined_by([sponsors[place % len(sponsors)] for place in range(many)], AT - age)
    accounts = list(range(len(before.joined), len(world.joined)))
    acts = praise([(victim, accounts) for victim in victims.tolist()], said=-1)
    attack = built(world, acts, victims.tolist(), real=len(before.joined), sponsors=len(sponsors))
    return replace(attack, confirmed=attack.confirmed // len(victims))


def clique(before: World, chance: Generator, many: int = 10) -> Attack:
    """Random members praise each other, every pair."""
    members = sorted(chance.choice(np.flatnonzero(before.joined < AT), min(many, len(before.joined)), replace=False).tolist())
    everybody = [(one, [other for other in members if other != one]) for one in members]
    return built(before, praise(everybody), members, real=len(before.joined), sponsors=0)
