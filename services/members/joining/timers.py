"""What time alone brings to requests to join: a warning to moderators, an answer, and their end."""

from services.members.accounts import store as accounts
from services.members.erasure.commands import erase
from services.members.invitations import store as invitations
from services.members.joining import store
from services.members.joining.commands import keep_answer
from shared import clock
from shared.contracts.events.members_private import MOST_MODERATORS
from shared.messaging import due, outbox
from shared.messaging.feature import Feature, Timer
from shared.postgres.database import Pool, Tx


async def let_time_pass(pool: Pool) -> None:
    """Everything that is due by now."""
    await due.every(pool, "join_requests.due", _some)


async def _some(tx: Tx, limit: int, skip: int) -> int:
    at = clock.now()
    found = await store.lock_due(tx, at, limit, skip)
    in_charge = await accounts.in_charge(tx) if found else {}
    moderators = tuple(sorted(who for who, roles in in_charge.items() if "moderator" in roles))[:MOST_MODERATORS]
    for request in found:
        if request.is_over(at):
            await store.drop(tx, request.member_id)
            if not request.let_in and await invitations.place(tx, request.member_id) is None:
                # Her account was for the request alone.
                await erase(tx, request.member_id, at)
            continue
        address = await accounts.address_of(tx, request.member_id)
        after, events = request.pass_time(address or "", moderators, at)
        if after.open:
            await store.save(tx, after)
        else:
            await keep_answer(tx, after, None)
        await outbox.put(tx, *events)
    return len(found)


DUE = Feature("join_request_timers", timers=(Timer("join_requests.due", 1.0, let_time_pass),))
"""Apart from the feature itself, which takes part in the erasures that this begins."""
