"""Fixtures that every test may ask for. Servers start when the first test asks for them, and are deleted afterwards."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

import hypothesis
import pytest
import structlog

from tests import backends
from tests.backends.base import Backend, Broker, Postgres

if TYPE_CHECKING:
    from playwright.async_api import Browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_USED = pytest.StashKey[list[str]]()
_LEFT_OUT = pytest.StashKey[int]()
MakeDatabase = Callable[[str], Awaitable[str]]


def pytest_configure(config: pytest.Config) -> None:
    """Room for what this run used. A property that takes longer on a busy machine isn't broken by that; and the same code gives the same
    answer, unless SEARCH=1 looks for examples that nobody has seen yet.
    """
    config.stash[_USED] = []
    # A trace drawn with the values of all its variables, as structlog does if it can, takes seconds each.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
    hypothesis.settings.register_profile("madrina", deadline=None, derandomize=not os.environ.get("SEARCH"))
    hypothesis.settings.load_profile("madrina")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more worker than there are cores: while one waits for a server or the browser, another has work."""
    return (os.cpu_count() or 1) + 1


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Which servers this run uses, and which browser."""
    return [backends.chosen().describe(), f"browser: {_chromium() or 'none'}"]


@pytest.fixture(scope="session")
async def backend() -> AsyncIterator[Backend]:
    """The backend that TEST_BACKEND chose."""
    chosen = backends.chosen()
    yield chosen
    await chosen.stop()


@pytest.fixture(scope="session")
async def postgres_server(backend: Backend, request: pytest.FixtureRequest) -> Postgres:
    """A running PostgreSQL."""
    from tests.backends import versions  # noqa: PLC0415 — pure tests shouldn't pay for the database's imports

    server = await backend.postgres()
    request.config.stash[_USED].append(f"PostgreSQL {await versions.of_postgres(server)}")
    return server


@pytest.fixture(scope="session")
async def nats_server(backend: Backend, request: pytest.FixtureRequest) -> Broker:
    """A running NATS with its users, without any stream."""
    from tests.backends import versions  # noqa: PLC0415 — as above

    server = await backend.nats()
    request.config.stash[_USED].append(f"NATS {await versions.of_nats(server)}")
    return server


@pytest.fixture(scope="session")
async def _templates(postgres_server: Postgres) -> AsyncIterator[object]:
    from tests.backends.templates import Templates  # noqa: PLC0415 — as above

    made = Templates(postgres_server)
    yield made
    await made.close()


@pytest.fixture
async def make_database(_templates: object, postgres_server: Postgres) -> AsyncIterator[MakeDatabase]:
    """`url = await make_database("requests")`: a fresh, migrated database of that service, as its own role."""
    from tests.backends.templates import Templates  # noqa: PLC0415 — as above

    assert isinstance(_templates, Templates)
    made: list[str] = []

    async def make(service: str) -> str:
        made.append(await _templates.fresh(service))
        return postgres_server.url(service, made[-1])

    yield make
    for name in made:
        await _templates.drop(name)


@pytest.fixture
async def broker(nats_server: Broker) -> Broker:
    """A provisioned NATS, its streams empty: `.url`, `.credentials(user) -> (user, password)`."""
    from tests.backends.streams import provision_anew  # noqa: PLC0415 — as above

    await provision_anew(nats_server)
    return nats_server


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium to drive. The run fails if there is none, unless NO_BROWSER=1 says that this is meant."""
    path = _chromium()
    if path is None:
        pytest.fail("no Chromium found: install one (Debian: chromium), or run with NO_BROWSER=1 to leave the browser tests out")
    return path


@pytest.fixture(scope="session")
async def _started_chromium(chromium_path: str) -> AsyncIterator["Browser"]:
    from playwright.async_api import async_playwright  # noqa: PLC0415 — as above

    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def browser(_started_chromium: "Browser") -> AsyncIterator["Browser"]:
    """Chromium; what a test opened in it is closed afterwards."""
    yield _started_chromium
    for context in _started_chromium.contexts:
        await context.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come first, so that one worker runs them all on one stack; NO_BROWSER=1 leaves them out.

    What takes long runs only if `-m` names it.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    for mark in ("thorough", "cluster", "containers", "fuzz"):
        if mark not in config.option.markexpr:
            _leave_out(mark, config, items)
    if os.environ.get("NO_BROWSER") == "1":
        config.stash[_LEFT_OUT] = _leave_out("browser", config, items)


def _leave_out(mark: str, config: pytest.Config, items: list[pytest.Item]) -> int:
    left_out = [item for item in items if item.get_closest_marker(mark)]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    return len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which servers answered, and loudly what did not run."""
    if used := config.stash[_USED]:
        terminalreporter.write_line(f"servers used: {', '.join(used)}")
    count = config.stash.get(_LEFT_OUT, 0)
    if count:
        terminalreporter.write_sep("!", f"THE {count} BROWSER TESTS DID NOT RUN (NO_BROWSER=1)", red=True, bold=True)


def _chromium() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)
