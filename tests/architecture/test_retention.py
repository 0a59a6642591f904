"""Every feature with tables says what of them is hers to take, and how long each thing stays, why, and who sees it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.messaging import retention
from shared.messaging.feature import Feature, Retained, nothing
from tests.architecture.test_erasure import WITH_TABLES, features


def missing(found: Sequence[Feature]) -> dict[str, list[str]]:
    """What features with tables don't say, by feature."""
    said = {
        feature.name: [name for name, value in (("export", feature.export), ("retain", feature.retain)) if not value]
        for feature in found
        if feature.tables
    }
    return {name: what for name, what in said.items() if what}


@pytest.mark.parametrize("service", WITH_TABLES)
def test_a_feature_with_tables_says_what_is_hers_and_how_long_it_stays(service: str) -> None:
    assert missing(features(service)) == {}


def test_a_feature_that_says_neither_is_found() -> None:
    kept = (Retained("praise", "for fun", timedelta(days=1), "she"),)
    planted = [Feature("praise", tables=("praise",)), Feature("more", tables=("more",), export=nothing), Feature("none", retain=kept)]
    assert missing([*features("requests"), *planted]) == {"praise": ["export", "retain"], "more": ["retain"]}


def test_each_thing_is_said_once_and_whole() -> None:
    for service in WITH_TABLES:
        rows = [row for feature in (*features(service), retention.FEATURE) for row in feature.retain]
        assert all(row.what and row.why and row.for_how_long and row.who_sees for row in rows)
        assert len({row.what for row in rows}) == len(rows), service
