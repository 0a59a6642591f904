"""What the community hears: that a month is over, and how many took their first steps in it elsewhere."""

from services.members.accounts import store as accounts
from services.members.community import store
from services.members.invitations import store as invitations
from services.members.profiles import store as profiles
from shared.contracts.events.requests import MonthCounted
from shared.contracts.http.members.community import Stage
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(MonthCounted)
async def keep_month(event: MonthCounted, tx: Tx) -> None:
    """What this service knows of the month is counted with it, and none of it again."""
    month = event.begins_at, event.ends_at
    counts: dict[Stage, int] = {
        "invited": await invitations.made(tx, *month),
        "joined": await accounts.made(tx, *month),
        "profile": await profiles.made(tx, *month),
        "request": event.first_requests,
        "introduction": event.first_introductions,
        "vouch": event.first_vouches,
    }
    await store.add_month(tx, event.begins_at.date(), counts)
