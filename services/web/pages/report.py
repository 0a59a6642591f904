"""Telling moderators about another member: her own words, and of what she could read what she ticks."""

import asyncio
from dataclasses import dataclass, replace
from hashlib import blake2s
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.i18n import N_
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared.contracts.http.base import Card
from shared.contracts.http.members.safety import AttachedKind, Subject
from shared.contracts.http.requests.connections import ConnectionRequestView
from shared.contracts.http.requests.introductions import IntroductionView

router = APIRouter()

CHANGED = N_("What you ticked reads differently by now. Please look at it once more.")


@dataclass(frozen=True)
class Text:
    """A text that could go along, as it stands on her page."""

    what: AttachedKind
    text: str

    @property
    def key(self) -> str:
        """Of this very text: another under the same name isn't what she ticked."""
        return f"{self.what}.{blake2s(self.text.encode(), digest_size=9).hexdigest()}"


@dataclass(frozen=True)
class About:
    """Whom it is about, None if she isn't there for the reader, what it began with, and what could go along."""

    her: Card | None
    subject: Subject
    subject_id: UUID | None
    texts: list[Text]


def _of_request(request: ConnectionRequestView) -> list[tuple[AttachedKind, str | None]]:
    """What the other wrote in it."""
    if request.my_role == "requester":
        return [("question", request.recipient_question), ("clarifying_question", request.clarifying_question)]
    answers: list[tuple[AttachedKind, str | None]] = [
        ("answer", request.requester_answer),
        ("clarifying_answer", request.clarifying_answer),
    ]
    return [("where_we_met", request.where_we_met), ("note", request.why_now), *answers]


def _of_introduction(introduction: IntroductionView) -> list[tuple[AttachedKind, str | None]]:
    """What the others wrote in it, as far as the reader sees it."""
    why_her = introduction.why_her if introduction.my_role != "asker" else None
    words = introduction.words_for.values() if introduction.my_role != "voucher" else ()
    return [("why_her", why_her), *(("voucher_words", text) for text in words)]


async def _began(visit: Visit, member_id: UUID, form: Form) -> About | None:
    """With a connection request or an introduction that is there for the reader, and has both of them in it."""
    said = form.values or visit.request.query_params
    try:
        subject_id = UUID(said.get("subject_id", ""))
    except ValueError:
        return None
    if said.get("subject") == "introduction":
        introduction = await visit.found(visit.requests.introduction(subject_id))
        cards = [*introduction.sides, introduction.voucher] if introduction else []
        texts = _of_introduction(introduction) if introduction else []
        subject: Subject = "introduction"
    else:
        request = await visit.found(visit.requests.connection_request(subject_id))
        cards = [request.requester, request.recipient] if request else []
        texts = _of_request(request) if request else []
        subject = "connection_request"
    her = next((card for card in cards if card and card.id == member_id), None)
    return About(her, subject, subject_id, [Text(what, text) for what, text in texts if text]) if her else None


async def _about(visit: Visit, member_id: UUID, form: Form) -> About:
    """Read in her name. What isn't there for her, or can't be read just now, is left out: she can tell them all the same."""
    began, there = await asyncio.gather(_began(visit, member_id, form), visit.found(visit.her(member_id)))
    said = form.values or visit.request.query_params
    about = began or About(None, "photo" if said.get("subject") == "photo" else "profile", None, [])
    if there:
        profile = there[1]
        lines = [profile.name, profile.headline, profile.organisation, profile.place]
        texts = [*about.texts, Text("profile", " · ".join(filter(None, lines)))]
        return replace(about, her=Card(id=member_id, name=profile.name, headline=profile.headline), texts=texts)
    if about.her is None and (block := await visit.found(visit.safety.blocked(member_id))):
        return replace(about, her=Card(id=member_id, name=block.name, headline=""))
    return about


@router.get("/m/{member_id}/report")
async def telling(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """The form is there whoever it is about, so that it tells nothing; without a name if she isn't there for the reader."""
    return visit.page("report.html", form.status, about=await _about(visit, member_id, form), member_id=member_id, form=form)


@router.post("/m/{member_id}/report")
async def tell(visit: Member, member_id: UUID) -> Response:
    """Send her words, and the texts that she ticked as they stood there."""
    form = await visit.form()
    about, ticked = await _about(visit, member_id, form), form.all("attach")
    attached = [{"what": text.what, "text": text.text} for text in about.texts if text.key in ticked]
    if len(attached) < len(ticked):
        again = form.with_errors(visit.say(CHANGED))
        return visit.page("report.html", again.status, about=about, member_id=member_id, form=again)
    said = {"kind": form.value("kind"), "what_happened": form.value("what_happened"), "block": form.value("block") == "yes"}
    report = {**said, "subject": about.subject, "subject_id": about.subject_id, "attached": attached}
    try:
        report_id = await visit.safety.report(member_id, report, key=form.key)
    except ServiceProblem as refusal:
        again = form.after(refusal, visit.language)
        return visit.page("report.html", again.status, about=about, member_id=member_id, form=again)
    return visit.go(f"/me/reports/{report_id}", done="told")


@router.get("/me/reports")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """What she told moderators, and how far it is."""
    return visit.page("reports.html", reports=await visit.safety.my_reports(after=after))


@router.get("/me/reports/{report_id}")
async def receipt(visit: Member, report_id: UUID) -> Response:
    """What happens now, and who reads it."""
    return visit.page("receipt.html", report=await visit.safety.my_report(report_id))
