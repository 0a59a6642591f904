"""Where an introduction's time goes, from its call to both letters taken, by what the services' own rows say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks import figures
from benchmarks.generator import Timed
from benchmarks.stage import Stage

STAGES = {
    "call_to_stored": ("began", "stored"),
    "call_to_answer": ("began", "answered"),
    "stored_to_notify": ("stored", "notify"),
    "stored_to_published": ("stored", "published"),
    "notify_to_written": ("notify", "written"),
    "written_to_first_letter": ("written", "first"),
    "first_to_second_letter": ("first", "second"),
    "stored_to_ledger": ("stored", "ledger"),
}
"""Each stage's begin and end. `published`: acknowledged by the broker and marked so; the ledger's is on nobody's way."""


async def stages(stage: Stage, measured: list[Timed]) -> dict[str, figures.Quantiles]:
    """Quantiles of each stage over these introductions."""
    moments = {UUID(timed["id"]): _moments(timed) for timed in measured if len(timed["letters"]) == 2}
    ids = list(moments)
    rows = await _rows(
        stage,
        "requests",
        "select aggregate_id as id, event_id, stored_at as stored, sent_at as published from outbox"
        " where aggregate_id = any($1) and type = 'requests.v1.introduction_confirmed'",
        ids,
    )
    events = {row["event_id"]: row["id"] for row in rows}
    _note(moments, {row["id"]: row for row in rows}, "stored", "published")
    for service, name in (("notify", "notify"), ("reputation", "ledger")):
        claimed = await _rows(stage, service, f"select event_id, claimed_at as {name} from inbox where event_id = any($1)", list(events))
        _note(moments, {events[row["event_id"]]: row for row in claimed}, name)
    letters = await _rows(
        stage, "notify", "select event_id, max(written_at) as written from letters where event_id = any($1) group by 1", list(events)
    )
    _note(moments, {events[row["event_id"]]: row for row in letters}, "written")
    return {
        name: figures.quantiles(at[end] - at[begin] for at in moments.values() if begin in at and end in at)
        for name, (begin, end) in STAGES.items()
    }


def _moments(timed: Timed) -> dict[str, float]:
    return {"began": timed["began"], "answered": timed["answered"], "first": timed["letters"][0], "second": timed["letters"][1]}


def _note(moments: dict[UUID, dict[str, float]], rows: Mapping[UUID, Any], *names: str) -> None:
    for introduction_id, row in rows.items():
        moments[introduction_id] |= {name: _seconds(row[name]) for name in names if row[name] is not None}


def _seconds(at: datetime) -> float:
    return at.timestamp()


async def _rows(stage: Stage, service: str, query: str, ids: list[UUID]) -> list[Any]:
    connection = await asyncpg.connect(stage.database(service))
    try:
        return list(await connection.fetch(query, ids))
    finally:
        await connection.close()
