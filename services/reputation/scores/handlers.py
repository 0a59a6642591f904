"""What scores do with events."""

from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import ratings_of
from services.reputation.scores import commands
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import ReportUpheld
from shared.contracts.events.requests import IntroductionVouched, OutcomesRevealed, VouchWithdrawn
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes_many(OutcomesRevealed)
async def count_outcomes(events: list[OutcomesRevealed], tx: Tx) -> None:
    # This event and IntroductionConfirmed come in any order, and both name the voucher.
    await ledger.add_vouches(tx, events)
    ratings = [rating for event in events for rating in ratings_of(event)]
    if ratings:
        members = {id_ for event in events for id_ in (event.voucher_id, *event.side_ids)}
        await commands.take_in(tx, ratings, members, clock.now())


@handlers.consumes_many(IntroductionVouched, VouchWithdrawn, ReportUpheld)
async def count_vouches(events: list[Event], tx: Tx) -> None:
    ratings = [rating for event in events for rating in ratings_of(event)]
    if ratings:
        reports = {event.aggregate_id for event in events}
        members = {id_ for rating in ratings for id_ in (rating.member_id, rating.rater_id)} - reports
        await commands.take_in(tx, ratings, members, clock.now())
