"""What a member sees of her trust: of the last snapshot alone."""

from uuid import UUID

from services.reputation.scores import store as scores
from services.reputation.snapshot import store
from services.reputation.trust import reading
from shared import clock
from shared.contracts.http.reputation import LedgerLine, LedgerView
from shared.postgres.database import Tx


async def ledger_of(tx: Tx, me: UUID) -> LedgerView:
    """Her score, explained."""
    mine, settings = await store.hers(tx, me), await scores.settings(tx)
    as_of = mine["shown_at"] if mine else None
    sums, at = (await scores.sums_of(tx, [me], store.TABLE))[me], as_of or clock.now()
    weights = reading.weigh(sums, at, settings)
    return LedgerView(
        score=reading.score(weights, settings),
        band=mine["band"] if mine else "new",
        evidence=weights.p + weights.q,
        lines=[LedgerLine(**line._asdict()) for line in reading.explain(sums, at, settings)],
        as_of=as_of,
    )
