"""Business time travels with one file; machine time never does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared import clock

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _own_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "LOOK_AGAIN_SECONDS", 0)
    yield
    clock.configure(None)


def _ahead() -> timedelta:
    return clock.now() - datetime.now(UTC)


def test_without_a_file_business_time_is_machine_time(tmp_path: Path) -> None:
    assert abs(_ahead()) < SECOND
    clock.configure(tmp_path / "none")
    assert abs(_ahead()) < SECOND
    assert clock.now().tzinfo is UTC


def test_travelling_adds_up_and_is_followed_at_once(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock.configure(path)
    clock.travel(path, 21)
    assert abs(_ahead() - timedelta(days=21)) < SECOND
    shown = clock.travel(path, 0.5)
    assert abs(_ahead() - timedelta(days=21.5)) < SECOND
    assert abs(shown - clock.now()) < SECOND
    assert abs(clock.machine_now() - datetime.now(UTC)) < SECOND


def test_the_clock_may_start_in_the_past_and_come_back(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock.configure(path)
    clock.set_offset(path, timedelta(days=-60))
    assert abs(_ahead() + timedelta(days=60)) < SECOND
    clock.set_offset(path, timedelta())
    assert abs(_ahead()) < SECOND
    clock.set_offset(path, timedelta(days=3))
    assert abs(_ahead() - timedelta(days=3)) < SECOND
    path.unlink()
    assert abs(_ahead()) < SECOND


def test_the_file_is_looked_at_only_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "LOOK_AGAIN_SECONDS", 3600)
    path = tmp_path / "clock.json"
    clock.configure(path)
    clock.now()
    clock.travel(path, 1)
    assert abs(_ahead()) < SECOND


def test_a_process_trusts_its_last_look_for_a_fifth_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert clock.LOOK_AGAIN_SECONDS == 0.2


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"offset_seconds": "x"}', '{"offset_seconds": 1e99}'])
def test_a_damaged_file_stops_the_clock_loudly(tmp_path: Path, content: str) -> None:
    path = tmp_path / "clock.json"
    path.write_text(content)
    clock.configure(path)
    with pytest.raises(ValueError, match="is no clock file"):
        clock.now()
