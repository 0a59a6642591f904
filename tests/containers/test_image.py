"""The image: what is in it, as whom it runs, and what it says if it can't."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.containers import IMAGE, USER
from deploy.processes import PROCESSES, Process, settings_of
from shared.process.settings import EXIT_CONFIG
from tests.containers import sbom
from tests.containers.engine import inspect, run

pytestmark = pytest.mark.containers

CLOSED = ("--rm", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
# Nothing of ours may need a shell: here every one of them is a file without a word in it, which can't be run.
NO_SHELL = [option for shell in ("sh", "dash", "bash") for option in ("-v", f"/dev/null:/bin/{shell}")]
BASE = "python:3.13-slim"
MOST_MB = 250


def started(*arguments: str, options: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """What a container of the image ends with, closed as far as it can be."""
    return run("docker", "run", *CLOSED, *options, IMAGE, *arguments, check=False)


def test_it_is_small() -> None:
    above = (inspect(IMAGE)["Size"] - inspect(BASE)["Size"]) / 1e6
    print(f"\n{IMAGE}: {above:.0f} MB above {BASE}")  # noqa: T201 — a figure of the report
    assert above < MOST_MB


def test_it_runs_as_nobody_in_particular_and_owns_nothing() -> None:
    assert inspect(IMAGE)["Config"]["User"] == f"{USER}:{USER}"
    look = (
        "import os; print(os.getuid(), os.getgid(), [p for top in ('/app', '/opt') for p, _, _ in os.walk(top) if os.access(p, os.W_OK)])"
    )
    assert started("-c", look, options=NO_SHELL).stdout == f"{USER} {USER} []\n"


def test_nothing_is_in_it_that_no_process_needs() -> None:
    look = "import os, json; print(json.dumps([os.path.join(p, f) for p, _, fs in os.walk('/app') for f in fs]))"
    files = json.loads(started("-c", look).stdout)
    assert [file for file in files if re.search(r"/tests?/|/\.git|/mailbox|\.env$|Dockerfile", file)] == []
    # Compiled once, for good: nothing is compiled at each start, and nothing can be.
    compiled = {re.sub(r"__pycache__/(.*)\.cpython-\d+\.pyc", r"\1.py", file) for file in files if file.endswith(".pyc")}
    assert {file for file in files if file.endswith(".py")} == compiled


def test_the_bill_of_materials_is_what_is_installed(tmp_path: Path) -> None:
    found = "{d.name.lower().replace('_', '-'): d.version for d in metadata.distributions(path=site.getsitepackages()[:1])}"
    look = f"import json, site; from importlib import metadata; print(json.dumps({found}))"
    assert json.loads(started("-c", look).stdout) == sbom.components(sbom.written(tmp_path / "sbom.json"))


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_without_settings_it_lists_all_of_them_and_ends_with_78(process: Process) -> None:
    done = started(*process.arguments(), options=NO_SHELL)
    assert done.returncode == EXIT_CONFIG
    missing = sorted(setting.name for setting in settings_of(process) if setting.default is None)
    assert re.findall(r"^  (\w+): is missing$", done.stderr, re.MULTILINE) == missing
