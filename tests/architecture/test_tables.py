"""One module holds the SQL of a feature's tables; whoever else wants to know asks it by function."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.messaging.feature import Feature
from tests.architecture.test_erasure import WITH_TABLES, features

SERVICES = Path(__file__).resolve().parents[2] / "services"
OF_THE_WHOLE_SERVICE = {"members", "idempotency"}
"""Features of every service: the copy of members, which who exists for whom is asked of, and the keys of commands."""

SPLIT = {
    "notify": {"letters": {"queue/store.py", "queue/claims.py"}, "mail_server": {"delivery/store.py"}, "progress": {"progress.py"}},
    "reputation": {
        "ratings": {"ledger/store.py", "rebuild/store.py", "standing/store.py"},
        "exclusions": {"ledger/exclusions.py", "rebuild/store.py"},
        "contests": {"contests/store.py", "rebuild/store.py"},
        "live_words": {"scores/store.py", "rebuild/store.py"},
        "live_buckets": {"scores/store.py", "rebuild/store.py"},
        "bands": {"snapshot/store.py", "scores/store.py"},
        "placements": {"placements/store.py", "standing/store.py"},
    },
    "requests": {
        "restrictions": {"connections/restrictions.py"},
        "limits": {"connections/restrictions.py"},
        "connections": {"people/store.py", "people/around.py"},
        "introductions": {"introductions/store.py", "introductions/known.py"},
        "introduction_members": {"introductions/store.py", "introductions/known.py"},
    },
}
"""Tables of notify, which stand with the queue, with delivery and with how far each introduction has come; connections, which are read one
by one and, for paths and suggestions, many at a time; introductions, which are read one by one and counted; the ledger of trust and
what follows from it, which a rebuild replays whole, looking for what older code has left in its tables; bands, whose rows are the locks
of scores; and the ledger and placements, from which a night says how raters count."""


def homes(service: str, found: Sequence[Feature]) -> dict[str, set[str]]:
    """The modules, by table, that may name it in SQL."""
    own = [feature for feature in found if service == "members" or feature.name not in OF_THE_WHOLE_SERVICE]
    tables = {table: {f"{feature.name}/store.py"} for feature in own for table in feature.tables if feature.name != "idempotency"}
    return tables | SPLIT.get(service, {})


def named_in(source: str) -> set[str]:
    """The tables that a module's SQL reads or writes."""
    return set(re.findall(r"\b(?:from|into|update|join|table)\s+(?:only\s+)?([a-z_]+)\b", source))


@pytest.mark.parametrize("service", WITH_TABLES)
def test_a_features_tables_are_named_in_its_store_alone(service: str) -> None:
    allowed = homes(service, features(service))
    astray = [
        f"{path.relative_to(SERVICES)} names {table}"
        for path in sorted((SERVICES / service).rglob("*.py"))
        for table in named_in("\n".join(re.findall(r'"""[\s\S]*?"""|"[^"\n]*"', path.read_text(encoding="utf-8")))) & allowed.keys()
        if path.relative_to(SERVICES / service).as_posix() not in allowed[table]
    ]
    assert not astray, "\n".join(astray)


def test_a_table_named_elsewhere_is_seen() -> None:
    assert named_in('"select 1 from connections where x"') == {"connections"}
    assert homes("requests", features("requests"))["needs"] == {"needs/store.py"}
