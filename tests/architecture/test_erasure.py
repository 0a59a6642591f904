"""Every table with a member's id belongs to one feature, and that feature takes part when a member is erased."""

import importlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.events.members import MemberErased
from shared.http import idempotency
from shared.messaging.feature import Feature, OnMember
from shared.messaging.registry import of_service

SERVICES = Path(__file__).resolve().parents[2] / "services"
WITH_TABLES = sorted(schema.parent.name for schema in SERVICES.glob("*/schema.sql"))

NO_MEMBERS = {
    "id",
    "aggregate_id",
    "challenge_id",
    "connection_request_id",
    "created_id",
    "event_id",
    "introduction_id",
    "subject_id",
    "worker_id",
}
"""Columns of ids that are no member's."""

SETTINGS = {
    "health_port": 0,
    "database_url": "postgresql://nobody@nowhere/nothing",
    "nats_url": "nats://nowhere",
    "nats_user": "nobody",
    "nats_password": "nothing",
    "smtp_host": "nowhere",
    "smtp_port": 25,
    "mail_from": "madrina@example.com",
    "web_url": "http://nowhere",
}
"""For a worker of any service, which is made here and never runs."""


def with_member_ids(schema: str) -> set[str]:
    """The tables of a schema that have a member's id in them, but the outbox, which whoever erases her empties of her."""
    tables = re.findall(r"^create table (\w+) \((.*?)^\);", schema, re.MULTILINE | re.DOTALL)
    return {table for table, columns in tables if set(re.findall(r"^ +(\w+) uuid\b", columns, re.MULTILINE)) - NO_MEMBERS} - {"outbox"}


def features(service: str) -> Sequence[Feature]:
    worker = importlib.import_module(f"services.{service}.worker")
    made: Sequence[Feature] = worker.create(worker.Settings.model_validate(SETTINGS)).features
    return made


@pytest.mark.parametrize("service", WITH_TABLES)
def test_every_table_with_a_members_id_belongs_to_one_feature(service: str) -> None:
    needed = with_member_ids((SERVICES / service / "schema.sql").read_text(encoding="utf-8"))
    owners = {table: [feature.name for feature in features(service) if table in feature.tables] for table in sorted(needed)}
    assert {table: names for table, names in owners.items() if len(names) != 1} == {}


@pytest.mark.parametrize("service", WITH_TABLES)
def test_a_feature_with_tables_answers_for_an_erasure(service: str) -> None:
    assert {feature.name for feature in features(service) if feature.tables and feature.on_erase is None} == set()


class NoDatabase:
    """A transaction in which every change is the first one."""

    async def fetchval(self, *_: Any) -> bool:
        return True

    async def execute(self, *_: Any) -> None: ...


@pytest.mark.parametrize("service", [service for service in WITH_TABLES if service != "members"])
async def test_each_takes_part_when_a_member_is_erased(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    erased: list[str] = []
    found = features(service)
    taking_part = [feature for feature in found if feature.on_erase and feature.name != "members"]
    # Features are frozen; for this test alone they aren't, and note that they were called.
    monkeypatch.setattr(Feature, "__setattr__", object.__setattr__)
    for feature in taking_part:
        monkeypatch.setattr(feature, "on_erase", _noting(erased, feature.name))
    event = MemberErased(aggregate_id=uuid4(), aggregate_version=1, occurred_at=datetime.now(UTC))
    await of_service(service, [feature.handlers for feature in found]).handle([event], NoDatabase())  # type: ignore[arg-type]
    assert sorted(erased) == sorted(feature.name for feature in taking_part)
    assert idempotency.FEATURE.name in erased


def _noting(erased: list[str], name: str) -> OnMember:
    async def note(*_: Any) -> None:
        erased.append(name)

    return note


def test_a_table_with_a_members_id_is_found() -> None:
    schema = (SERVICES / "reputation" / "schema.sql").read_text(encoding="utf-8")
    assert with_member_ids(schema) == {
        *("anchors", "bands", "idempotency_keys", "members", "placements", "ratings", "shadow_buckets", "shadow_words", "sums", "tiers"),
        *("blocks", "buckets", "contest_log", "contests", "exclusions", "live_buckets", "live_words", "voices", "vouches", "words"),
    }
    planted = schema + "\ncreate table praise (\n    id uuid not null,\n    about_ids uuid[] not null\n);\n"
    assert with_member_ids(planted) - with_member_ids(schema) == {"praise"}
