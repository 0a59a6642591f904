"""`python -m benchmarks.communities.ideas`: rules that were tried beside the product's, and what each gives; the record is decision 0043.

The arithmetic of the product's rule in a second form, with what an idea changes of it as options. It reads one member at a time, so it is
no replacement for `Trust`; that the first of the ideas agrees with `Trust` is tested.
"""

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from rich.progress import track

from benchmarks.communities import attacks
from benchmarks.communities.attacks import AT, Attack
from benchmarks.communities.measures import READ, Found, community, vouched
from benchmarks.communities.people import SPARSE, TIGHT, USUAL
from benchmarks.communities.scoring import World

HALF_LIFE, GRACE = 1095, 90
BASE, CAP, BAD_CAP, MUTUAL, MOST = 0.5, 0.5, 0.25, 0.49, 5.0
MUCH, SCORE = 1.05, 2 / 3


@dataclass(frozen=True)
class Idea:
    """What differs from the product's rule of the time when this was tried: five women, and no path says twice as much.

    A woman is *known elsewhere* if women of `paths` other paths said well of her, as a side or as a voucher, and the other side did, too.
    `women`: who must have praised an Established member · `doubles`: a path with two women known elsewhere may say twice as much ·
    `needs`: so many of those who praise must be known elsewhere, to women who joined before them (or be anchors) ·
    `second`: the invitees of a founder's invitee are paths too, and a whole branch comes to this at most ·
    `forgiven`: with so much against her, Established asks for no score ·
    `strangers`: what the bad words of women who aren't known elsewhere, to women who joined before them, come to together; None: no bound.
    """

    name: str
    women: int = 5
    paths: int = 2
    doubles: bool = False
    needs: int = 0
    second: float = 0.0
    forgiven: float = 0.0
    strangers: float | None = None


IDEAS = (
    Idea("the rule before"),
    Idea("four women", women=4),
    Idea("three women", women=3),
    Idea("known to 1 path doubles", doubles=True, paths=1),
    Idea("known to 2 paths doubles", doubles=True),
    Idea("known to 3 paths doubles", doubles=True, paths=3),
    Idea("second level, branch at most .75", second=0.75),
    Idea("second level, branch at most 1", second=1.0),
    Idea("one of them known elsewhere", needs=1),
    Idea("two of them known elsewhere", needs=2),
    Idea("four women, one known elsewhere", women=4, needs=1),
    Idea("the product's rule", women=4, doubles=True),
    Idea("four women, 2 doubles, one known", women=4, doubles=True, needs=1),
    Idea("strangers' bad words don't count", strangers=0),
    Idea("strangers' bad words at most ¼", strangers=0.25),
    Idea("one path's bad words take nothing", forgiven=0.25),
    Idea("both of these", forgiven=0.25, strangers=0.25),
    Idea("both, 4 women, 2 doubles, one known", women=4, doubles=True, needs=1, forgiven=0.25, strangers=0.25),
)


@dataclass
class Told:
    """Who said what by a day: of each member the voucher words (day, good) by rater, and who says well of her."""

    world: World
    when: float
    words: dict[int, dict[int, tuple[float, bool]]] = field(default_factory=lambda: defaultdict(dict))
    praised_by: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        made = self.world.introductions.until(self.when)
        for voucher, sides, day, said in zip(*(c.tolist() for c in (made.voucher, made.sides, made.revealed, made.said)), strict=True):
            for side in (0, 1):
                if said[side]:
                    self.words[voucher][sides[side]] = day, said[side] > 0
                if min(said) > 0:  # else how others' words count would tell which side wasn't content
                    self.praised_by[voucher].add(sides[side])
                    self.praised_by[sides[1 - side]].add(sides[side])

    def known(self, her: int, paths: int, older: bool) -> bool:
        """Whether women of so many other paths, whose word counts, said well of her; if `older`, women who joined before her."""
        branch, joined = self.world.branch, self.world.joined
        by = {int(branch[who]) for who in self.praised_by[her] if self.counts(who) and (not older or joined[who] < joined[her])}
        return len(by - {int(branch[her])}) >= paths

    def counts(self, her: int) -> bool:
        """Whether her word does: she has been a member for long enough, or is an anchor."""
        return bool(self.when - self.world.joined[her] >= GRACE) or her in self.world.anchors

    def weights(self, her: int, idea: Idea) -> tuple[float, float, int, int]:
        """p, q, how many praise her, and how many of those are known elsewhere."""
        world = self.world
        good: dict[tuple[int, int], float] = defaultdict(float)
        mutual: dict[tuple[int, int], float] = defaultdict(float)
        bad: dict[tuple[int, bool], float] = defaultdict(float)
        doubling: dict[tuple[int, int], int] = defaultdict(int)
        women = known = 0
        for rater, (day, praise) in self.words[her].items():
            anchor, branch = rater in world.anchors, int(world.branch[rater])
            if not self.counts(rater):
                continue
            weight = 2 ** ((day - self.when) / HALF_LIFE)
            if not praise:
                stranger = idea.strangers is not None and not anchor and not self.known(rater, idea.paths, older=True)
                bad[branch, stranger] += BASE * weight
                continue
            hers = branch, self._second(rater) if idea.second else 0
            path = (rater, -1) if anchor else hers
            returned = self.words[rater].get(her, (0.0, False))[1]
            (mutual if returned else good)[path] += weight * (1 if anchor else BASE)
            women += 1
            known += bool(idea.needs) and (anchor or self.known(rater, idea.paths, older=True))
            # An anchor goes on doubling the path she came by, so that to name one lowers nobody.
            doubling[hers] += idea.doubles and self.known(rater, idea.paths, older=False)
        caps = {path: 1.0 if path[1] == -1 else CAP * min(2, max(1, doubling[path])) for path in {*good, *mutual}}
        p = _praise(good, mutual, caps, idea.second)
        q = sum(min(BAD_CAP, amount) for (_, stranger), amount in bad.items() if not stranger)
        return p, q + min(idea.strangers or 0, sum(amount for (_, stranger), amount in bad.items() if stranger)), women, known

    def _second(self, her: int) -> int:
        """Below which invitee of the branch's first woman she came in."""
        sponsor, first = self.world.sponsor, self.world.branch[her]
        while her != first and sponsor[her] != first:
            her = int(sponsor[her])
        return her

    def established(self, her: int, idea: Idea) -> bool:
        p, q, women, known = self.weights(her, idea)
        enough = q <= idea.forgiven or (p + 0.5) / (p + 4 * q + 1) >= SCORE
        return p > MUCH and enough and women >= idea.women and known >= idea.needs


def _praise(
    good: Mapping[tuple[int, int], float], mutual: Mapping[tuple[int, int], float], caps: Mapping[tuple[int, int], float], most: float
) -> float:
    """All praise, each path and all that is mutual within its bound; with `most`, each branch too."""
    branches: dict[tuple[int, bool], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for path in sorted({*good, *mutual}):
        one = min(caps[path], good.get(path, 0.0))
        other = min(caps[path] - one, mutual.get(path, 0.0))
        total = branches[path[0], path[1] == -1]
        if most and path[1] != -1:
            one = min(one, most - sum(total))
            other = min(other, most - sum(total) - one)
        total[0] += one
        total[1] += other
    return min(MOST, sum(one for one, _ in branches.values()) + min(MUTUAL, sum(other for _, other in branches.values())))


def attacked(known: World, seed: Sequence[int]) -> dict[str, Attack]:
    """What a boss can buy: sponsors, real women who find her introduction worthwhile, and real women glad to have met two accounts.

    Nothing if there are no five branches to choose the real women from.
    """
    real = attacks.sponsored(known, default_rng([*seed, 1]), 5)
    if len(real) < 5:
        return {}
    one, two, three, four, five = real
    return {
        "1 sponsor, accounts met 4 women": attacks.by_sponsors(known, [one], 8, met=[two, three, four, five]),
        "2 sponsors": attacks.by_sponsors(known, [one, two], 8),
        "2 sponsors, both praise": attacks.by_sponsors(known, [one, two], 8, women=[one, two]),
        "2 sponsors, accounts met 2 women": attacks.by_sponsors(known, [one, two], 8, met=[three, four]),
        "2 sponsors, 1 woman": attacks.by_sponsors(known, [one, two], 8, women=[three]),
        "1 sponsor, 2 women": attacks.by_sponsors(known, [one], 8, women=[two, three]),
        "3 sponsors": attacks.by_sponsors(known, [one, two, three], 9),
    }


def measured(known: World, poor: NDArray[np.bool_], seed: Sequence[int], draws: int, found: Found) -> None:
    """Count for each idea who is Established, of members and of bosses."""
    for when in READ:
        told = Told(known, when)
        well, badly = vouched(known.introductions.until(when), len(known.joined))
        five, some = (well == 5) & (badly == 0), well + badly >= 3
        for idea in IDEAS:
            found.count(f"{idea.name}: five", (told.established(her, idea) for her in np.flatnonzero(five).tolist()))
            for kind, which in (("poor", some & poor), ("others", some & ~poor)):
                found.count(f"{idea.name}: {kind}", (told.established(her, idea) for her in np.flatnonzero(which).tolist()))
    for draw in range(draws):
        for name, attack in attacked(known, [*seed, draw]).items():
            told = Told(attack.world, AT)
            for idea in IDEAS:
                found.count(f"{idea.name}: {name}", [told.established(attack.boss, idea)])
        slandered(known, default_rng([*seed, draw, 2]), found)
    changed(known, default_rng([*seed, 3]), found)


def changed(known: World, chance: Generator, found: Found) -> None:
    """What must never be: a clique that gains two bands, and a member whom a new anchor lowers."""
    clique = attacks.clique(known, chance)
    named = replace(known, anchors=known.anchors | set(chance.choice(len(known.joined), 6, replace=False).tolist()))
    before, after, later = Told(known, AT), Told(clique.world, AT), Told(named, AT)
    for idea in IDEAS:
        new = [her for her in clique.watched if before.weights(her, idea)[0] < BASE]
        found.count(f"{idea.name}: clique +2", (after.established(her, idea) for her in new))
        heard = [her for her, words in before.words.items() if words]
        fell = (later.weights(her, idea)[0] < before.weights(her, idea)[0] - 1e-12 for her in heard)
        found.count(f"{idea.name}: anchors lower", fell)


def slandered(known: World, chance: Generator, found: Found) -> None:
    """How many Established members are no longer, after 20 accounts of 200 days by one sponsor, and by four."""
    before = Told(known, AT)
    heard = chance.permutation(np.unique(known.introductions.until(AT).voucher))[:200]
    for sponsors in (1, 4):
        attack = attacks.slander(known, attacks.sponsored(known, chance, sponsors), heard, attacks.YOUNG)
        after = Told(attack.world, AT)
        for idea in IDEAS:
            good = [her for her in heard.tolist() if before.established(her, idea)]
            found.count(f"{idea.name}: slander by {sponsors}", (not after.established(her, idea) for her in good))


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.communities.ideas", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--communities", type=int, nargs=3, default=(160, 24, 3), metavar="N", help="of 50, 500 and 20,000 members")
    given = parser.parse_args()
    for like in (USUAL, TIGHT, SPARSE):
        for size, many, draws in zip((50, 500, 20_000), given.communities, (1, 2, 4), strict=True):
            found = Found()
            for one in track(range(many), f"{like.name} {size:,}", transient=True):
                seed = [size, given.seed, 7, one]
                town = community(size, like, default_rng(seed))
                measured(town.known, town.poor, seed, draws, found)
            columns = [name.split(": ")[1] for name in found.counts if name.startswith(f"{IDEAS[0].name}: ")]
            of = [f"{name} ({found.counts[f'{IDEAS[0].name}: {name}'][1]:,})" for name in columns]
            print(f"\n{like.name}, {size:,}: Established", *of, sep=" | ")
            for idea in IDEAS:
                shares = (found.counts[f"{idea.name}: {name}"] for name in columns)
                print(f"  {idea.name:40}", *(f"{often / many:.2f}" if many else "-" for often, many in shares), sep=" | ")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
