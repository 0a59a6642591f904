"""Who may import what; for each contract a planted violation proves that it bites."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

PLANTED = {
    "Services never import each other": ("services/requests/visibility.py", "import services.members.settings"),
    "The web has no database and no broker": ("services/web/settings.py", "import shared.postgres.database"),
    "An api needs no broker's library": ("services/members/settings.py", "import shared.messaging.runtime"),
    "The domain does no I/O and asks no clock": ("services/members/sessions/domain/challenge.py", "from shared import clock"),
    "Services reach the broker through shared.messaging alone": ("services/members/worker.py", "import faststream"),
    "What is shared knows no service": ("shared/text.py", "import services.members.settings"),
    "The rooms of shared stand on each other in one order": ("shared/messaging/inbox.py", "import shared.process.settings"),
    "The contracts and what is pure need no I/O": ("shared/problems.py", "import fastapi"),
}
"""By contract: a file, and a line that breaks the contract when it is added there."""

FURTHER = [
    ("Services never import each other", "services/web/settings.py", "from services.members import settings"),
    ("The web has no database and no broker", "services/web/settings.py", "import nats"),
    ("The domain does no I/O and asks no clock", "services/requests/introductions/domain/introduction.py", "import asyncpg"),
    ("The domain does no I/O and asks no clock", "services/requests/connections/domain/pair.py", "from shared.messaging import outbox"),
    ("The domain does no I/O and asks no clock", "services/reputation/trust/sums.py", "import time"),
    ("The rooms of shared stand on each other in one order", "shared/contracts/events/members.py", "import shared.postgres.database"),
    ("The rooms of shared stand on each other in one order", "shared/text.py", "import shared.contracts.events.base"),
    ("The domain does no I/O and asks no clock", "services/members/profiles/domain.py", "from services.members.profiles import store"),
]


def lint(tree: Path) -> tuple[int, str]:
    done = subprocess.run([LINT, "--no-cache"], cwd=tree, capture_output=True, text=True, timeout=60, check=False, env={"PYTHONPATH": "."})
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code with its contracts; whoever changes a file in it puts it back."""
    copy = tmp_path_factory.mktemp("tree")
    for folder in ("services", "shared"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "static", "node_modules"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def names() -> set[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["name"] for contract in config["tool"]["importlinter"]["contracts"]}


def test_the_contracts_hold() -> None:
    status, shown = lint(ROOT)
    assert status == 0, shown


def test_every_contract_has_its_planted_violation() -> None:
    assert names() == set(PLANTED)


@pytest.mark.parametrize(("contract", "file", "line"), [*((name, *planted) for name, planted in PLANTED.items()), *FURTHER])
def test_a_planted_violation_is_found(tree: Path, contract: str, file: str, line: str) -> None:
    target = tree / file
    before = target.read_text()
    target.write_text(f"{before}\n{line}\n")
    try:
        status, shown = lint(tree)
    finally:
        target.write_text(before)
    assert status == 1, shown
    assert f"{contract} BROKEN" in shown


def pure_modules() -> list[Path]:
    services = ROOT / "services"
    return [path for pattern in ("domain.py", "domain/*.py", "trust/*.py") for path in sorted(services.rglob(pattern))]


def clock_calls(source: str) -> list[str]:
    """Calls that ask what time it is: an import contract can't see `datetime.now(UTC)`."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in {"now", "utcnow", "today"}]


@pytest.mark.parametrize("module", pure_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_is_told_the_time(module: Path) -> None:
    assert clock_calls(module.read_text()) == []


def test_asking_the_time_is_seen() -> None:
    assert clock_calls("from datetime import datetime, UTC\nat = datetime.now(UTC)") == ["now"]
