"""Passkeys and sessions of the members service in memory."""

import json
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared.contracts.http.members import devices, passkeys
from shared.http.routing import serve
from shared.problems import NotFound, StepUpNeeded
from tests.web.fake_world import Key, Who, World, later

PASSKEY = "a passkey of "
"""What a browser answers here: this, and whose it is."""


def create(service: FastAPI, world: World) -> None:
    """Its routes over that world."""
    _passkeys(service, world)
    _devices(service, world)


def _fresh(world: World, who: UUID) -> None:
    if who in world.stale:
        raise StepUpNeeded


def _passkeys(service: FastAPI, world: World) -> None:
    options = {"options": json.dumps({"challenge": "Y2hhbGxlbmdl", "rpId": "madrina.test", "userVerification": "required"})}

    @serve(service.router, passkeys.PASSKEY_CHALLENGE)
    async def ask(body: passkeys.BrowserBody) -> Any:
        return options

    @serve(service.router, passkeys.SIGN_IN_WITH_PASSKEY)
    async def sign_in(body: passkeys.PasskeySignInBody) -> Any:
        whose = body.credential.removeprefix(PASSKEY)
        if whose == body.credential:
            raise passkeys.PasskeyRefused
        world.sessions.pop(body.session, None)
        secret, member_id = uuid4().hex, UUID(whose)
        world.sessions[secret] = member_id
        world.stale.discard(member_id)
        return {"session": secret, "expires_at": later(100), "joined": world.members[member_id]["profile"] is not None}

    @serve(service.router, passkeys.NEW_PASSKEY)
    async def ask_for_new(body: passkeys.BrowserBody, who: Who) -> Any:
        _fresh(world, who)
        return options

    @serve(service.router, passkeys.ADD_PASSKEY)
    async def add(body: passkeys.PasskeyBody, who: Who, key: Key) -> Any:
        _fresh(world, who)
        if not body.credential:
            raise passkeys.PasskeyRefused
        made = uuid4()
        world.passkeys.setdefault(who, []).append({"id": made, "label": body.label, "added_at": later(0), "used_at": None})
        return {"id": made}

    @serve(service.router, passkeys.REMOVE_PASSKEY)
    async def remove(passkey_id: UUID, who: Who, key: Key) -> None:
        _fresh(world, who)
        left = [row for row in world.passkeys.get(who, []) if row["id"] != passkey_id]
        if left == world.passkeys.get(who, []):
            raise NotFound
        world.passkeys[who] = left


def _devices(service: FastAPI, world: World) -> None:
    @serve(service.router, devices.SIGNING_IN)
    async def signing_in(who: Who) -> Any:
        return {
            "passkeys": world.passkeys.get(who, []),
            "sessions": world.devices.get(who, []),
            "appointed": world.appointed.get(who, world.roles.get(who, [])),
        }

    @serve(service.router, devices.END_ONE_SESSION)
    async def end_one(session_id: UUID, who: Who, key: Key) -> None:
        world.devices[who] = [row for row in world.devices.get(who, []) if row["id"] != session_id]

    @serve(service.router, devices.END_OTHER_SESSIONS)
    async def end_others(who: Who, key: Key) -> None:
        world.devices[who] = [row for row in world.devices.get(who, []) if row["here"]]
