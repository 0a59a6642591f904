"""`python -m benchmarks.communities`: how the product's rule of trust fares in simulated communities. Answers 1 if a gate is missed.

Figures in brackets say of how many.
"""

import argparse
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed

from rich.progress import Progress

from benchmarks.communities import report
from benchmarks.communities.gates import missed
from benchmarks.communities.measures import Found, measured
from benchmarks.communities.people import SPARSE, TIGHT, USUAL, Assumptions
from services.reputation.trust import PRODUCT

SIZES, SMALLEST = (50, 500, 20_000), 20
KINDS = ((USUAL, 1), (TIGHT, 4), (SPARSE, 4))
"""Each kind, and so many times fewer communities and draws of it."""
Job = tuple[int, Assumptions, tuple[int, ...], int]


def jobs(seed: int, sizes: Sequence[int], communities: Sequence[int], draws: Sequence[int]) -> list[Job]:
    """Each community, the large ones first, with its share of the draws."""
    found = []
    for size, many, attacked in zip(sizes, communities, draws, strict=True):
        for place, (like, fewer) in enumerate(KINDS):
            some, tries = max(1, many // fewer), max(1, attacked // fewer)
            found += [(size, like, (seed, place, one), tries // some + (one < tries % some)) for one in range(some)]
    return sorted(found, key=lambda job: -job[0])


def usually(size: int) -> tuple[int, int]:
    """How many communities of that size, and how many draws of each attack: 600 and 96 of 50 members, 4 and 12 of 20,000."""
    return max(4, round(600 * (50 / size) ** 0.9)), max(4, round(96 * (50 / size) ** 0.35))


def run(todo: Sequence[Job], processes: int) -> dict[str, dict[int, Found]]:
    """All of them, by kind and size."""
    found: dict[str, dict[int, Found]] = {like.name: {size: Found() for size in sorted({job[0] for job in todo})} for like, _ in KINDS}
    with Progress(transient=True) as bar, ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        task = bar.add_task("communities", total=sum(job[0] for job in todo))
        running: dict[Future[Found], Job] = {pool.submit(measured, *job, PRODUCT): job for job in todo}
        results: dict[Job, Found] = {}
        for done in as_completed(running):
            results[running[done]] = done.result()
            bar.advance(task, running[done][0])
    for job in todo:  # in their order, so that the figures never depend on which was done first
        found[job[1].name][job[0]].add(results[job])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.communities", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="MEMBERS", help=f"at least {SMALLEST} each")
    parser.add_argument("--communities", type=int, nargs="+", metavar="N", help="how many of each size; without it, fewer of larger ones")
    parser.add_argument("--draws", type=int, nargs="+", metavar="N", help="of each attack, for each size; without it, fewer in larger ones")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args(arguments)
    usual = zip(*map(usually, given.sizes), strict=True)
    communities, draws = (said or values for said, values in zip((given.communities, given.draws), usual, strict=True))
    if min(given.sizes) < SMALLEST or not len(communities) == len(draws) == len(given.sizes):
        parser.error(f"sizes are at least {SMALLEST}, and there are as many numbers of communities and of draws")
    found = run(jobs(given.seed, given.sizes, communities, draws), given.processes)
    for kind, by_size in found.items():
        print(report.table(kind, by_size), report.prices(by_size), report.listed(by_size), "", sep="\n\n")
    wrong = missed(found["usual"])
    print("\n".join(f"MISSED: {line}" for line in wrong) or "every gate holds")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
