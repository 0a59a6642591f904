"""Numbered SQL files, and what each says of code that doesn't know it yet (docs/upgrade.md).

The first line of a file may be one of these; without either, no older code goes on with the schema it makes:

    -- expand: why any older code goes on working
    -- contract since 0020: why code goes on working that knows 0020 of the same folder
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_MARK = re.compile(r"-- (?:expand|contract since (\d{4})): \S.*")
_LIKE_A_MARK = re.compile(r"--\s*(expand|contract)", re.IGNORECASE)
_TAKES_AWAY = re.compile(
    r"\b(?:drop\s+(?:table|column|view|function|type|schema)|rename|truncate|set\s+not\s+null|alter\s+column\s+\w+\s+(?:set\s+data\s+)?type)\b"
)
_ADDED_COLUMN = re.compile(r"\badd\s+column\b[^,;]*")


class MigrationRefused(Exception):
    """The files and what was applied from them don't fit together."""


@dataclass(frozen=True)
class Migration:
    """One file: `0001_messaging.sql` of `shared` or of a service."""

    source: str
    number: int
    name: str
    sql: str
    lived_with_from: int | None = None
    """Code that knows this number of the same source goes on working before it knows this migration; None if no code does."""

    def __str__(self) -> str:
        return f"{self.source}/{self.number:04d}_{self.name}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(service: str, root: Path = ROOT) -> list[Migration]:
    """Every migration of a service's database in the order of application.

    Raises MigrationRefused if numbers have gaps, or a first line is none of those above or isn't true.
    """
    found: list[Migration] = []
    for source, folder in (("shared", root / "shared" / "postgres" / "migrations"), (service, root / "services" / service / "migrations")):
        files = sorted(folder.glob("*.sql"))
        for expected, file in enumerate(files, 1):
            match = _NAME.fullmatch(file.name)
            if not match or int(match[1]) != expected:
                raise MigrationRefused(f"{source}/{file.name}: expected a name like {expected:04d}_what_it_does.sql")
            sql = file.read_text(encoding="utf-8")
            found.append(Migration(source, expected, match[2], sql, _lived_with_from(f"{source}/{file.name}", expected, sql)))
    return found


def _lived_with_from(file: str, number: int, sql: str) -> int | None:
    first = sql.partition("\n")[0]
    if not _LIKE_A_MARK.match(first):
        return None
    mark = _MARK.fullmatch(first)
    if not mark:
        raise MigrationRefused(f"{file}: its first line should be `-- expand: why` or `-- contract since 0020: why`")
    if mark[1] is None:
        if broken := _breaks(sql):
            raise MigrationRefused(f"{file}: says `expand`, and older code can't live with `{broken}`")
        return 0
    if not 0 < int(mark[1]) < number:
        raise MigrationRefused(f"{file}: says `contract since {mark[1]}`, which isn't before it")
    return int(mark[1])


def _breaks(sql: str) -> str | None:
    """The first words that take away what older code may use; no proof, but what is written by habit."""
    plain = re.sub(r"--[^\n]*", "", sql).lower()
    if taken := _TAKES_AWAY.search(plain):
        return " ".join(taken[0].split())
    needed = [
        added[0] for added in _ADDED_COLUMN.finditer(plain) if "not null" in added[0] and not re.search(r"default|generated", added[0])
    ]
    return " ".join(needed[0].split()) if needed else None
