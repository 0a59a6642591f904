"""A member who is suspended, blocks another, or leaves for good: at once in members and on pages, by event everywhere else."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Browser

from deploy.local.stack import Stack
from services.members.erasure.commands import erase
from services.members.safety import commands
from shared import clock
from shared.contracts.events.requests import MisconductReported
from shared.messaging import outbox
from shared.postgres.database import connect
from tests.journey.woman import Mailbox, Town, Woman, patiently

pytestmark = [pytest.mark.servers, pytest.mark.browser, pytest.mark.timeout(300)]


async def do(stack: Stack, command: Callable[..., Awaitable[bool]], *women: Woman) -> None:
    """What an operator's command does, committed."""
    connection = await connect(stack.database_url("members"))
    async with connection.transaction():
        assert await command(connection, *(id_of(woman) for woman in women), clock.now())
    await connection.close()


async def follow(stack: Stack, query: str, woman: Woman) -> None:
    """Wait until the services that hear of members have heard of this."""
    for service in ("requests", "notify"):
        await become_true(stack, service, query, woman)


async def become_true(stack: Stack, service: str, query: str, woman: Woman) -> None:
    connection = await connect(stack.database_url(service))
    await patiently(partial(connection.fetchval, query, id_of(woman)), f"{service}: {query}")
    await connection.close()


async def report(stack: Stack, by: Woman, about: Woman) -> None:
    """What requests tells when a side reports the other."""
    event = MisconductReported(
        aggregate_id=uuid4(),
        aggregate_version=1,
        occurred_at=clock.now(),
        introduction_id=uuid4(),
        by_id=id_of(by),
        about_id=id_of(about),
        words="She sold me something.",
    )
    connection = await connect(stack.database_url("requests"))
    async with connection.transaction():
        await outbox.put(connection, event)
    await connection.close()


def id_of(woman: Woman) -> UUID:
    return UUID(woman.link.rsplit("/", 1)[1])


async def status(reader: Woman, path: str) -> int:
    """What a page answers right now."""
    response = await reader.page.goto(path)
    assert response
    return response.status


async def at_the_door(woman: Woman) -> None:
    """Her next page is the door, within the few seconds that a page uses a token for."""

    async def door() -> bool:
        await woman.page.goto(woman.site + "/connections")
        return await woman.page.locator("#email").count() == 1

    await patiently(door, "the door")


async def test_suspended_blocked_and_gone(stack: Stack, browser: Browser) -> None:
    town = Town(browser, stack.url("web"), Mailbox(stack.url("mailbox")), scripts=False)
    rosa, berta = await town.woman("Rosa Inchausti", "en"), await town.woman("Berta Zabala", "en")
    for woman in (rosa, berta):
        await woman.sign_up()
        woman.watch.expected += ["401", "404"]
    await berta.open(rosa.link)
    absent = berta.link.replace(str(id_of(berta)), "00000000-0000-7000-8000-000000000000")
    assert await status(berta, absent) == 404
    missing = await berta.page.locator("main").inner_text()

    await do(stack, commands.suspend, rosa)
    assert await status(berta, rosa.link) == 404, "at once, whatever the other services have heard"
    assert await berta.page.locator("main").inner_text() == missing
    await at_the_door(rosa)
    await follow(stack, "select suspended from members where member_id = $1", rosa)
    await do(stack, commands.reinstate, rosa)
    await berta.open(rosa.link)
    await at_the_door(rosa)

    await do(stack, commands.block, rosa, berta)
    assert await status(berta, rosa.link) == 404
    await follow(stack, "select active from blocks where blocker_id = $1", rosa)
    await do(stack, commands.unblock, rosa, berta)
    await berta.open(rosa.link)

    await report(stack, berta, rosa)
    await become_true(stack, "members", "select words = 'She sold me something.' from reports where about_id = $1", rosa)
    await do(stack, erase, rosa)
    await become_true(stack, "members", "select count(*) = 0 from reports where about_id = $1", rosa)
    assert await status(berta, rosa.link) == 404
    await follow(stack, "select erased and name is null from members where member_id = $1", rosa)
    assert "\n".join(berta.watch.wrong) == ""
