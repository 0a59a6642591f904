"""The community that this installation is for: what its steward says of it, and to what its members agree."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.events.members import Language
from shared.contracts.http.base import Answer, Body, CommandRoute, OpenRoute
from shared.contracts.http.members.signing_in import ForeignCaller
from shared.problems import NotFound, Problem

Join = Literal["invited", "by_request", "open"]
"""Who may join, from the fewest to the most: the operator's setting says how far a steward may go."""
TextName = Literal["terms", "rules", "about", "privacy"]
FIRST_VERSION = 1
"""Of every text: the one that ships with the pages."""


class AnnouncementView(Answer):
    """What members read on Today from the first to the last day, unless they have dismissed it; `number` tells it from others."""

    number: int = Field(le=lengths.MOST_VERSIONS)
    words: dict[Language, lengths.Text] = Field(max_length=10)
    first_day: date
    last_day: date


class CommunityView(Answer):
    """What pages say of it. `name` and `sender` are empty unless its steward chose them; `logo` changes as the logo does, empty if none."""

    name: lengths.Line = ""
    sender: lengths.Line = ""
    who_may_join: Join = "invited"
    logo: lengths.Word = ""
    announcement: AnnouncementView | None = None
    terms_version: int = Field(default=FIRST_VERSION, le=lengths.MOST_VERSIONS)


class TextBody(Body):
    """Which text, in which version; without one the newest."""

    text: TextName
    version: int | None = Field(default=None, ge=FIRST_VERSION, le=lengths.MOST_VERSIONS)


class TextView(Answer):
    """A text as its steward wrote it, and what has changed since the version before, by language; the first has no words here, for it ships
    with the pages."""

    version: int = Field(default=FIRST_VERSION, le=lengths.MOST_VERSIONS)
    newest: int = Field(default=FIRST_VERSION, le=lengths.MOST_VERSIONS)
    published_at: datetime | None = None
    words: dict[Language, lengths.LongText] = Field(default_factory=dict, max_length=10)
    changes: dict[Language, lengths.Text] = Field(default_factory=dict, max_length=10)


class NewerTerms(Problem, code="newer_terms", status=409, sentence="The terms have changed in the meantime. Please read them again."):
    """She agrees to a version that isn't the current one."""


class AgreeBody(Body):
    """The text that she had before her, by its version."""

    text: Literal["terms"]
    version: int = Field(ge=FIRST_VERSION, le=lengths.MOST_VERSIONS)


AGREE = CommandRoute(path="/v1/me/agreements", body=AgreeBody, problems=(NewerTerms,))
COMMUNITY: OpenRoute[CommunityView] = OpenRoute(method="GET", path="/v1/community", answer=CommunityView, problems=(ForeignCaller,))
TEXT: OpenRoute[TextView] = OpenRoute(
    path="/v1/community/texts", body=TextBody, answer=TextView, problems=(ForeignCaller, NotFound), repeatable=True
)
