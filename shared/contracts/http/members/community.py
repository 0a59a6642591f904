"""The community that this installation is for: what its steward says of it, and to what its members agree."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Base64Bytes, Field, model_validator

from shared.contracts import lengths
from shared.contracts.events.members import Language
from shared.contracts.http.base import Answer, Body, CommandRoute, OpenRoute, QueryRoute
from shared.contracts.http.members.photos import AS_TEXT, NotAPhoto, PhotoView
from shared.contracts.http.members.signing_in import ForeignCaller
from shared.problems import NotFound, Problem
from shared.text import Words, field_error

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


CommunityName = Annotated[str, Words(0, 80, one_line=True, name=True)]
Said = Annotated[str, Words(0, 600)]
Whole = Annotated[str, Words(80, 8000)]
Version = Annotated[int, Field(ge=0, le=lengths.MOST_VERSIONS)]


class CommunityBody(Body):
    """What it is called, in whose name letters leave, and who may join; `version` is the one that she saw."""

    community_name: CommunityName
    sender_name: CommunityName
    who_may_join: Join
    version: Version


class AnnounceBody(Body):
    """What is to be read on Today, in both languages or in none, from the first to the last day; `version` is the one that she saw."""

    said_en: Said
    said_es: Said
    first_day: date
    last_day: date
    version: Version

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day or bool(self.said_en) != bool(self.said_es):
            raise field_error("wrong")
        return self


class LogoBody(Body):
    """A JPEG, PNG or WebP of 5 MB at most; without one there is no logo any more."""

    picture: Annotated[Base64Bytes, Field(max_length=AS_TEXT)] | None = None


class PublishBody(Body):
    """A text in both languages, and what is new in it; `version` is the one that she saw."""

    text: TextName
    whole_en: Whole
    whole_es: Whole
    new_en: Said
    new_es: Said
    version: Version


class ChangeView(Answer):
    """A line of the stewards' log; without an id whoever did it is gone."""

    at: datetime
    by_id: UUID | None
    what: lengths.Word
    before: lengths.Text
    after: lengths.Text


Stage = Literal["invited", "joined", "profile", "request", "introduction", "vouch"]
"""The steps of a woman who comes in; the last three are her first ones."""
StageCount = Annotated[int, Field(ge=5, le=1_000_000_000)] | Literal["few", "about_as_many"]
"""How many; `few` is fewer than five, `about_as_many` within four of a number that stands before it in its month."""
MOST_MONTHS = 12


class MonthView(Answer):
    """How many women took each step in a month that is over, which begins on that day."""

    month: date
    counts: dict[Stage, StageCount] = Field(max_length=6)


class StewardView(Answer):
    """What a steward settles: `most` is how many the operator lets join. The log begins with what was done last, and so do the months."""

    version: int = Field(le=lengths.MOST_VERSIONS)
    name: lengths.Line
    sender: lengths.Line
    who_may_join: Join
    most: Join
    announcement: AnnouncementView | None
    changes: list[ChangeView] = Field(max_length=50)
    months: list[MonthView] = Field(default_factory=list, max_length=MOST_MONTHS)


class ChangedMeanwhile(
    Problem, code="settled_meanwhile", sentence="Somebody changed this in the meantime. Look at it again before you save."
):
    """It isn't what she saw when she began to write."""


class MoreThanAllowed(Problem, sentence="This Madrina may not let that many in."):
    """The operator lets fewer join."""


class NewerTerms(Problem, sentence="The terms have changed in the meantime. Please read them again."):
    """She agrees to a version that isn't the current one."""


class AgreeBody(Body):
    """The text that she had before her, by its version."""

    text: Literal["terms"]
    version: int = Field(ge=FIRST_VERSION, le=lengths.MOST_VERSIONS)


STEWARD = QueryRoute(path="/v1/steward/community", answer=StewardView, problems=(NotFound,))
SETTLE = CommandRoute(
    method="PUT", path="/v1/steward/community", body=CommunityBody, problems=(NotFound, ChangedMeanwhile, MoreThanAllowed)
)
ANNOUNCE = CommandRoute(method="PUT", path="/v1/steward/announcement", body=AnnounceBody, problems=(NotFound, ChangedMeanwhile))
SHOW_LOGO = CommandRoute(method="PUT", path="/v1/steward/logo", body=LogoBody, problems=(NotFound, NotAPhoto))
PUBLISH = CommandRoute(path="/v1/steward/texts", body=PublishBody, problems=(NotFound, ChangedMeanwhile))
AGREE = CommandRoute(path="/v1/me/agreements", body=AgreeBody, problems=(NewerTerms,))
COMMUNITY: OpenRoute[CommunityView] = OpenRoute(method="GET", path="/v1/community", answer=CommunityView, problems=(ForeignCaller,))
LOGO: OpenRoute[PhotoView] = OpenRoute(method="GET", path="/v1/community/logo", answer=PhotoView, problems=(ForeignCaller, NotFound))
TEXT: OpenRoute[TextView] = OpenRoute(
    path="/v1/community/texts", body=TextBody, answer=TextView, problems=(ForeignCaller, NotFound), repeatable=True
)
