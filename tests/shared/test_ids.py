"""Ids of version 7 rise within a process, carry their time, and repeat never."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest

from shared import ids
from shared.ids import new_id


def test_an_id_is_a_uuid_of_version_7_that_carries_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(100)]
    after = time.time_ns() // 1_000_000
    assert all(one.version == 7 and one.variant == RFC_4122 for one in made)
    assert before <= made[0].int >> 80 <= after + 1


def test_ids_rise_and_differ_across_threads() -> None:
    def some(_: int) -> list[UUID]:
        return [new_id() for _ in range(2000)]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(some, range(8)))
    assert len({one for run in made for one in run}) == 16_000
    assert all(run == sorted(run) for run in made)


def test_ids_rise_even_where_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    second, third = new_id(), new_id()
    assert first < second < third
    assert second.version == 7


def test_a_neighbour_in_the_same_millisecond_is_far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    at = time.time_ns() + 10_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: at)
    monkeypatch.setattr(ids, "_last", ids._last)
    made = [new_id() for _ in range(200)]
    steps = [b.int - a.int for a, b in pairwise(made)]
    assert min(steps) > 2**40, "an id could be guessed from its neighbour"
