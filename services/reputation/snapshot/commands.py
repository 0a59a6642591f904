"""Takes a snapshot a month: its moment is stored first, then everybody's page and band follow in batches, while events go on arriving."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.reputation.ledger import exclusions
from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import Key
from services.reputation.rebuild import store as rebuild
from services.reputation.scores import store as scores
from services.reputation.scores.domain import owed
from services.reputation.snapshot import domain, store
from services.reputation.snapshot.domain import Told
from services.reputation.standing import store as standing
from services.reputation.trust import Settings
from shared import clock
from shared.messaging import due, outbox
from shared.postgres.database import Pool, Tx, transaction
from shared.telemetry.logs import log

TIMER = "snapshot.take"
AT_ONCE = 20
"""Members who are drawn together: events about them wait meanwhile."""


async def some(tx: Tx, limit: int, skip: int) -> int:
    """Draw at most `limit` members as of the last snapshot, and publish the bands that have really changed."""
    moments, settings = await store.moments(tx), await scores.settings(tx)
    ids = await store.lock_due(tx, moments[-1], limit, skip) if moments else []
    if not ids:
        return 0
    told = await told_of(tx, ids, moments[-1], settings)
    raters = {rating.rater_id for one in told.values() for rating in one.ratings}
    raters |= {side for one in told.values() for sides in one.sides.values() for side in sides}
    voices = await standing.in_force(tx, raters, settings, moments[-1])
    held = {member_id: domain.shown(one, moments, voices, settings) for member_id, one in told.items()}
    bands, events = domain.read_bands(await store.bands_of(tx, ids), held, settings, moments[-1])
    await store.save(tx, held, bands, moments[-1])
    await outbox.put(tx, *events)
    return len(ids)


async def shows(tx: Tx, member_id: UUID) -> frozenset[Key]:
    """Which ratings are in the snapshot that she is shown: of her, and reports of women for whom she answers."""
    hers = await store.hers(tx, member_id)
    if hers is None or hers["shown_at"] is None:
        return frozenset()
    at: datetime = hers["shown_at"]
    settings, moments = await scores.settings(tx), [moment for moment in await store.moments(tx) if moment <= at]
    told = (await told_of(tx, [member_id], at, settings))[member_id]
    return domain.shows(told, moments, settings) | {one.key for one in await ledger.who_answered(tx, [member_id], at)}


async def told_of(tx: Tx, ids: Sequence[UUID], at: datetime, settings: Settings) -> dict[UUID, Told]:
    """What is known of each of these members at that moment."""
    ratings, sides = await ledger.ratings_about(tx, ids, at), await ledger.sides_of(tx, ids)
    praised, left_out = await ledger.praised_by(tx, ids, at), await exclusions.about(tx, ids)
    charged = owed((one.evidence for one in await ledger.who_answered(tx, ids, at)), settings)
    return {
        id_: Told(ratings.get(id_, []), sides.get(id_, {}), praised.get(id_, frozenset()), charged.get(id_, []), left_out.get(id_, {}))
        for id_ in ids
    }


async def begin(tx: Tx, at: datetime, *, anew: bool = False) -> bool:
    """Begin a snapshot, unless there is one of this month or, with `anew`, even if there is. False if there was nothing to begin."""
    await store.lock(tx)
    last = await store.last(tx)
    if last and (last[0] >= at or (_month(last[0]) >= _month(at) and not anew)):
        return False
    await store.begin(tx, at)
    return True


async def monthly(pool: Pool) -> None:
    """Take a snapshot unless there is one of this month; before that, what is left of one that was interrupted."""
    async with transaction(pool) as tx:
        last, at = await store.last(tx), clock.now()
        if last and last[1] and _month(last[0]) >= _month(at):
            return
        if (last is None or last[1]) and not (await _is_settled(tx) and await begin(tx, at)):
            return
    await due.every(pool, TIMER, some, AT_ONCE)
    async with transaction(pool) as tx:
        if await store.finish(tx):
            log.info("snapshot.taken")


async def _is_settled(tx: Tx) -> bool:
    """Whether all raters count as the last night said, and nothing is left that only older code has counted.

    Else, after an upgrade, nobody's word would count yet, and every band would go and come back.
    """
    night = await standing.last_night(tx)
    return night is not None and night[1] and not await rebuild.left_behind(tx)


def _month(at: datetime) -> tuple[int, int]:
    return at.year, at.month
