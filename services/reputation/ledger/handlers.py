"""What the ledger does with events. Outcomes come to it through the scores they move."""

from services.reputation.ledger import store
from shared.contracts.events.requests import IntroductionConfirmed
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes_many(IntroductionConfirmed)
async def keep_vouches(events: list[IntroductionConfirmed], tx: Tx) -> None:
    await store.add_vouches(tx, events)
