"""What the fake services keep, and how they know who asks."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Annotated, Any
from unittest.mock import patch
from uuid import NAMESPACE_DNS, UUID, uuid5

from fastapi import Depends, FastAPI, Header, Request

from shared import clock
from shared.contracts.http.base import Card, Created
from shared.contracts.http.members.profiles import OwnProfile
from shared.contracts.http.members.signing_in import SignInBody
from shared.http import problem_rendering
from shared.http.follow import Follow
from shared.paging import Paging
from shared.problems import NotSignedIn

START = clock.machine_now()
A_TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


def later(days: float) -> datetime:
    """A time so many days from the start of the tests."""
    return START + timedelta(days=days)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """It is that moment until this ends, for the pages and for what the services keep."""
    with patch.object(clock, "machine_now", lambda: moment), patch(f"{__name__}.START", moment):
        yield


class World:
    """Rows by id. A member's row is her profile and her address."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nobody and nothing."""
        self.members: dict[UUID, dict[str, Any]] = {}
        self.challenges: dict[UUID, SignInBody] = {}
        self.sessions: dict[str, UUID] = {}
        self.cases: dict[UUID, dict[str, Any]] = {}
        self.notices: dict[UUID, dict[str, Any]] = {}
        self.public_notices: dict[UUID, dict[str, Any]] = {}
        """Decisions, each with the member it is about as `about`."""
        self.circles: list[dict[str, Any]] = []
        self.contests: dict[UUID, dict[str, Any]] = {}
        self.roles: dict[UUID, list[str]] = {}
        self.appointed: dict[UUID, list[str]] = {}
        """Her roles, if her session doesn't give them all."""
        self.passkeys: dict[UUID, list[dict[str, Any]]] = {}
        self.devices: dict[UUID, list[dict[str, Any]]] = {}
        self.offers: set[UUID] = set()
        """To whom a passkey may be offered."""
        self.stale: set[UUID] = set()
        """Who hasn't shown for long that it is her."""
        self.addresses: dict[UUID, dict[str, Any]] = {}
        """What else there is of hers: one that waits for its code, until when the former one is kept."""
        self.changes: dict[str, tuple[UUID, bool]] = {}
        """Whose change the link of a letter undoes, and whether it is made."""
        self.requests: dict[UUID, dict[str, Any]] = {}
        self.connections: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        self.introductions: dict[UUID, dict[str, Any]] = {}
        self.needs: dict[UUID, dict[str, Any]] = {}
        self.relations: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        """What is changed of what the second is to the first."""
        self.proposing: dict[frozenset[UUID], dict[str, Any]] = {}
        self.reach: dict[UUID, dict[str, Any]] = {}
        self.suggestions: dict[UUID, dict[str, Any]] = {}
        self.dismissed: list[tuple[UUID, frozenset[UUID]]] = []
        self.not_looked: set[tuple[UUID, UUID]] = set()
        """Whose ways to whom nobody has looked up yet; everybody else has."""
        self.looks_left = True
        self.searches_left = True
        self.photos: dict[UUID, bytes] = {}
        self.introductions_only: dict[UUID, datetime] = {}
        self.gone: dict[UUID, list[str]] = {}
        """Until when."""
        self.offered_pauses: set[UUID] = set()
        self.outcomes: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        self.invitations: dict[UUID, dict[str, Any]] = {}
        self.groups: dict[UUID, str] = {}
        """By which she may be suggested."""
        self.by_letter = False
        """Whether invitations may go by email."""
        self.invited: list[tuple[UUID, dict[str, Any]]] = []
        self.join_requests: dict[UUID, dict[str, Any]] = {}
        """By their own ids, each with who asks as `by` and whom she named as `named`."""
        self.created: dict[str, Created] = {}
        self.reported: list[tuple[UUID, UUID, str]] = []
        """Who told moderators of whose question."""
        self.blocked: set[frozenset[UUID]] = set()
        self.blocks: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        """The list of the first: those of the blocked whom she blocks herself."""
        self.reports: dict[UUID, dict[str, Any]] = {}
        self.exports: dict[UUID, dict[str, Any]] = {}
        """The one that is good now."""
        self.not_fresh: set[UUID] = set()
        """Who has to step up first."""
        self.community: dict[str, Any] = {"who_may_join": "open"}
        self.logo = b""
        self.agreed: dict[UUID, int] = {}
        """Which version of the terms."""
        self.texts: dict[tuple[str, int], dict[str, Any]] = {}

    def add(self, name: str, language: str = "en", time_zone: str = "UTC", **profile: Any) -> UUID:
        """A member with her profile. Her id follows from her name, so that her mark is the same in every run."""
        member_id = self.new_id(name)
        email = f"{name.split(maxsplit=1)[0].lower()}@example.test"
        own = {
            "name": name,
            "headline": "",
            "organisation": "",
            "place": "",
            "languages": [language],
            "visibility": "members",
            "findable": True,
        }
        whole = OwnProfile.model_validate({**own, "language": language, "time_zone": time_zone, **profile})
        self.members[member_id] = {"email": email, "profile": whole.model_dump(), "version": 1}
        return member_id

    def tag(self, member_id: UUID) -> str:
        """Of her photo."""
        return "a-tag" if member_id in self.photos else ""

    def new_id(self, name: str) -> UUID:
        """The id of a new member with that name."""
        return next(made for number in count() if (made := uuid5(NAMESPACE_DNS, f"{name} {number}")) not in self.members)

    def card(self, member_id: UUID) -> Card:
        """How others see her in passing."""
        profile = self.members[member_id]["profile"]
        return Card(id=member_id, name=profile["name"], headline=profile["headline"])

    def connect(self, a: UUID, b: UUID, closeness: str = "know_well", where: str = "The data workshop in Oaxaca") -> None:
        """The two are connected."""
        for me, her in ((a, b), (b, a)):
            kept = {"closeness": closeness, "since": later(-30), "how_met": "event", "where_we_met": where}
            self.connections[me, her] = {"member": her, **kept}

    def block(self, me: UUID, her: UUID) -> None:
        """From now on the two don't exist for each other."""
        self.blocks.setdefault((me, her), {"id": her, "name": self.card(her).name, "blocked_at": later(0)})
        self.blocked.add(frozenset((me, her)))

    def meets(self, a: UUID, b: UUID) -> bool:
        """Whether the two exist for each other."""
        joined = all(who in self.members and self.members[who]["profile"] for who in (a, b))
        return joined and frozenset((a, b)) not in self.blocked

    def terms_to_agree(self, member_id: UUID) -> int | None:
        """The current terms, if she agreed to others."""
        version: int = self.community.get("terms_version", 1)
        return version if self.agreed.get(member_id, 1) < version else None

    def let_in(self) -> set[UUID]:
        """Who asked to join and may."""
        return {row["by"] for row in self.join_requests.values() if row["let_in"]}

    def once(self, key: str, make: Callable[[], UUID]) -> Created:
        """A repeated command gets its first answer."""
        if key not in self.created:
            self.created[key] = Created(id=make())
        return self.created[key]


def page(rows: Iterable[dict[str, Any]], paging: Paging, id_of: Callable[[dict[str, Any]], UUID] = lambda row: row["id"]) -> Any:
    """The part of a list that is asked for, newest first."""
    newest = list(rows)[::-1]
    begin = next((place + 1 for place, row in enumerate(newest) if id_of(row) == paging.after), 0)
    shown, following = paging.cut(newest[begin : begin + paging.fetch], id_of)
    return {"items": shown, "next": following}


async def _who(request: Request) -> UUID:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    audience, _, member_id = token.partition(":")
    if kind != "Bearer" or audience != request.app.title:
        raise NotSignedIn
    return UUID(member_id)


Who = Annotated[UUID, Depends(_who)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8)]


def app(name: str) -> FastAPI:
    """An app that answers problems as the real ones do."""
    made = FastAPI(title=name, docs_url=None, redoc_url=None, openapi_url=None)
    problem_rendering.install(made)
    made.add_middleware(Follow)
    return made
