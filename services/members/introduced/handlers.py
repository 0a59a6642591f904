"""What makes two women an introduced pair: that both have said yes, and nothing before it."""

from services.members.accounts import store as accounts
from services.members.introduced import store
from shared.contracts.events.requests import IntroductionConfirmed
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(IntroductionConfirmed)
async def keep_pair(event: IntroductionConfirmed, tx: Tx) -> None:
    """Nothing is kept if one of the two is erased by now, and never the voucher's words."""
    if len(await accounts.hold(tx, event.side_ids)) == 2:
        await store.add(tx, event)
