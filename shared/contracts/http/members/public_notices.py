"""Notices by whoever needn't be a member: a form, a receipt by which she comes back, and the moderators' answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, IPvAnyAddress

from shared.contracts import lengths
from shared.contracts.events.members import Language
from shared.contracts.http.base import Answer, Body, CommandRoute, OpenRoute, Page, QueryRoute
from shared.contracts.http.members.moderation import CaseNotOpen
from shared.contracts.http.members.safety import NoticeKind, ReportKind
from shared.contracts.http.members.signing_in import ForeignCaller
from shared.problems import NotFound, Problem
from shared.text import Words


class PublicNoticeBody(Body):
    """What somebody tells moderators. `concerns`: whom or what it is about, best a link; `email`: where an answer may go, if anywhere."""

    kind: NoticeKind
    concerns: Annotated[str, Words(3, 300)]
    what_happened: Annotated[str, Words(10, 2000)]
    email: Annotated[str, Field(max_length=400)] = ""
    language: Language
    ip: IPvAnyAddress


class Receipt(Answer):
    """The end of the link to her receipt. It is the same whatever she named, and kept nowhere."""

    token: lengths.Word


class ReceiptBody(Body):
    """The end of that link."""

    token: lengths.Word


class ReceiptView(Answer):
    """Her receipt: no word of hers, for the link may have come to another, and none of any member. `answered_at`: None until it is."""

    number: lengths.Word
    kind: ReportKind
    given_at: datetime
    reply: lengths.Text | None
    answered_at: datetime | None


class PublicNoticeRow(Answer):
    """A notice that waits for an answer."""

    id: UUID
    number: lengths.Word
    kind: ReportKind
    given_at: datetime


class PublicNoticeView(PublicNoticeRow):
    """A notice as moderators read it, which is logged. `case_id`: of the member whom it names, if there is one."""

    concerns: lengths.Text
    words: lengths.Text | None
    case_id: UUID | None
    reply: lengths.Text | None
    answered_at: datetime | None


class ReplyBody(Body):
    """The answer with its reasons, which must name no member."""

    reply: Annotated[str, Words(40, 2000)]


class TooManyNotices(
    Problem, code="too_many_notices", status=409, sentence="Too many notices came from where you are within a day. Please try again later."
):
    """10 from one network, or 500 in all, within 24 hours."""


GIVE_NOTICE = OpenRoute(
    path="/v1/public-notices", body=PublicNoticeBody, answer=Receipt, status=201, problems=(ForeignCaller, TooManyNotices)
)
"""Taken whoever it names: whether she is a member changes nothing that could be seen."""
READ_RECEIPT = OpenRoute(
    path="/v1/public-notices/receipt", body=ReceiptBody, answer=ReceiptView, problems=(ForeignCaller, NotFound), repeatable=True
)
PUBLIC_NOTICES = QueryRoute(path="/v1/moderation/notices", answer=Page[PublicNoticeRow], paged=True, problems=(NotFound,))
PUBLIC_NOTICE = QueryRoute(path="/v1/moderation/notices/{public_notice_id}", answer=PublicNoticeView)
REPLY = CommandRoute(path="/v1/moderation/notices/{public_notice_id}/reply", body=ReplyBody, problems=(CaseNotOpen,))
