"""Her data: asking for it, and taking it. A suspended member may do both."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.members.community import store as community
from services.members.export import store
from services.members.export.commands import AskExport
from services.members.groups import store as groups
from services.members.photos import store as photos
from services.members.visibility import has_account
from shared import clock
from shared.contracts.http.base import Created
from shared.contracts.http.members import export as contract
from shared.contracts.http.members.export import ConsentView, DocumentView, ExportView, MyExportView
from shared.http.commands import Run
from shared.http.export import sections_of
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentClaims, CurrentMember, Fresh
from shared.postgres.database import transaction
from shared.problems import NotFound

router = APIRouter(dependencies=[Depends(has_account)])


@serve(router, contract.MY_EXPORT)
async def mine(me: CurrentMember, pool: Pool_) -> MyExportView:
    async with transaction(pool) as tx:
        last, agreed = await store.last(tx, me), await community.agreed(tx, me)
        photo, group = await photos.consent(tx, me), await groups.consent(tx, me)
    good = last is not None and last.is_good(clock.now())
    consents = [ConsentView(about=text, version=version, since=at) for text, version, at in agreed]
    consents += [ConsentView(about="photo", version=photo[0], since=photo[1])] if photo else []
    consents += [ConsentView(about="group", version=group[0], since=group[1])] if group else []
    shown = ExportView(id=last.id, asked_at=last.asked_at, until=last.until) if last and good else None
    return MyExportView(export=shown, consents=tuple(consents))


@serve(router, contract.ASK_EXPORT)
async def ask(_: Fresh, run: Run) -> Created:
    """She asks for all that is kept of her, to take within 24 hours."""
    return await run.create(AskExport())


@serve(router, contract.EXPORT)
async def take(export_id: UUID, request: Request, me: Fresh, said: CurrentClaims, pool: Pool_) -> DocumentView:
    """What members has of her, and what each other service has. Raises NotFound, Unavailable."""
    last, at = await store.last(pool, me), clock.now()
    if last is None or last.id != export_id or not last.is_good(at):
        raise NotFound
    state = request.app.state
    parts = {"members": await sections_of(pool, state.features, me)} | await state.others.parts(me, said.auth_time)
    return DocumentView(made_at=at, services=parts)
