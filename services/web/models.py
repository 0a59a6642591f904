"""What the services answer, as far as the pages need it. Unknown fields are ignored."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Closeness = Literal["worked_together", "know_well", "met"]
HowMet = Literal["work", "study", "event", "neighbourhood", "community", "through_someone", "online", "not_yet"]
Band = Literal["new", "building", "established", "mixed"]


class Answer(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Card(Answer):
    """A member as others see her in passing."""

    id: UUID
    name: str
    headline: str = ""

    @property
    def first_name(self) -> str:
        """Her name up to the first space."""
        return self.name.split(" ", 1)[0]

    @property
    def initials(self) -> str:
        """One or two letters for her circle."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "·"


class Profile(Card):
    """What a member's page shows."""

    organisation: str = ""
    place: str = ""
    languages: list[str] = []
    time_zone: str | None = None


class MyProfile(Answer):
    """Her own, as she writes it."""

    name: str = ""
    headline: str = ""
    organisation: str = ""
    place: str = ""
    languages: list[str] = []
    language: str = "en"
    time_zone: str = ""
    visibility: str = "members"


class Me(Answer):
    """The account behind the session."""

    id: UUID
    email: str
    joined: bool
    profile: MyProfile | None = None

    @property
    def page(self) -> Profile | None:
        """Her own page, as others see it; none before she has joined."""
        return Profile(id=self.id, **self.profile.model_dump()) if self.profile else None


class Relation(Answer):
    """What there is between the reader and another member."""

    member: Card
    relation: Literal["self", "none", "pending_from_me", "pending_from_her", "connected"]
    connection_request_id: UUID | None = None
    closeness: Closeness | None = None
    can_request: bool = False


class Connection(Answer):
    """One of the reader's connections."""

    member: Card
    closeness: Closeness
    since: AwareDatetime
    how_met: HowMet
    where_we_met: str


class ConnectionRequest(Answer):
    """A connection request as the reader may see it."""

    id: UUID
    requester: Card | None
    recipient: Card | None
    my_role: Literal["requester", "recipient"]
    state: Literal["pending", "accepted", "withdrawn", "closed"]
    how_met: HowMet
    where_we_met: str
    why_now: str
    asked_at: AwareDatetime
    expires_at: AwareDatetime
    closeness: Closeness | None = None
    actions: list[str] = []

    @property
    def other(self) -> Card | None:
        """The side that isn't the reader; none where she is gone."""
        return self.recipient if self.my_role == "requester" else self.requester


class ThankYou(Answer):
    """A side's words to the voucher."""

    sender: Card | None = Field(alias="from")
    text: str


class WhereMet(Answer):
    """How the voucher and the asker met."""

    how_met: HowMet
    where_we_met: str


class Introduction(Answer):
    """An introduction as the reader may see it."""

    id: UUID
    origin: Literal["asked", "proposed"]
    state: Literal["asked", "vouched", "confirmed", "settled", "closed"]
    my_role: Literal["voucher", "asker", "counterpart", "side"]
    voucher: Card | None
    sides: list[Card | None]
    asker_id: UUID | None = None
    why_her: str | None = None
    show_why_her: bool | None = False
    words_for: dict[UUID, str] = {}
    asked_at: AwareDatetime | None = None
    vouched_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    confirmed_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    my_answer: Literal["confirmed", "passed", "declined"] | None = None
    my_outcome: str | None = None
    went_well: bool | None = False
    thank_yous: list[ThankYou] = []
    actions: list[str] = []
    cannot_vouch: str | None = None
    connection_with_asker: WhereMet | None = None

    def other_than(self, member_id: UUID | None) -> Card | None:
        """The side that isn't that member; none where she is gone."""
        return next((side for side in self.sides if side and side.id != member_id), None)

    @property
    def first(self) -> Card | None:
        """The asker; in a proposal whoever stands first."""
        if self.asker_id is None:
            return self.sides[0]
        return next((side for side in self.sides if side and side.id == self.asker_id), None)

    @property
    def second(self) -> Card | None:
        """The counterpart; in a proposal whoever stands second."""
        return self.sides[1] if self.asker_id is None else self.other_than(self.asker_id)


class Waiting(Answer):
    """What waits for the reader."""

    connection_requests: list[ConnectionRequest] = []
    introductions: list[Introduction] = []
    outcomes: list[Introduction] = []


class LedgerLine(Answer):
    """A line of the explanation; the lines' points add up to the score."""

    kind: Literal["start", "good", "mutual", "bad", "newcomer"]
    points: float
    fades_by_half_at: AwareDatetime | None = None


class WentWell(Answer):
    """An introduction both sides found worthwhile."""

    introduction_id: UUID
    confirmed_at: AwareDatetime
    revealed_at: AwareDatetime


class Vouch(Answer):
    """A confirmed introduction the reader vouched for."""

    introduction_id: UUID
    confirmed_at: AwareDatetime
    sides: list[Card | None]
    state: Literal["given", "went_well"]


class Ledger(Answer):
    """The reader's own ledger."""

    score: float
    band: Band | None = None
    evidence: float = 0.0
    lines: list[LedgerLine] = []
    went_well: list[WentWell] = []
    vouches: list[Vouch] = []
