"""What invitations do as time goes by."""

from services.members.invitations import store
from services.members.invitations.domain import WITHOUT_SPONSOR, placed
from shared import clock
from shared.messaging import outbox
from shared.messaging.feature import Timer
from shared.postgres.database import Pool, transaction

_AT_ONCE = 500


async def clean(pool: Pool) -> None:
    """Forget invitations that nobody used in time."""
    await store.clean(pool, clock.now())


async def place(pool: Pool) -> None:
    """Members who joined before branches were kept came without a sponsor; reputation hears of them."""
    while True:
        async with transaction(pool) as tx:
            found = await store.unplaced(tx, WITHOUT_SPONSOR, _AT_ONCE)
            await outbox.put(tx, *(placed(member_id, WITHOUT_SPONSOR, on, clock.now()) for member_id, on in found))
        if len(found) < _AT_ONCE:
            return


TIMERS = (Timer("invitations.clean", 3600, clean), Timer("invitations.place", 3600, place))
