"""What is measured in one community: how far honest members get, and what each attack does."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from benchmarks.communities import attacks
from benchmarks.communities.attacks import AT, Attack
from benchmarks.communities.connections import connections
from benchmarks.communities.introductions import Introductions, introductions
from benchmarks.communities.people import YEAR, Assumptions, People, people
from benchmarks.communities.scoring import World, day, praise, scored, world
from services.reputation.trust import Settings
from services.reputation.trust.circles import circles

READ = (3 * YEAR, 4 * YEAR, 5 * YEAR)
CIRCLE_AT_MOST = 12
BANDS = ("mixed", "new", "building", "established")
ESTABLISHED = BANDS.index("established")
NAMED = 3
"""Anchors named besides the founders, from 500 members on."""


@dataclass
class Found:
    """`counts`: how often, of how many; `values`: figures, one a community or draw. Both by what was measured."""

    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    values: dict[str, list[float]] = field(default_factory=dict)

    def count(self, what: str, those: Iterable[object]) -> None:
        told = [bool(one) for one in those]
        often, of = self.counts.get(what, (0, 0))
        self.counts[what] = often + sum(told), of + len(told)

    def value(self, what: str, *figures: float) -> None:
        self.values[what] = [*self.values.get(what, ()), *figures]

    def add(self, other: "Found") -> None:
        for what, (often, of) in other.counts.items():
            before = self.counts.get(what, (0, 0))
            self.counts[what] = before[0] + often, before[1] + of
        for what, values in other.values.items():
            self.value(what, *values)


@dataclass(frozen=True)
class Community:
    """A simulated community: its people, what a rule knows of it, and what only the simulator knows."""

    people: People
    known: World
    degrees: NDArray[np.int64]
    poor: NDArray[np.bool_]


def community(size: int, like: Assumptions, chance: Generator) -> Community:
    them = people(size, like, chance)
    ties = connections(them, like, chance)
    made, poor = introductions(them, ties, chance)
    named = chance.choice(size, NAMED, replace=False).tolist() if size >= 500 else []
    return Community(them, world(them, made, [*range(them.founders), *named]), ties.degrees(size), poor)


def bands(of: World, when: float, settings: Settings, members: Iterable[int]) -> list[int]:
    """The place of each member's band in BANDS."""
    members = list(members)
    trust = scored(of, when, settings, members)
    return [BANDS.index(trust.band(member, day(when))) for member in members]


def vouched(made: Introductions, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many introductions of each member went well, and badly."""
    well, badly = (np.bincount(made.voucher[which], minlength=size) for which in (made.went_well, made.went_badly))
    return well, badly


def each_year(made: Introductions, when: float, size: int, years: int = 3) -> NDArray[np.bool_]:
    """Who had exactly one introduction that went well in each of the last years, and none that didn't."""
    well, badly = vouched(made, size)
    found = badly == 0
    for year in range(years):
        then = (made.revealed > when - (year + 1) * YEAR) & (made.revealed <= when - year * YEAR)
        found &= vouched(made.where(then), size)[0] == 1
    return np.asarray(found & (well == years))


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 0, equal ones in the middle of theirs."""
    _, place, many = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(many) - (many + 1) / 2)[place])


def correlations(scores: NDArray[np.float64], degrees: NDArray[np.float64], well: NDArray[np.float64]) -> tuple[float, float]:
    """Spearman's of score and connections, and the same with what went well held still (partial). 0 if there is nothing to tell."""
    if len(scores) < 4 or min(len(set(column.tolist())) for column in (scores, degrees, well)) < 2:
        return 0.0, 0.0
    (_, raw, by_well), (_, _, both), _ = np.corrcoef([ranks(scores), ranks(degrees), ranks(well)])
    rest = np.sqrt(max(0.0, (1 - by_well**2) * (1 - both**2)))
    return float(raw), float((raw - by_well * both) / rest) if rest else 0.0


def honest(town: Community, settings: Settings) -> Found:
    """Read on the day at three, four and five years."""
    found, size = Found(), len(town.people)
    for when in READ:
        made = town.known.introductions.until(when)
        well, badly = vouched(made, size)
        trust = scored(town.known, when, settings)
        heard = np.flatnonzero(np.bincount(made.voucher[(made.said != 0).any(axis=1)], minlength=size))
        band = np.full(size, BANDS.index("new"))
        band[heard] = [BANDS.index(trust.band(her, day(when))) for her in heard.tolist()]
        found.count("two: Building", band[(well == 2) & (badly == 0)] >= BANDS.index("building"))
        found.count("five: Established", band[(well == 5) & (badly == 0)] == ESTABLISHED)
        found.count("one a year: Building", band[each_year(made, when, size)] >= BANDS.index("building"))
        for kind, which in (("poor", town.poor), ("other", ~town.poor)):
            found.count(f"{kind} vouchers of 3: Established", band[which & (well + badly >= 3)] == ESTABLISHED)
        scores = np.array([trust.score(her, day(when)) for her in heard.tolist()])
        raw, partial = correlations(scores, town.degrees[heard].astype(float), well[heard].astype(float))
        found.value("connections, raw", raw)
        found.value("connections, partial", partial)
    return found


def anchors_named(town: Community, settings: Settings, chance: Generator) -> Found:
    """Whether anybody's score falls as three more anchors are named, and three of those who said something bad."""
    found, made = Found(), town.known.introductions.until(AT)
    said_bad = np.unique(made.sides[made.said < 0])
    named = [*chance.permutation(len(town.people))[:3].tolist(), *chance.permutation(said_bad)[:3].tolist()]
    heard = np.unique(made.voucher).tolist()
    after = World(**{**vars(town.known), "anchors": town.known.anchors | set(named)})
    before, later = (scored(of, AT, settings) for of in (town.known, after))
    found.count("anchors named: lowered", (later.score(her, day(AT)) < before.score(her, day(AT)) - 1e-12 for her in heard))
    return found


def attacked(town: Community, settings: Settings, chance: Generator, draws: int) -> Found:
    """Each attack `draws` times, at four years. Of those with variants the worst counts."""
    found = Found()
    known = town.known.until(AT)
    heard = np.unique(known.introductions.voucher).tolist()
    trust = scored(known, AT, settings)
    band = {her: BANDS.index(trust.band(her, day(AT))) for her in heard}
    good = [her for her in heard if band[her] >= BANDS.index("building")]
    established = [her for her in heard if band[her] == ESTABLISHED]
    alarms = circles(praise(known.introductions), established, CIRCLE_AT_MOST)
    found.count("circles: Established honest", (her in alarms for her in established))
    for _ in range(draws):
        lifted(known, settings, chance, found)
        gained(known, settings, chance, found)
        if good:
            lowered(known, settings, chance, found, np.array(good))
    return found


def lifted(known: World, settings: Settings, chance: Generator, found: Found) -> None:
    tried: dict[str, list[Attack]] = {}
    for many in (10, 50):
        tricked = attacks.sponsored(known, chance, 1)[0]
        tried[f"ring of {many}"] = attacks.rings(known, many, tricked)
    real = attacks.sponsored(known, chance, 3)
    if len(real) == 3:
        tried["two sponsors"] = [attacks.by_sponsors(known, real[:2], 10)]
        tried["two sponsors, one woman"] = [attacks.by_sponsors(known, real[:2], 5, women=real[2:])]
        tried["one sponsor, two women"] = [attacks.by_sponsors(known, real[:1], 5, women=real[1:])]
        tried["three sponsors"] = [attacks.by_sponsors(known, real, 5)]
    founder = int(chance.integers(known.founders))
    tried["tricked founder"] = [*attacks.rings(known, 10, founder), *attacks.invited_together(known, 10, founder)]
    tried["flattering sleepers"] = [attacks.sleepers(known, chance, attacks.sponsored(known, chance, 3, apart=False), 3)]
    for name, variants in tried.items():
        bands_of = [bands(attack.world, AT, settings, attack.watched) for attack in variants]
        boss = [band[attack.watched.index(attack.boss)] for band, attack in zip(bands_of, variants, strict=True)]
        worst = int(np.argmax(boss))
        found.count(f"{name}: boss Established", [boss[worst] == ESTABLISHED])
        found.count(f"{name}: boss Building", [boss[worst] == BANDS.index("building")])
        found.count(f"{name}: anybody Established", [max(max(band) for band in bands_of) == ESTABLISHED])
        listed = circles(praise(variants[worst].world.introductions), [variants[worst].boss], CIRCLE_AT_MOST)
        found.count(f"circles: {name}", [listed])
        found.value(f"{name}: sponsors", variants[worst].sponsors)
        found.value(f"{name}: confirmed", variants[worst].confirmed)


def gained(known: World, settings: Settings, chance: Generator, found: Found) -> None:
    attack = attacks.clique(known, chance)
    before, after = (np.array(bands(of, AT, settings, attack.watched)) for of in (known, attack.world))
    rise = np.maximum(after, 1) - np.maximum(before, 1)
    found.count("clique: one band more", rise == 1)
    found.count("clique: two bands more", rise > 1)
    found.value("clique: confirmed", attack.confirmed)


def lowered(known: World, settings: Settings, chance: Generator, found: Found, good: NDArray[np.int64]) -> None:
    victims = chance.permutation(good)[:30]
    before = np.array(bands(known, AT, settings, victims.tolist()))
    for name, age, many in (
        ("fresh slander", attacks.FRESH, 1),
        ("200-day slander, one sponsor", attacks.YOUNG, 1),
        ("200-day slander, four sponsors", attacks.YOUNG, 4),
    ):
        attack = attacks.slander(known, attacks.sponsored(known, chance, many), victims, age)
        after = np.array(bands(attack.world, AT, settings, victims.tolist()))
        found.count(f"{name}: band lost", after != before)
        found.count(f"{name}: Established lost", after[before == ESTABLISHED] != ESTABLISHED)
        found.value(f"{name}: sponsors", attack.sponsors)
        found.value(f"{name}: confirmed", attack.confirmed)


def measured(size: int, like: Assumptions, seed: tuple[int, ...], draws: int, settings: Settings) -> Found:
    """One community, whole."""
    chance = default_rng([size, *seed])
    town = community(size, like, chance)
    found = honest(town, settings)
    found.add(anchors_named(town, settings, chance))
    found.add(attacked(town, settings, chance, draws))
    return found
