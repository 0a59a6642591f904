"""A connection that is cut without a word is noticed at both ends within 30 s: by PostgreSQL, by its clients, and by the broker's."""

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from deploy.local.home import ROOT

pytestmark = [pytest.mark.servers, pytest.mark.thorough, pytest.mark.timeout(180)]

NOTICED_SECONDS = 30.0
ABLE = sys.platform == "linux" and os.geteuid() == 0 and all(map(shutil.which, ("unshare", "ip", "iptables")))


@pytest.mark.skipif(not ABLE, reason="!!! NOT RUN: cutting connections takes root on Linux, unshare, ip and iptables !!!")
async def test_both_ends_notice_that_a_connection_is_cut(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        "unshare", "--net", sys.executable, "-m", "tests.messaging.cut_off", str(tmp_path), cwd=ROOT, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    found = json.loads(out.splitlines()[-1])
    assert len(found) == 5, found
    assert {what: seconds for what, seconds in found.items() if seconds > NOTICED_SECONDS} == {}
