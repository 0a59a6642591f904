"""No statement asks for all columns of a table: it is planned once, and as soon as a migration adds one, PostgreSQL refuses the plan."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALL = re.compile(r"\bselect\s+(?:\w+\.)?\*\s+from\s+(?!unnest\b)|\breturning\s+(?:\w+\.)?\*|,\s*\w+\.\*|\bselect\s+\w+\.\*,")
ALONE = {"shared/postgres/migrate.py"}
"""The migrate job makes its connection itself, and what it asks for is over before it adds anything."""


def asking_for_all(source: str) -> list[str]:
    """The places at which all columns of a table are asked for."""
    return [found[0] for found in ALL.finditer(source)]


@pytest.mark.parametrize("folder", ["services", "shared"])
def test_columns_are_named(folder: str) -> None:
    files = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in (ROOT / folder).rglob("*.py")}
    assert {name: found for name, text in files.items() if name not in ALONE and (found := asking_for_all(text))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"select * from sessions where secret_hash = $1"', True),
        ('"select i.* from introductions as i"', True),
        ('"select i.*, 1 from introductions as i"', True),
        ('"select a, i.* from introductions as i"', True),
        ('"delete from letters returning *"', True),
        ('"select * from unnest($1::uuid[], $2::text[])"', False),
        ('"select count(*) from letters"', False),
    ],
)
def test_what_asks_for_all_is_found(source: str, found: bool) -> None:
    assert bool(asking_for_all(source)) is found
