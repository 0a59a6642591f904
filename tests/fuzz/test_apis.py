"""Every API of a running stack with its community, called with what the one OpenAPI document allows and with what it doesn't.

FUZZ_SECONDS (300) is the time for each run. schemathesis isn't part of the ordinary environment: `make fuzz` adds it.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from uuid import UUID

import pytest

from deploy.documents.openapi import document
from deploy.local.community.fill import fill_once
from deploy.local.home import ROOT
from deploy.local.stack import Stack
from shared.contracts.http.apis import APIS, MODULES
from shared.contracts.http.base import OpenRoute, routes_of
from shared.contracts.http.members.signing_in import Audience
from shared.postgres import database

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(0)]

NOT_CHECKED = "positive_data_acceptance,use_after_free,ensure_resource_availability,object_level_authorization,response_headers_conformance"
"""Rules that no schema can say, and who sees what: the matrix asks that."""
ROLES = ("moderator", "steward")
OPEN = [route.path for module in MODULES for route in routes_of(module).values() if isinstance(route, OpenRoute)]
CONFIGURATION = f"""
[checks]
missing_required_header.expected-statuses = [401, 403, 404, 422]
negative_data_rejection.expected-statuses = [401, 403, 404, 413, 422]
[[operations]]
include-path = {json.dumps(OPEN)}
checks.missing_required_header.enabled = false
"""
"""What is too large isn't looked at, and a route of the stewards' is none for everyone else. Without the web's key its own say 403."""
RUNS: tuple[tuple[Audience, str | None], ...] = (*((service, None) for service in APIS), *(("members", role) for role in ROLES))
"""Which API is called as whom; every token is fresh."""


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    async with Stack.temporary() as started:
        await fill_once(started, lambda _: None)
        yield started


async def members(stack: Stack, role: str | None) -> list[UUID]:
    """Everyone who takes part; of those with a role two, who get it first."""
    connection = await database.connect(stack.database_url("members"))
    try:
        if role:
            await connection.execute(
                "insert into roles select member_id, $1, now() from profiles order by member_id limit 2 on conflict do nothing", role
            )
            return [row[0] for row in await connection.fetch("select member_id from roles where role = $1", role)]
        return [
            row[0]
            for row in await connection.fetch("select member_id from accounts where not suspended and not leaving order by member_id")
        ]
    finally:
        await connection.close()


async def ids(stack: Stack, service: str) -> Collection[str]:
    """Whatever has one: members, requests, introductions, cases, notices and so on, a hundred of each."""
    connection = await database.connect(stack.database_url(service))
    try:
        columns = await connection.fetch(
            "select table_name, column_name from information_schema.columns join pg_tables on tablename = table_name"
            " where schemaname = 'public' and data_type = 'uuid' and column_name not in ('event_id', 'message_id')"
        )
        found = [await connection.fetch(f"select distinct {name} from {table} limit 100") for table, name in columns]
    finally:
        await connection.close()
    return {str(row[0]) for rows in found for row in rows if row[0]}


@pytest.mark.parametrize(("service", "role"), RUNS, ids=lambda value: value or "member")
async def test_an_api_answers_as_the_document_says(service: Audience, role: str | None, stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document()))
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    environment = {
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "FUZZ_SERVICE": service,
        "FUZZ_ROLES": role or "",
        "FUZZ_SIGNING_KEY": stack.secrets.signing_key,
        "FUZZ_WEB_KEY": stack.secrets.web_key,
        "FUZZ_MEMBERS": json.dumps([str(id_) for id_ in await members(stack, role)]),
        "FUZZ_IDS": json.dumps(sorted({*await ids(stack, "members"), *await ids(stack, "requests")})),
    }
    which = (f"--include-tag={service}", *(("--exclude-path-regex=^/v1/(?!moderation|steward|notices)",) if role else ()))
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", f"--url={stack.url(f'{service}-api')}", *which),
        *(f"--exclude-checks={NOT_CHECKED}", f"--max-time={os.environ.get('FUZZ_SECONDS', '300')}", "--continue-on-failure"),
        *("--warnings=off", "--no-color", "--suppress-health-check=all"),
        cwd=tmp_path,  # where schemathesis keeps what it generated
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    said = (await run.communicate())[0].decode()
    print(said)
    assert " generated" in said, "it didn't come to that"
    assert run.returncode == 0
    assert '"level": "error"' not in (stack.data / "logs" / f"{service}-api.log").read_text()
