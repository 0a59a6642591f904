"""One stack for all tests of a run: starting it takes most of their time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers import engine


@pytest.fixture(scope="session", autouse=True)
def _engine(request: pytest.FixtureRequest) -> None:
    """Without an engine these tests fail, for nobody who asks for them wants them left out."""
    if any(item.get_closest_marker("containers") for item in request.session.items) and engine.engine() is None:
        pytest.fail("no container engine answers: start Docker, or say with DOCKER_HOST where it is")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Stack]:
    """The stack of deploy/compose."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with engine.stack(folder) as started:
        yield started
