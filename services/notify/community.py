"""What the community is called, and in whose name letters leave: this service's copy of what its steward chose."""

from services.notify.letters.sender import Sender
from shared.contracts.events.members import CommunityChanged
from shared.messaging.feature import Feature
from shared.messaging.registry import Handlers
from shared.postgres.database import Tx

handlers = Handlers()


@handlers.consumes(CommunityChanged)
async def keep(event: CommunityChanged, tx: Tx) -> None:
    """For letters that are written from now on: those in the queue stay as they are."""
    await tx.execute(
        "insert into community (version, name, sender) values ($1, $2, $3) on conflict (one) do update"
        " set version = excluded.version, name = excluded.name, sender = excluded.sender where community.version < excluded.version",
        event.aggregate_version,
        event.name,
        event.sender,
    )


async def sender(tx: Tx, usual: Sender) -> Sender:
    """Who sends a letter that is written now."""
    row = await tx.fetchrow("select name, sender from community")
    return usual.of(row["name"], row["sender"]) if row else usual


COMMUNITY = Feature("community", handlers=handlers)
