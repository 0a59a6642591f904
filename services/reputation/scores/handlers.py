"""What scores do with events."""

from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import ratings_of
from services.reputation.scores import commands, store
from shared import clock
from shared.contracts.events.requests import OutcomesRevealed
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(OutcomesRevealed)
async def count_outcomes(event: OutcomesRevealed, tx: Tx) -> None:
    # This event and IntroductionConfirmed come in any order, and both name the voucher.
    await ledger.add_vouches(tx, [event])
    ratings, ids = ratings_of(event), {event.voucher_id, *event.side_ids}
    if ratings:
        await store.lock(tx, ids)
        await ledger.add_ratings(tx, ratings)
        await commands.count_ratings_among(tx, ids, clock.now())
