"""The community in memory: what its steward settled, and who agreed to what."""

from typing import Any

from fastapi import FastAPI

from shared.contracts.http.members import community as contract
from shared.contracts.http.members.community import AgreeBody, NewerTerms
from shared.http.routing import serve
from shared.problems import NotFound
from tests.web.fake_world import Key, Who, World


def create(service: FastAPI, world: World) -> None:
    """Its routes over that world."""

    @serve(service.router, contract.COMMUNITY)
    async def read() -> Any:
        return world.community

    @serve(service.router, contract.TEXT)
    async def text(body: contract.TextBody) -> Any:
        newest = max((version for name, version in world.texts if name == body.text), default=1)
        version = body.version or newest
        if version != 1 and (body.text, version) not in world.texts:
            raise NotFound
        return {**world.texts.get((body.text, version), {}), "version": version, "newest": newest}

    @serve(service.router, contract.AGREE)
    async def agree(body: AgreeBody, who: Who, key: Key) -> None:
        if body.version != world.community.get("terms_version", 1):
            raise NewerTerms
        world.agreed[who] = body.version
