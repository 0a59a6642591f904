"""The operator's command line, as the demos need it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence

from deploy.local.client import Unexpected
from deploy.local.home import ROOT


async def of_members(database_url: str, verb: str, member_id: str, *more: str) -> None:
    """`madrina members <verb>` about one member. Raises Unexpected."""
    await _madrina("members", database_url, verb, "--id", member_id, "--yes", *more)


async def anchor(database_url: str, member_ids: Sequence[str]) -> None:
    """Name these members anchors, and let that and all that was said be seen at once. Raises Unexpected."""
    for member_id in member_ids:
        await _madrina("reputation", database_url, "anchors", "add", "--id", member_id)
    for verb in ("standing", "snapshot"):
        await _madrina("reputation", database_url, verb)


async def _madrina(area: str, database_url: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "services.cli", area, *arguments),
        cwd=ROOT,
        env={**os.environ, f"{area.upper()}_DATABASE_URL": database_url, "HEALTH_PORT": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, complaint = await process.communicate()
    if process.returncode:
        raise Unexpected(f"madrina {area} {arguments[0]} failed: {complaint.decode()}")
