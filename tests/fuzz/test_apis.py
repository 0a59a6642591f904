"""Every api of a running stack with its community, called with what its OpenAPI document allows and with what it doesn't.

FUZZ_SECONDS (300) is the time for each service. schemathesis isn't part of the ordinary environment: `make fuzz` adds it.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.documents.openapi import app_of
from deploy.local.community.fill import fill_once
from deploy.local.home import ROOT
from deploy.local.stack import Stack
from shared.contracts.http.members.signing_in import Audience
from shared.postgres import database
from tests.contracts.test_http import SERVICES

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(0)]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
)
IDS = {
    "members": "select member_id from profiles",
    "requests": "select id from connection_requests union all select id from introductions",
}


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    async with Stack.temporary() as started:
        await fill_once(started, lambda _: None)
        yield started


async def ids(stack: Stack, service: str) -> list[str]:
    connection = await database.connect(stack.database_url(service))
    try:
        return [str(row[0]) for row in await connection.fetch(IDS[service])]
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_an_api_answers_as_its_document_says(service: Audience, stack: Stack, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(app_of(service).openapi()))
    members = await ids(stack, "members")
    environment = {
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "FUZZ_SERVICE": service,
        "FUZZ_SIGNING_KEY": stack.secrets.signing_key,
        "FUZZ_WEB_KEY": stack.secrets.web_key,
        "FUZZ_MEMBERS": json.dumps(members),
        "FUZZ_IDS": json.dumps(members + await ids(stack, "requests")),
    }
    command = ("run", str(document), f"--url={stack.url(f'{service}-api')}", f"--checks={','.join(CHECKS)}", "--continue-on-failure")
    limits = (f"--max-time={os.environ.get('FUZZ_SECONDS', '300')}", "--warnings=off", "--no-color", "--suppress-health-check=all")
    run = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "schemathesis.cli", *command, *limits),
        cwd=tmp_path,  # where schemathesis keeps what it generated
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    said = (await run.communicate())[0].decode()
    print(said)
    assert " generated" in said, "it didn't come to that"
    assert run.returncode == 0
    assert '"level": "error"' not in (stack.data / "logs" / f"{service}-api.log").read_text()
