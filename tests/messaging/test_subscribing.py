"""What is never written in the code: a subscription or publication outside shared/messaging, the end of a message, FastStream's page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("shared", "services", "deploy")
RAW = re.compile(r"\.(subscriber|subscribe|subscribe_bind|pull_subscribe|pull_subscribe_bind|publish|publish_async|jetstream)\s*\(")
ENDS_A_MESSAGE = re.compile(r"\.(term|reject)\s*\(|\b(RejectMessage|REJECT_ON_ERROR)\b")
HOSTS_THE_PAGE = re.compile(r"\basyncapi_path\b|\bAsyncAPIRoute\b|\bget_asyncapi_html\b|\bfaststream\.(asgi|\w+\.fastapi)\b")


def uses(pattern: re.Pattern[str], root: Path, *, but_in: str | None = None) -> list[str]:
    """Every line of code with this in it, outside the folder `but_in`."""
    return [
        f"{file.relative_to(root)}:{number}"
        for folder in FOLDERS
        for file in sorted((root / folder).rglob("*.py"))
        if but_in is None or (root / but_in) not in file.parents
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line.partition("#")[0])
    ]


def test_nobody_else_subscribes_or_publishes() -> None:
    """So every delivery goes through the processor, and every event through the outbox."""
    assert uses(RAW, ROOT, but_in="shared/messaging") == []


def test_nothing_ends_a_message_that_was_not_handled() -> None:
    """It would be gone without a dead letter. The broker never does either: test_provisioning.py holds it to `max_deliver` -1."""
    assert uses(ENDS_A_MESSAGE, ROOT) == []


def test_faststreams_page_is_not_served() -> None:
    """Its try-it route publishes for anyone."""
    assert uses(HOSTS_THE_PAGE, ROOT) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (RAW, '@broker.subscriber("members.v1.member_joined", stream=stream)'),
        (RAW, 'await js.subscribe("requests.v1.>")'),
        (RAW, 'await client.jetstream().pull_subscribe("", "mine")'),
        (RAW, "await broker . publish (event)".replace(" . ", ".")),
        (RAW, "future = await js.publish_async(subject, body)"),
        (ENDS_A_MESSAGE, "await message.term()"),
        (ENDS_A_MESSAGE, "raise RejectMessage"),
        (HOSTS_THE_PAGE, 'app = AsgiFastStream(broker, asyncapi_path="/docs")'),
        (HOSTS_THE_PAGE, "from faststream.nats.fastapi import NatsRouter"),
    ],
)
def test_one_that_is_planted_is_found(pattern: re.Pattern[str], line: str, tmp_path: Path) -> None:
    planted = tmp_path / "services" / "requests" / "planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(f"async def planted():\n    {line}\n")
    allowed = tmp_path / "shared" / "messaging" / "allowed.py"
    allowed.parent.mkdir(parents=True)
    allowed.write_text(line)
    assert uses(pattern, tmp_path, but_in="shared/messaging") == ["services/requests/planted.py:2"]
    assert uses(pattern, tmp_path) == ["shared/messaging/allowed.py:1", "services/requests/planted.py:2"]
