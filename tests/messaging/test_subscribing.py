"""Nothing but shared/messaging subscribes or publishes: every delivery goes through the wrapper and every event through the outbox."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("shared", "services", "deploy")
RAW = re.compile(r"\.(subscriber|subscribe|subscribe_bind|pull_subscribe|pull_subscribe_bind|publish|publish_async|jetstream)\s*\(")


def raw_uses(root: Path) -> list[str]:
    """Every line outside shared/messaging that subscribes or publishes by itself."""
    return [
        f"{file.relative_to(root)}:{number}"
        for folder in FOLDERS
        for file in sorted((root / folder).rglob("*.py"))
        if (root / "shared" / "messaging") not in file.parents
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if RAW.search(line.partition("#")[0])
    ]


def test_nobody_else_subscribes_or_publishes() -> None:
    assert raw_uses(ROOT) == []


@pytest.mark.parametrize(
    "line",
    [
        '@broker.subscriber("members.v1.member_joined", stream=stream)',
        'await js.subscribe("requests.v1.>")',
        'await client.jetstream().pull_subscribe("", "mine")',
        "await broker . publish (event)".replace(" . ", "."),
        "future = await js.publish_async(subject, body)",
    ],
)
def test_one_that_is_planted_is_found(line: str, tmp_path: Path) -> None:
    planted = tmp_path / "services" / "requests" / "planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(f"async def planted():\n    {line}\n")
    allowed = tmp_path / "shared" / "messaging" / "allowed.py"
    allowed.parent.mkdir(parents=True)
    allowed.write_text(line)
    assert raw_uses(tmp_path) == ["services/requests/planted.py:2"]
