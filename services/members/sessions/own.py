"""What a member sees and ends of her own sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends

from services.members.accounts import store as accounts
from services.members.passkeys import store as passkeys
from services.members.sessions import store, trail
from services.members.visibility import takes_part
from shared.clock import machine_now
from shared.contracts.events.base import Event
from shared.contracts.http.members.devices import END_ONE_SESSION, END_OTHER_SESSIONS, SIGNING_IN, SessionView, SigningInView
from shared.contracts.http.members.passkeys import PasskeyView
from shared.http.commands import Run
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentClaims
from shared.postgres.database import Tx, transaction

router = APIRouter(dependencies=[Depends(takes_part)])


@serve(router, SIGNING_IN)
async def how_i_sign_in(said: CurrentClaims, pool: Pool_) -> SigningInView:
    """Her passkeys, where she is signed in, and her roles."""
    me = said.member_id
    async with transaction(pool) as tx:
        keys = await passkeys.of(tx, me)
        sessions = await store.open_sessions(tx, me, machine_now())
        roles = await accounts.roles(tx, me)
    return SigningInView(
        passkeys=[PasskeyView(id=key.id, label=key.label, added_at=key.added_at, used_at=key.used_at) for key in keys],
        sessions=[
            SessionView(id=one.id, device=one.device, here=one.id == said.session_id, since=one.started_at, used_at=one.seen_at)
            for one in sessions
        ],
        appointed=roles,
    )


@dataclass(frozen=True)
class EndSessions:
    """One of hers, or all but the one in which she says so. What has ended is ended already."""

    one: UUID | None = None
    but: UUID | None = None

    async def load(self, tx: Tx, me: UUID) -> None:
        """Nothing to decide: whoever is signed in may end where she is."""

    def decide(self, loaded: None, me: UUID, at: datetime) -> tuple[UUID, list[Event]]:
        return me, []

    async def save(self, tx: Tx, loaded: None, row: UUID) -> None:
        if self.one is None:
            await store.end_others(tx, row, self.but, machine_now())
            trail.ended(row, "others_ended")
        elif await store.end_one(tx, row, self.one, machine_now()):
            trail.ended(row, "ended_elsewhere")


@serve(router, END_ONE_SESSION)
async def end_one(session_id: UUID, run: Run) -> None:
    """A session of hers is signed out within seconds."""
    await run(EndSessions(one=session_id))


@serve(router, END_OTHER_SESSIONS)
async def end_others(said: CurrentClaims, run: Run) -> None:
    """She stays signed in here alone."""
    await run(EndSessions(but=said.session_id))
