"""Ask one of her connections to introduce her: whom to ask, or whom to meet, and then why her."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import get_args
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import presenters
from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.i18n import N_
from services.web.pages import errors
from services.web.visitors import Member, Unsent
from shared import clock
from shared.contracts.http.requests.introductions import AskDays
from shared.problems import Invalid
from shared.shown_ends import next_full_hour

router = APIRouter()

_MEMBER = re.compile(r"/m/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?![0-9a-zA-Z-])")
NO_LINK = N_("This is no link to a member's page. Such a link ends in /m/ and a long row of letters and digits.")
NOBODY = N_("There is nobody at this link. It may be mistyped, or she is no longer here.")
ONE_OF_YOU = N_("This is the page of one of the two of you. Who else would you like to meet?")


@router.get("/m/{member_id}/ask")
async def for_whom(visit: Member, member_id: UUID, link: str | None = None) -> Response:
    """Whom that connection should introduce her to, by the link to her page: the one way in which a member names another."""
    _, connection = await asyncio.gather(visit.her(member_id), visit.requests.connection(member_id))
    if link is None:
        return visit.page("ask_for_whom.html", voucher=connection.member, form=Form())
    found, wrong = _MEMBER.search(link), NO_LINK
    if found:
        try:
            (relation, _), wrong = await visit.her(UUID(found[1])), ONE_OF_YOU
        except ServiceProblem as refusal:
            if refusal.status != 404:
                raise
            wrong = NOBODY
        else:
            if relation.relation != "self" and relation.member.id != member_id:
                return visit.go(f"/m/{relation.member.id}/introduction/{member_id}")
    form = Form(values={"link": link[:300]}).with_errors(visit.say(Invalid.sentence), link=visit.say(wrong))
    return visit.page("ask_for_whom.html", form.status, voucher=connection.member, form=form.said_at("link"))


@router.get("/m/{member_id}/introduction")
async def through_whom(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """Who of her connections could introduce her, once she has looked: those who may be asked, if the other may be reached."""
    (relation, _), paths = await visit.her(member_id), await visit.requests.paths(member_id)
    if not relation.can_ask:
        return visit.go(f"/m/{member_id}")
    vouchers = sorted(paths.vouchers, key=lambda card: presenters.sort_key(card.name))
    return visit.page(
        "ask_whom.html", form.status, her=relation.member, relation=relation, looked=paths.looked_up, vouchers=vouchers, form=form
    )


@router.post("/m/{member_id}/introduction")
async def look(visit: Member, member_id: UUID) -> Response:
    """Look who could: so many women a day."""
    form = await visit.form()
    try:
        await visit.requests.look_up(member_id, key=form.key)
    except ServiceProblem as refusal:
        return await through_whom(visit, member_id, form.after(refusal, visit.language))
    return visit.go(f"/m/{member_id}/introduction")


@router.get("/m/{member_id}/introduction/{voucher_id}")
async def why_her(visit: Member, member_id: UUID, voucher_id: UUID, form: Unsent) -> Response:
    """The words for the voucher, and how long she has."""
    if voucher_id == member_id:
        return errors.not_found(visit.request)
    (relation, _), connection = await asyncio.gather(visit.her(member_id), visit.requests.connection(voucher_id))
    paths = await visit.requests.paths(member_id)
    if form.problem is None and not (relation.can_ask and any(card.id == voucher_id for card in paths.vouchers)):
        return visit.go(f"/m/{member_id}/introduction" if relation.can_ask else f"/m/{member_id}")
    ends = {str(days): next_full_hour(clock.now() + timedelta(days=days)) for days in get_args(AskDays)}
    form = replace(form, values={"days": max(ends, key=int), **form.values}).said_at("why_her")
    return visit.page("ask.html", form.status, her=relation.member, voucher=connection.member, ends=ends, form=form)


@router.post("/m/{member_id}/introduction/{voucher_id}")
async def ask(visit: Member, member_id: UUID, voucher_id: UUID) -> Response:
    """Asking is her own yes."""
    form = await visit.form()
    days = {"days": int(said)} if (said := form.value("days")).isdecimal() else {}
    try:
        introduction_id = await visit.requests.ask(voucher_id, member_id, {"why_her": form.value("why_her"), **days}, key=form.key)
    except ServiceProblem as refusal:
        return await why_her(visit, member_id, voucher_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="asked")
