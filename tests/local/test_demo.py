"""`make demo SHOW=safety` comes to its end on a stack of its own, and says what it promises to."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from deploy.local.demo import chosen
from deploy.local.home import ROOT

LINES = (
    "Rosa reported Berta",
    "event   members.v1.member_suspended",
    "event   private.v1.moderation_noticed",
    "letter  to Berta Zabala: Our moderators have written to you",
    "Berta signed in, read the reasons and acknowledged them",
    "Berta appealed",
    "Mina, the other moderator, lifted it",
    "event   members.v1.member_reinstated",
    "event   members.v1.report_dismissed",
    "letter  to Berta Zabala: Our moderators have written to you",
    "Rosa reads that her report is decided",
    "Rosa blocked Berta",
    "event   members.v1.member_blocked",
    "event   private.v1.export_ready",
    "letter  to Rosa Ibarra: Your data is ready",
    "members: sessions, known_browsers, profile",
    "event   private.v1.leaving_asked",
    "letter  to Rosa Ibarra: Your account ends on",
    "event   private.v1.leaving_undone",
    "letter  to Rosa Ibarra: You keep your account",
    "She is there again for everyone",
    "event   private.v1.leaving_asked",
    "Seven days pass",
    "event   members.v1.member_erased",
    "letter  to Rosa Ibarra: Your account has ended",
    "Her address stands in no table",
    "Her id, which says nothing by itself, stands as a tombstone in",
)


@pytest.mark.thorough
@pytest.mark.servers
@pytest.mark.timeout(240)
async def test_safety_is_shown_from_the_report_to_the_last_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADRINA_DATA", str(tmp_path / "nobody runs here"))
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.local.demo", "safety"), cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, complaint = (part.decode() for part in await running.communicate())
    assert running.returncode == 0, complaint
    rest = out
    for line in LINES:
        _, found, rest = rest.partition(line)
        assert found, f"no such line, or not in its place: {line}\n{out}"
    for service in ("members: Rosa isn't there for Berta", "requests: nor there", "notify: no letter leaves between them"):
        assert re.search(rf"{re.escape(service)} after [\d,]+ ms", out), out
    times = [int(found.replace(",", "")) for found in re.findall(r"^ *([\d,]+) ms  ", out, re.MULTILINE)]
    assert len(times) > 50 and max(times) < 120_000


@pytest.mark.parametrize(("arguments", "show"), [([], "introduction"), (["safety"], "safety")])
def test_which_demo_is_shown(arguments: list[str], show: str) -> None:
    assert chosen(arguments) == show


@pytest.mark.parametrize("arguments", [["all"], ["safety", "safety"]])
def test_another_isnt(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        chosen(arguments)
