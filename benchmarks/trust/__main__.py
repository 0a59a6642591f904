"""`python -m benchmarks.trust`: both tables, the holes that they don't show, and the figure."""

import argparse
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from rich.progress import Progress

from benchmarks.trust import FIRST, SETTINGS, figure, tables
from benchmarks.trust.accuracy import predict, windowed_auc
from benchmarks.trust.attacks import ATTACKS, community
from benchmarks.trust.counting import Beta, Mean, Popularity, Scorer
from benchmarks.trust.graphs import EigenTrust, FairnessGoodness, PageRank
from benchmarks.trust.model import Model
from benchmarks.trust.ratings import MISSING, Rating, first_rated, load
from benchmarks.trust.resistance import Moved, Snapshot

WITHOUT = "the first model without unanchored bad"
"""Measured for its accuracy alone."""
CLOSELY = ("Beta", "Fairness & Goodness", "the first model", "this model")
"""Those whose holes are measured, too."""
HELP = argparse.ArgumentDefaultsHelpFormatter
K = TypeVar("K")
R = TypeVar("R")
ROOT = Path(__file__).resolve().parents[2]
ALPHA = ROOT / "../shared/data/soc-sign-bitcoinalpha.csv"


class Options(NamedTuple):
    """What the command was given."""

    data: Path
    figure: Path
    draws: int
    seed: int
    snapshot: float
    anchors: int
    every: int
    window: int
    processes: int


def options() -> Options:
    parser = argparse.ArgumentParser("python -m benchmarks.trust", description=__doc__, formatter_class=HELP)
    add = parser.add_argument
    add("--data", type=Path, default=ALPHA, help="ratings: from, to, -10 to 10, seconds since 1970")
    add("--figure", type=Path, default=ROOT / "docs/pictures/trust.svg", help="where the figure goes")
    add("--draws", type=int, default=12, help="of each attack")
    add("--seed", type=int, default=1, help="of the first draw")
    add("--snapshot", type=float, default=0.6, help="the share of the ratings after which attacks begin")
    add("--anchors", type=int, default=10, help="how many of those who were rated first")
    add("--every", type=int, default=500, help="after how many ratings standing and graphs are computed anew")
    add("--window", type=int, default=1000, help="how many ratings a window has")
    add("--processes", type=int, default=2, help="how many work at once")
    return Options(**vars(parser.parse_args()))


def scorers(anchors: list[int]) -> Mapping[str, Callable[[], Scorer]]:
    return {
        "popularity": Popularity,
        "ratee's mean": Mean,
        "PageRank": PageRank,
        "EigenTrust": lambda: EigenTrust(anchors),
        "Fairness & Goodness": FairnessGoodness,
        "Beta": Beta,
        "Beta, half-life 180 days": lambda: Beta(180),
        WITHOUT: lambda: Model(anchors, replace(FIRST, most_unanchored=0)),
        "the first model": lambda: Model(anchors, FIRST),
        "this model": lambda: Model(anchors, SETTINGS),
    }


@cache
def ratings(data: Path) -> list[Rating]:
    return load(data)


def scorer(name: str, given: Options) -> Scorer:
    return scorers(first_rated(ratings(given.data), given.anchors))[name]()


def accuracy(name: str, given: Options) -> tuple[float, float]:
    found = predict(scorer(name, given), ratings(given.data), given.every)
    return windowed_auc(found, float("inf"), given.window), windowed_auc(found, 3, given.window)


@cache
def snapshot(name: str, given: Options) -> Snapshot:
    return Snapshot(scorer(name, given), community(ratings(given.data), given.snapshot))


def attacked(name: str, attack: str, given: Options) -> list[Moved]:
    return [snapshot(name, given).attacked(ATTACKS[attack], given.seed * 1000 + draw) for draw in range(given.draws)]


def popularity(name: str, given: Options) -> float:
    return snapshot(name, given).popularity()


def measure(given: Options) -> tables.Found:
    """Everything, on as many processes as were given."""
    names = list(scorers([]))
    with ProcessPoolExecutor(given.processes) as pool, Progress(transient=True) as progress:
        moved = {
            (name, attack): pool.submit(attacked, name, attack, given)
            for name in names
            for attack in ATTACKS
            if name in CLOSELY or (name != WITHOUT and attack in tables.SHOWN)
        }
        accurate = {name: pool.submit(accuracy, name, given) for name in names}
        popular = {name: pool.submit(popularity, name, given) for name in names}
        jobs: list[Future[Any]] = [*moved.values(), *accurate.values(), *popular.values()]
        for _ in progress.track(as_completed(jobs), total=len(jobs), description="replays and attacks"):
            pass
        return tables.Found(_results(accurate), _results(popular), _results(moved))


def _results(jobs: Mapping[K, Future[R]]) -> dict[K, R]:
    return {key: job.result() for key, job in jobs.items()}


def main() -> None:
    given = options()
    if not given.data.is_file():
        print(MISSING.format(path=given.data))
        return
    found = measure(given)
    print(tables.render(found))
    given.figure.write_text(figure.drawn(found), encoding="utf-8")
    print(f"The figure is in {given.figure.name}.")


if __name__ == "__main__":
    main()
