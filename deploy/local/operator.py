"""The operator's command line, as the demos need it."""

import asyncio
import os
import subprocess
import sys

from deploy.local.client import Unexpected
from deploy.local.home import ROOT


async def of_members(database_url: str, verb: str, member_id: str, *more: str) -> None:
    """`madrina members <verb>` about one member. Raises Unexpected."""
    arguments = ("-m", "services.cli", "members", verb, "--id", member_id, "--yes", *more)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env={**os.environ, "MEMBERS_DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, complaint = await process.communicate()
    if process.returncode:
        raise Unexpected(f"madrina members {verb} failed: {complaint.decode()}")
