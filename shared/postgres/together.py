"""Several reads in one round trip.

A connection answers one statement after the other, and each waits for a turn of two processes: on a busy machine that is most of what a
page takes. Reads that don't need each other's answers are written as ever, one by one and each in its store, but of `LATER` instead of a
transaction; `together` runs them side by side, and what they ask for at the same time travels as one statement.
"""

import re
from collections.abc import Coroutine, Generator, Sequence
from functools import cache
from types import coroutine
from typing import Any, TypeVar, cast, overload

from shared.postgres.database import Tx

Row = dict[str, Any]
_Statement = tuple[str, tuple[object, ...]]
_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_D = TypeVar("_D")
_E = TypeVar("_E")
_F = TypeVar("_F")
_Read = Coroutine[Any, Any, _A]
_EVERY_COLUMN = re.compile(r"\s*select\s+(\w+\.)?\*")
_names: dict[str, tuple[str, ...]] = {}
"""The columns of each statement: what its text says, so that they are the same in every database and for ever."""


@coroutine
def _asked(statements: Sequence[_Statement]) -> Generator[Sequence[_Statement], list[list[Row]], list[list[Row]]]:
    return (yield statements)


class _Later:
    """What a read asks for goes to the `together` around it; asked outside of one, asyncio raises RuntimeError."""

    async def fetch(self, sql: str, *args: object) -> list[Row]:
        [rows] = await _asked([(sql, args)])
        return rows

    async def fetchrow(self, sql: str, *args: object) -> Row | None:
        return next(iter(await self.fetch(sql, *args)), None)

    async def fetchval(self, sql: str, *args: object) -> Any:
        row = await self.fetchrow(sql, *args)
        return next(iter(row.values())) if row else None


LATER = cast("Tx", _Later())
"""In the place of a transaction, for reads that are given to `together`; it can't write."""


@overload
async def together(tx: Tx, a: _Read[_A], b: _Read[_B], /) -> tuple[_A, _B]: ...
@overload
async def together(tx: Tx, a: _Read[_A], b: _Read[_B], c: _Read[_C], /) -> tuple[_A, _B, _C]: ...
@overload
async def together(tx: Tx, a: _Read[_A], b: _Read[_B], c: _Read[_C], d: _Read[_D], /) -> tuple[_A, _B, _C, _D]: ...
@overload
async def together(tx: Tx, a: _Read[_A], b: _Read[_B], c: _Read[_C], d: _Read[_D], e: _Read[_E], /) -> tuple[_A, _B, _C, _D, _E]: ...
@overload
async def together(
    tx: Tx, a: _Read[_A], b: _Read[_B], c: _Read[_C], d: _Read[_D], e: _Read[_E], f: _Read[_F], /
) -> tuple[_A, _B, _C, _D, _E, _F]: ...
async def together(tx: Tx, *reads: _Read[Any]) -> tuple[Any, ...]:
    """What these reads of `LATER` found, in their order. Raises what the first of them raises, and then none goes on.

    `tx` may be `LATER` too: a read can be put together from others.
    """
    answers: dict[int, Any] = {}
    waiting: dict[int, list[list[Row]] | None] = dict.fromkeys(range(len(reads)))
    try:
        while waiting:
            asked: dict[int, Sequence[_Statement]] = {}
            for number, rows in waiting.items():
                try:
                    asked[number] = reads[number].send(rows)
                except StopIteration as done:
                    answers[number] = done.value
            found = iter(await _fetch(tx, [statement for those in asked.values() for statement in those]))
            waiting = {number: [next(found) for _ in those] for number, those in asked.items()}
    finally:
        for read in reads:
            read.close()
    return tuple(answers[number] for number in range(len(reads)))


async def _fetch(tx: Tx, statements: Sequence[_Statement]) -> list[list[Row]]:
    """The rows of each."""
    if not statements or tx is LATER:
        return await _asked(statements) if statements else []
    names = [await _columns(tx, sql) for sql, _ in statements]
    row = await tx.fetchrow(_as_one(tuple((sql, len(args)) for sql, args in statements)), *(arg for _, args in statements for arg in args))
    assert row is not None  # noqa: S101  (for the types: a select of arrays has one row)
    return [[dict(zip(columns, values, strict=True)) for values in rows] for columns, rows in zip(names, row, strict=True)]


async def _columns(tx: Tx, sql: str) -> tuple[str, ...]:
    if sql not in _names:
        if _EVERY_COLUMN.match(sql):
            raise ValueError("name the columns: which these are changes with a migration")
        _names[sql] = tuple(column.name for column in (await tx.prepare(sql)).get_attributes())
    return _names[sql]


@cache
def _as_one(statements: tuple[tuple[str, int], ...]) -> str:
    """A statement whose columns are the rows of each of these, which have so many arguments."""
    before, parts = 0, []
    for sql, many in statements:
        numbered = re.sub(r"\$(\d+)", lambda place, before=before: f"${int(place[1]) + before}", sql)  # type: ignore[misc]  # the default binds
        parts.append(f"array(select its_row from ({numbered}) as its_row)")
        before += many
    return f"select {', '.join(parts)}"
