"""What she takes is whole, and nobody else's."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.web import her_data
from shared.messaging.feature import nothing
from shared.postgres.database import Pool, transaction
from tests.architecture.test_erasure import NO_MEMBERS, WITH_TABLES, features
from tests.her_data.everything import NO_PLACE_FOR_HER, Life

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

NOTHING_OF_HERS = {
    ("members", "idempotency"): "hashes of what she sent twice, of use to nobody",
    ("requests", "idempotency"): "as there",
    ("reputation", "idempotency"): "as there",
    ("notify", "idempotency"): "as there",
    ("requests", "members"): "a copy of her profile and her blocks, which members exports",
    ("reputation", "members"): "as there",
    ("notify", "members"): "as there",
    ("reputation", "standing"): "how much her word counts in others' scores, which is for nobody to read",
    ("reputation", "scores"): "live scores, which are for operators; she has what her snapshot shows",
    ("reputation", "rebuild"): "empty",
    ("members", "public_notices"): "what somebody who is no member told moderators, of her perhaps",
    ("requests", "farewells"): "another's name, who was removed; she reads it in a letter",
    ("notify", "progress"): "how far what requests exports has come",
}
"""The features with her id that export nothing, and why not."""
NOT_IN_IT = {
    "case_notes.note": "a moderator's note about another, which moderators alone read",
    "decisions.reasons": "a moderator's reasons, which are for the other",
    "why_excluded": "a moderator's reason, which moderators alone read",
    "answer_to_her": "a moderator's answer, which is the other's",
}
"""Words of hers that aren't in it, and why not."""


def fields(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        yield from thing
    for one in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        yield from fields(one)


async def holding(pool: Pool, table: str, her: Life) -> int:
    """In how many rows of the table her id stands."""
    columns = await pool.fetch(
        "select column_name, udt_name from information_schema.columns where table_name = $1 and udt_name in ('uuid', '_uuid')", table
    )
    places = [f"{name}::text like '%{her.ana}%'" for name, _ in columns if name not in NO_MEMBERS] or ["false"]
    return int(await pool.fetchval(f"select count(*) from {table} where {' or '.join(places)}"))


async def test_every_feature_gives_its_part_or_says_why_not(her: Life) -> None:
    silent, empty = set(), []
    for service in WITH_TABLES:
        pool = her.site.pool(service)  # type: ignore[arg-type]
        for feature in features(service):
            if feature.export is nothing:
                silent.add((service, feature.name))
            elif feature.export:
                for table in set(feature.tables) - set(NO_PLACE_FOR_HER):
                    assert await holding(pool, table, her), f"she did nothing that stands in {table} of {service}"
                async with transaction(pool) as tx:
                    found = await feature.export(tx, her.ana)
                empty += [(service, name) for name, things in found.items() if not things]
                assert found, (service, feature.name)
    assert silent == set(NOTHING_OF_HERS)
    assert empty == []


async def test_the_apis_give_what_the_workers_features_have(her: Life) -> None:
    for service in WITH_TABLES:
        app = {feature.name for feature in her.site.apis[service].state.features if feature.export not in (None, nothing)}  # type: ignore[index]
        assert app == {feature.name for feature in features(service) if feature.export not in (None, nothing)}, service


async def test_all_her_words_are_in_it_and_what_others_may_keep_from_her_is_not(her: Life) -> None:
    document = json.dumps(await her.export(), ensure_ascii=False)
    assert {where for where, words in her.hers.items() if words not in document} == set(NOT_IN_IT)
    assert len(her.hers) > 25
    assert [words for words in her.shown if words not in document] == []
    assert len(her.secret) > 2
    assert [words for words in her.secret if words in document] == []
    assert "@secret.test" not in document, "another's address"
    assert "worked_together" not in document, "how well another knows her"
    ids = {str(id_) for name, id_ in her.ids.items()}
    assert set(re.findall("[0-9a-f]{8}-[0-9a-f-]{27}", re.sub("you sort it. [0-9a-f-]{36}", "", document))) & ids == set()


async def test_everything_in_it_has_a_name_on_her_page(her: Life) -> None:
    sections = {name: things for part in (await her.export()).values() for name, things in part.items()}
    assert sections.keys() - her_data.SECTIONS.keys() == set()
    assert {field for things in sections.values() for field in fields(things)} - her_data.FIELDS.keys() == set()
