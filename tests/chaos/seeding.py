"""Members whom every service has heard of, and introductions that only wait for the counterpart's yes."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

import asyncpg

from services.requests.introductions import store
from services.requests.introductions.domain import asking, vouching
from services.requests.introductions.domain.vouching import VoucherRecord
from services.requests.people.domain.connection import ConnectionSide
from shared.contracts.events.members import AddressSet, MemberJoined
from shared.messaging import outbox
from shared.postgres.database import create_pool, transaction

WHY_HER = "She set up a shared nursery in her office, and our clinic would like to do the same."
WORDS = "I have worked with her for years; what she says she does, and she does it kindly."
SECONDS = 120


class Databases(Protocol):
    """What has a database for each service."""

    def database_url(self, service: str) -> str:
        """The service's database, for whoever looks or writes from outside."""


@dataclass(frozen=True)
class Waiting:
    """An introduction in which the asker has said yes by asking, and the counterpart hasn't answered."""

    id: UUID
    voucher: UUID
    asker: UUID
    counterpart: UUID


async def seed(stack: Databases, count: int) -> list[Waiting]:
    """`count` vouched introductions between members of their own, every third of them through the same voucher."""
    vouchers = [uuid4() for _ in range(max(1, count // 3))]
    made = [Waiting(uuid4(), vouchers[number % len(vouchers)], uuid4(), uuid4()) for number in range(count)]
    everyone = [*vouchers, *(side for waiting in made for side in (waiting.asker, waiting.counterpart))]
    await _join(stack, everyone)
    await _vouch(stack, made)
    await _until_known(stack, everyone)
    return made


def address(member_id: UUID) -> str:
    return f"{member_id.hex}@example.test"


async def _join(stack: Databases, ids: list[UUID]) -> None:
    """Through the members service's outbox, so that each service fills its own copy as ever."""
    pool = await create_pool(stack.database_url("members"), size=2)
    at = datetime.now(UTC) - timedelta(days=90)
    async with transaction(pool) as tx:
        for number, member_id in enumerate(ids):
            name, language = f"Member {number}", "es" if number % 2 else "en"
            joined = MemberJoined(
                aggregate_id=member_id, aggregate_version=1, occurred_at=at, name=name, headline="Nurse", language=language, time_zone="UTC"
            )
            await outbox.put(
                tx, joined, AddressSet(aggregate_id=member_id, aggregate_version=1, occurred_at=at, address=address(member_id))
            )
    await pool.close()


async def _vouch(stack: Databases, made: list[Waiting]) -> None:
    pool = await create_pool(stack.database_url("requests"), size=2)
    at = datetime.now(UTC) - timedelta(days=1)
    async with transaction(pool) as tx:
        for waiting in made:
            asked, _ = asking.ask(
                waiting.id, asker=waiting.asker, voucher=waiting.voucher, counterpart=waiting.counterpart, why_her=WHY_HER, at=at
            )
            words = {waiting.asker: WORDS, waiting.counterpart: WORDS}
            sides = [ConnectionSide(waiting.voucher, id_, "know_well", at, "work", "At her office", uuid4()) for id_ in words]
            her = VoucherRecord({side.other_id: side for side in sides})
            vouched, _ = vouching.vouch(asked, waiting.voucher, words, at, her, show_why_her=False)
            await store.insert(tx, vouched)
    await pool.close()


async def _until_known(stack: Databases, ids: list[UUID]) -> None:
    async with asyncio.timeout(SECONDS):
        for service, known in (
            ("requests", "profile_version > 0"),
            ("reputation", "profile_version > 0"),
            ("notify", "profile_version > 0 and address_version > 0"),
        ):
            connection = await asyncpg.connect(stack.database_url(service))
            count = f"select count(*) from members where {known} and member_id = any($1)"
            while await connection.fetchval(count, ids) < len(ids):
                await asyncio.sleep(0.1)
            await connection.close()
