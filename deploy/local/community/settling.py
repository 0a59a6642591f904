"""Plays what the steward settles, and the request to join that was made in between."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from deploy.local import operator
from deploy.local.client import Member, Site
from deploy.local.community.settled import ASKS, NAMED, RECOMMENDS, REQUEST, SAID, SHOWN_DAYS, STEWARD
from deploy.local.passkey import with_passkey
from deploy.local.stack import Stack
from shared import clock
from shared.contracts.http.members import community, joining


async def settle(stack: Stack, site: Site, members: Mapping[str, Member], key: Callable[[str], str]) -> None:
    """All of it. If it is played again, it goes on from where it was. `key` makes a command's key of its name. Raises Unexpected."""
    steward = members[STEWARD]
    await operator.of_members(stack.database_url("members"), "appoint", steward.id, "--role", "steward")
    steward = await with_passkey(steward, stack.url("web"))
    now = await steward.read("members", community.STEWARD)
    if not now["name"]:
        await steward.send("members", community.SETTLE, {**NAMED, "who_may_join": "by_request", "version": now["version"]})
        now = await steward.read("members", community.STEWARD)
    if now["who_may_join"] == "by_request":
        await _ask_to_join(await site.sign_in(f"{ASKS}@madrina.test", REQUEST["language"]), members[RECOMMENDS], key)
        await steward.send("members", community.SETTLE, {**NAMED, "who_may_join": now["most"], "version": now["version"]})
        now = await steward.read("members", community.STEWARD)
    today = clock.now().date()
    days = {"first_day": str(today), "last_day": str(today + timedelta(days=SHOWN_DAYS))}
    if not now["announcement"]:
        await steward.send("members", community.ANNOUNCE, {**SAID, **days, "version": now["version"]})


async def _ask_to_join(asks: Member, recommends: Member, key: Callable[[str], str]) -> None:
    await asks.send("members", joining.ASK_TO_JOIN, REQUEST, key=key(f"{ASKS}-asks-to-join"))
    for named in (await recommends.read("members", joining.INVITATIONS))["named_by"]:
        await recommends.send("members", joining.RECOMMEND, {"recommends": True}, join_request_id=named["id"])
