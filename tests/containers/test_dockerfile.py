"""The Dockerfile keeps to its rules, each of which bites, and nothing is in the image that no line of it asks for."""

from pathlib import Path

import pytest

from tests.containers import dockerfile

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
IGNORE = (ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_it_keeps_to_its_rules() -> None:
    assert dockerfile.wrong(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# All of", "# syntax=docker/dockerfile:1\n# All of", "# syntax= line needs another builder"),
        ("RUN python -m venv", "RUN --mount=type=cache,target=/root/.cache python -m venv", "RUN --mount needs another builder"),
        ("COPY shared", "COPY --chmod=755 shared", "COPY --chmod needs another builder"),
        ("COPY shared", "ADD shared", "ADD isn't needed here"),
        ("FROM python:3.13-slim AS madrina", "FROM python:latest AS madrina", "the base python:latest isn't named by version"),
        (" --require-hashes -r /build/requirements.txt", " -r /build/requirements.txt", "hashes of the lock file"),
        ('ENTRYPOINT ["python"]', "ENTRYPOINT python", "ENTRYPOINT needs a shell"),
        ("WORKDIR /app\nUSER 10001:10001", "WORKDIR /app", "madrina runs as root"),
        ("WORKDIR /app\nUSER 10001:10001", "WORKDIR /app\nUSER madrina", "release runs as madrina"),
        ('USER 10001:10001\nCMD ["-m", "deploy.local.mailbox"]', 'CMD ["-m", "deploy.local.mailbox"]', "mailbox runs as 0"),
    ],
)
def test_each_rule_bites(old: str, new: str, said: str) -> None:
    assert old in TEXT
    assert said in " ".join(dockerfile.wrong(TEXT.replace(old, new)))


def test_what_may_be_copied_is_what_is_copied() -> None:
    """Both ways: what isn't allowed can't be copied, and what is allowed but not copied would be room for accidents."""
    assert dockerfile.allowed(IGNORE) == dockerfile.copied(TEXT)


@pytest.mark.parametrize("planted", ["tests\n", "!tests\n", "*.pyc\n"])
def test_the_allow_list_stays_one(planted: str) -> None:
    with pytest.raises((ValueError, AssertionError)):
        assert dockerfile.allowed(IGNORE + planted) == dockerfile.copied(TEXT)


def test_everything_allowed_is_there() -> None:
    assert [path for path in dockerfile.copied(TEXT) if not (ROOT / path).exists()] == []
