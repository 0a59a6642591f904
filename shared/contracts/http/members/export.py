"""Her data: asked for once a day, and downloaded for a day after that."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, CommandRoute, QueryRoute
from shared.contracts.http.export import Sections
from shared.contracts.lengths import Word
from shared.problems import NotFound, Problem, StepUpNeeded, Unavailable


class OneExportADay(
    Problem, code="one_export_a_day", status=409, sentence="You can ask for your data once a day. What you asked for is still there."
):
    """The last one is still good; `again_at` is when it ends."""


class ExportView(Answer):
    """An export that is good until then."""

    id: UUID
    asked_at: datetime
    until: datetime


class ConsentView(Answer):
    """To which version of which words she agreed, and when: a text of the community, that her photo is shown, or her group told of."""

    about: Literal["terms", "rules", "about", "privacy", "photo", "group"]
    version: int = Field(ge=1, le=lengths.MOST_VERSIONS)
    since: datetime


class MyExportView(Answer):
    """The one that is good now, if there is one, and her `consents`, the oldest first."""

    export: ExportView | None
    consents: Annotated[tuple[ConsentView, ...], Field(max_length=1000)] = ()


class DocumentView(Answer):
    """All of her data, by service and section, as it is at the moment at which she takes it."""

    made_at: datetime
    services: Annotated[dict[Word, Sections], Field(max_length=10)]


MY_EXPORT = QueryRoute(path="/v1/me/exports", answer=MyExportView)
ASK_EXPORT = CommandRoute(path="/v1/me/exports", creates=True, problems=(StepUpNeeded, OneExportADay))
EXPORT = QueryRoute(path="/v1/me/exports/{export_id}", answer=DocumentView, problems=(NotFound, StepUpNeeded, Unavailable))
"""With what every service has of her; if one of them doesn't answer, there is none for now."""
