"""Introductions a second and their latency, next to the bare loop's in the same run on the same servers.

`make bench`, or `python -m benchmarks [--seconds 30] [--keep]`. Results go to `.results/`, with `--keep` also to
`benchmarks/results/introductions.json`, the reference that is kept with the code.
"""

import argparse
import asyncio
import json
import os
import platform
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import structlog

from benchmarks import bare, cost, figures, generator, journey, report, seed
from benchmarks.stage import ADMIN, PROCESSES, Stage, in_a_process, staged
from deploy.local import broker, postgres
from deploy.local.home import ROOT

WINDOW = 256
RATE = 20
WARM_UP = 1_500
MARGIN = 1.5


class Run:
    """One run of everything; `seconds` is how long each measurement lasts."""

    def __init__(self, stage: Stage, seconds: float) -> None:
        self.stage, self.seconds, self.confirmed = stage, seconds, 0

    async def bare(self, pace: str) -> bare.Measured:
        task: bare.Task = {
            "database": await self.stage.bare_database(),
            "nats": self.stage.nats.url,
            "user": ADMIN[0],
            "password": ADMIN[1],
            "smtp_port": self.stage.ports["smtp"],
            "pace": pace,
            "most": 10**6,
        }
        measured: bare.Measured = await in_a_process("benchmarks.bare", task)
        return measured

    async def seeded(self, count: int) -> list[seed.Seeded]:
        """Set up `count` introductions that wait for their second confirmation."""
        stage = self.stage
        return await seed.introductions(stage.database("requests"), stage.database("reputation"), stage.database("notify"), count)

    async def confirm(self, rows: list[seed.Seeded], pace: str) -> generator.Measured:
        """Confirm these at this pace."""
        task: generator.Task = {
            "api_port": self.stage.ports["requests-api"],
            "control_port": self.stage.ports["control"],
            "signing_key": self.stage.secrets.signing_key,
            "pace": pace,
            "introductions": [(str(row.introduction_id), str(row.counterpart_id), row.addresses) for row in rows],
        }
        measured: generator.Measured = await in_a_process("benchmarks.generator", task)
        self.confirmed += len(measured["introductions"])
        return measured

    async def warm_up(self) -> float:
        """Let every process have done everything once; about how many a second there were."""
        measured = await self.confirm(await self.seeded(WARM_UP), f"window:{WINDOW}:{self.seconds}")
        await self._empty()
        return len(measured["introductions"]) / (_last_letter(measured) - measured["began"])

    async def most(self, expected: float) -> dict[str, Any]:
        """The most a second that go all the way, and what they cost; about `expected` a second are expected."""
        rows = await self.seeded(int(expected * self.seconds * MARGIN) + 4 * WINDOW)
        pids = {name: child.pid for name, child in self.stage.children.items()}
        before = cost.cpu_seconds(pids)
        measured = await self.confirm(rows, f"window:{WINDOW}:{self.seconds}")
        empty, left = await cost.until_empty(self.stage, self.confirmed)
        after = cost.cpu_seconds(pids)
        last, count = _last_letter(measured), len(measured["introductions"])
        spent = {name: after[name] - before[name] for name in pids} | {"generator": measured["cpu"]}
        return {
            "count": count,
            "seconds": round(last - measured["began"], 2),
            "per_second": round(count / (last - measured["began"]), 1),
            "empty_after_seconds": round(empty - last, 2),
            "left_waiting": left,
            "problems": measured["problems"][:10],
            "cpu_ms_each": {name: round(seconds / count * 1000, 3) for name, seconds in spent.items()},
        }

    async def steady(self) -> dict[str, Any]:
        """How long each takes at 20 a second, and where the time goes."""
        measured = await self.confirm(await self.seeded(int(RATE * self.seconds)), f"steady:{RATE}:{self.seconds}")
        await self._empty()
        took = [max(timed["letters"]) - timed["began"] for timed in measured["introductions"] if len(timed["letters"]) >= 2]
        return {
            "per_second": RATE,
            "latency_ms": figures.quantiles(took),
            "problems": measured["problems"][:10],
            "stages_ms": await journey.stages(self.stage, measured["introductions"]),
        }

    async def _empty(self) -> None:
        _, left = await cost.until_empty(self.stage, self.confirmed)
        if left:
            raise RuntimeError(f"still waiting: {left}")


def _last_letter(measured: generator.Measured) -> float:
    return max(at for timed in measured["introductions"] for at in timed["letters"])


async def run(seconds: float) -> dict[str, Any]:
    """Everything, each measurement lasting so many seconds."""
    load = os.getloadavg()[0]
    async with staged() as stage:
        this = Run(stage, seconds)
        _say("the bare loop: as many as go through")
        bare_most = await this.bare(f"window:{WINDOW}:{seconds}")
        _say(f"the bare loop: {RATE} a second")
        bare_steady = await this.bare(f"steady:{RATE}:{seconds}")
        _say("starting the services, warming up")
        await stage.start_processes()
        expected = await this.warm_up()
        _say(f"introductions: {RATE} a second")
        steady = await this.steady()
        _say("introductions: as many as go through")
        most = await this.most(expected)
    bare_rate = bare_most["count"] / bare_most["seconds"]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(load),
        "settings": {"seconds": seconds, "window": WINDOW, "notify_workers": sum(process.database == "notify" for process in PROCESSES)},
        "bare": {"per_second": round(bare_rate, 1), "count": bare_most["count"], "latency_ms": bare_steady["latency"]},
        "most": most,
        "steady": steady,
        "ratios": {
            "throughput": round(most["per_second"] / bare_rate, 3),
            "p99": round(steady["latency_ms"]["p99"] / bare_steady["latency"]["p99"], 2),
        },
    }


def _machine(load: float) -> dict[str, Any]:
    return {
        "cores": psutil.cpu_count(),
        "python": platform.python_version(),
        "postgres": postgres.version(),
        "nats": broker.version(),
        "load_before": round(load, 2),
    }


def _say(what: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {what}", flush=True)


def main() -> int:
    """Run, print the table, keep the results; 1 if something went wrong on the way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="how long each measurement lasts")
    parser.add_argument("--keep", action="store_true", help="make this the reference in benchmarks/results")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    results = asyncio.run(run(arguments.seconds))
    for path in _kept(results["at"], keep=arguments.keep):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=2) + "\n")
        print(f"  results: {path.relative_to(ROOT)}")
    print(report.table(results))
    return 1 if results["most"]["problems"] or results["steady"]["problems"] or results["most"]["left_waiting"] else 0


def _kept(at: str, *, keep: bool) -> list[Path]:
    stamp = at.replace(":", "").replace("+0000", "Z")
    reference = [ROOT / "benchmarks" / "results" / "introductions.json"] if keep else []
    return [ROOT / ".results" / f"introductions-{stamp}.json", *reference]


if __name__ == "__main__":
    raise SystemExit(main())
