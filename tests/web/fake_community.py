"""The community in memory: what its steward settled, and who agreed to what."""

import hashlib
from base64 import b64encode
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from shared import clock
from shared.contracts.http.members import community as contract
from shared.contracts.http.members.community import AgreeBody, AnnounceBody, ChangedMeanwhile, CommunityBody, NewerTerms, PublishBody
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

    @serve(service.router, contract.STEWARD)
    async def settled(who: Who) -> Any:
        _steward(world, who)
        now = {"version": 0, "name": "", "sender": "", "announcement": None, "changes": [], "months": [], **world.community}
        return {**now, "most": "open"}

    @serve(service.router, contract.SETTLE)
    async def settle(body: CommunityBody, who: Who, key: Key) -> None:
        _steward(world, who)
        _change(world, body.version, name=body.community_name, sender=body.sender_name, who_may_join=body.who_may_join)

    @serve(service.router, contract.ANNOUNCE)
    async def announce(body: AnnounceBody, who: Who, key: Key) -> None:
        _steward(world, who)
        words = {"en": body.said_en, "es": body.said_es}
        said = {"number": body.version + 1, "words": words, "first_day": body.first_day, "last_day": body.last_day}
        _change(world, body.version, announcement=said if body.said_en else None)

    @serve(service.router, contract.LOGO)
    async def logo() -> Any:
        if not world.community.get("logo"):
            raise NotFound
        return {"picture": b64encode(world.logo).decode(), "tag": world.community["logo"]}

    @serve(service.router, contract.SHOW_LOGO)
    async def show_logo(body: contract.LogoBody, who: Who, key: Key) -> None:
        _steward(world, who)
        world.logo = body.picture or b""
        world.community["logo"] = hashlib.sha256(world.logo).hexdigest()[:16] if world.logo else ""

    @serve(service.router, contract.PUBLISH)
    async def publish(body: PublishBody, who: Who, key: Key) -> None:
        _steward(world, who)
        words, changes = {"en": body.whole_en, "es": body.whole_es}, {"en": body.new_en, "es": body.new_es}
        world.texts[body.text, body.version + 1] = {"words": words, "changes": changes, "published_at": clock.now()}


def _steward(world: World, who: UUID) -> None:
    if "steward" not in world.roles.get(who, []):
        raise NotFound


def _change(world: World, seen: int, **changed: Any) -> None:
    if seen != world.community.get("version", 0):
        raise ChangedMeanwhile
    world.community.update(changed, version=seen + 1)
