"""Rows for introductions that the asker has confirmed and the counterpart hasn't: what the journey so far leaves behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from shared import clock
from shared.ids import new_id

VOUCHERS = 100
WORDS = "She has led the same kind of move that you are planning, and she is generous with what she learnt from it. "
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Seeded:
    """One introduction to be confirmed by its counterpart, and where both letters go."""

    introduction_id: UUID
    counterpart_id: UUID
    addresses: tuple[str, str]


@dataclass(frozen=True)
class _Woman:
    id: UUID
    name: str
    address: str
    language: str

    @classmethod
    def of(cls, role: str, number: int) -> "_Woman":
        member_id = new_id()
        return cls(member_id, f"{role} {number}", f"{role.lower()}-{member_id}@bench.test", LANGUAGES[number % 2])


@dataclass(frozen=True)
class _Three:
    introduction_id: UUID
    voucher: _Woman
    asker: _Woman
    counterpart: _Woman


async def introductions(requests: str, reputation: str, notify: str, count: int) -> list[Seeded]:
    """Insert `count` of them into these databases, each with an asker and a counterpart of its own."""
    vouchers = [_Woman.of("Vera", number) for number in range(min(count, VOUCHERS))]
    threes = [_three(vouchers[number % len(vouchers)], number) for number in range(count)]
    women = [*vouchers, *(woman for three in threes for woman in (three.asker, three.counterpart))]
    now = clock.now()
    await _insert(requests, _requests(women, threes, now))
    await _insert(reputation, {"members": [_row(member_id=w.id, name=w.name, headline="Engineer", profile_version=1) for w in women]})
    await _insert(notify, _notify(women, threes))
    return [Seeded(three.introduction_id, three.counterpart.id, (three.asker.address, three.counterpart.address)) for three in threes]


def _three(voucher: _Woman, number: int) -> _Three:
    return _Three(new_id(), voucher, _Woman.of("Ada", number), _Woman.of("Berta", number))


def _row(**values: Any) -> dict[str, Any]:
    return values


def _requests(women: list[_Woman], threes: list[_Three], now: datetime) -> dict[str, list[dict[str, Any]]]:
    return {
        "members": [
            _row(
                member_id=woman.id,
                name=woman.name,
                headline="Engineer",
                language=woman.language,
                time_zone="Europe/Madrid",
                visibility="members",
                profile_version=1,
            )
            for woman in women
        ],
        "connections": [row for three in threes for row in _connections(three, now)],
        "introductions": [_introduction(three, now) for three in threes],
        "introduction_members": [
            _row(member_id=woman.id, introduction_id=three.introduction_id)
            for three in threes
            for woman in (three.voucher, three.asker, three.counterpart)
        ],
    }


def _connections(three: _Three, now: datetime) -> list[dict[str, Any]]:
    found = []
    for side in (three.asker, three.counterpart):
        request_id = new_id()
        for woman, other in ((three.voucher, side), (side, three.voucher)):
            found.append(
                _row(
                    member_id=woman.id,
                    other_id=other.id,
                    closeness="know_well",
                    since=now - timedelta(days=30),
                    how_met="work",
                    where_we_met="We worked on the same floor for years.",
                    connection_request_id=request_id,
                )
            )
    return found


def _introduction(three: _Three, now: datetime) -> dict[str, Any]:
    vouched_at = now - timedelta(days=1)
    return _row(
        id=three.introduction_id,
        origin="asked",
        voucher_id=three.voucher.id,
        asker_id=three.asker.id,
        version=2,
        made_at=now - timedelta(days=2),
        vouched_at=vouched_at,
        due_at=vouched_at + timedelta(days=14),
        ends_at=vouched_at + timedelta(days=14),
        open_days=14,
        hidden_from=[],
        why_her=WORDS,
        show_why_her=True,
        a_id=three.asker.id,
        a_words=WORDS,
        a_said="confirmed",
        a_said_at=now - timedelta(days=2),
        b_id=three.counterpart.id,
        b_words=WORDS,
    )


def _notify(women: list[_Woman], threes: list[_Three]) -> dict[str, list[dict[str, Any]]]:
    return {
        "members": [
            _row(
                member_id=woman.id,
                name=woman.name,
                headline="Engineer",
                language=woman.language,
                time_zone="Europe/Madrid",
                profile_version=1,
                address=woman.address,
                address_version=1,
            )
            for woman in women
        ],
        "progress": [_row(subject_id=three.introduction_id, version=2, vouched=True, ended=False) for three in threes],
    }


async def _insert(database: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    connection = await asyncpg.connect(database)
    try:
        for table, rows in tables.items():
            columns = list(rows[0])
            await connection.copy_records_to_table(table, columns=columns, records=[tuple(row.values()) for row in rows])
        await connection.execute("analyze")
    finally:
        await connection.close()
