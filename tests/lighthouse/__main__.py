"""What Lighthouse says of the first page, of Today and of an introduction: the pages as served, over services in memory.

Each is looked at five times, as by a phone on a slow network (Lighthouse's own defaults), and the median counts. Fails below 98.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from services.web.session import SESSION
from tests.conftest import BROWSERS
from tests.web.conftest import Browser, Community, pages_over
from tests.web.fakes import Fakes
from tests.web.scenes import trio
from tests.web.serving import served

PROGRAM = Path(__file__).parents[2] / ".venv" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
RUNS, LEAST = 5, 98
FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"


async def ask(url: str, session: str | None) -> dict[str, Any]:
    """One report on the page at that address, as the woman of that session has it."""
    with TemporaryDirectory() as folder:
        headers, report = Path(folder) / "headers.json", Path(folder) / "report.json"
        headers.write_text(json.dumps({"Cookie": f"{SESSION}={session}"} if session else {}))
        browser = next(path for name in BROWSERS if (path := shutil.which(name)))
        options = ["--quiet", "--output=json", f"--output-path={report}", f"--extra-headers={headers}", f"--chrome-flags={FLAGS}"]
        options.append(f"--only-categories={','.join(CATEGORIES)}")
        environment = {**os.environ, "CHROME_PATH": browser, "NO_UPDATE_NOTIFIER": "1"}
        asked = await asyncio.create_subprocess_exec("node", PROGRAM, url, *options, env=environment)
        if await asked.wait():
            sys.exit(f"Lighthouse failed for {url}")
        found: dict[str, Any] = json.loads(report.read_text())
        return found


def failed(reports: Sequence[dict[str, Any]]) -> set[str]:
    """The audits that cost points in any of the reports."""
    return {
        f"{audit['id']}: {audit['title']} {audit.get('displayValue', '')}".rstrip()
        for report in reports
        for name in CATEGORIES
        for part in report["categories"][name]["auditRefs"]
        if part["weight"] and ((audit := report["audits"][part["id"]])["score"] or 0) < 0.9 and audit["scoreDisplayMode"] != "notApplicable"
    }


async def measure() -> bool:
    """Print the table; whether every median is high enough."""
    fakes = Fakes()
    enough = True
    async with served(lambda url: pages_over(fakes, url)) as url:
        three = trio(Community(pages_over(fakes), fakes))
        three.introduction()
        introduction = three.vouched(show_why_her=True)["id"]
        pages: list[tuple[str, str, Browser | None]] = [
            ("the first page", "/", None),
            ("today", "/", three.voucher),
            ("an introduction", f"/introductions/{introduction}", three.counterpart),
        ]
        print(f"| page | {' | '.join(CATEGORIES)} |\n|---|{'---|' * len(CATEGORIES)}")
        for name, path, browser in pages:
            session = browser.http.cookies.get(SESSION) if browser else None
            reports = [await ask(url + path, session) for _ in range(RUNS)]
            scores = [[round(100 * report["categories"][category]["score"]) for report in reports] for category in CATEGORIES]
            print(f"| {name} |", *(f"{median(each):g} ({min(each)} to {max(each)}) |" for each in scores), flush=True)
            print(*(f"  {fault}" for fault in sorted(failed(reports))), sep="\n", end="\n" if failed(reports) else "")
            enough = enough and all(median(each) >= LEAST for each in scores)
    return enough


if __name__ == "__main__":
    sys.exit(not asyncio.run(measure()))
