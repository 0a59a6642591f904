"""What the fake services keep, and how they know who asks."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header, Request

from shared.http import follow, problem_rendering
from shared.problems import NotSignedIn

START = datetime.now(UTC)


def later(days: float) -> str:
    """A time so many days from the start of the tests."""
    return (START + timedelta(days=days)).isoformat()


class World:
    """Rows by id. A member's row is her profile and her address."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nobody and nothing."""
        self.members: dict[UUID, dict[str, Any]] = {}
        self.challenges: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, UUID] = {}
        self.requests: dict[UUID, dict[str, Any]] = {}
        self.connections: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        self.introductions: dict[UUID, dict[str, Any]] = {}
        self.outcomes: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        self.bands: dict[UUID, str] = {}
        self.first_answers: dict[str, Any] = {}
        self.blocked: set[frozenset[UUID]] = set()
        self.token_life = 60.0

    def add(self, name: str, language: str = "en", time_zone: str = "UTC", **profile: Any) -> UUID:
        """A member with her profile."""
        member_id = uuid4()
        email = f"{name.split(maxsplit=1)[0].lower()}@example.test"
        own = {"name": name, "headline": "", "organisation": "", "place": "", "languages": [language], "visibility": "members"}
        self.members[member_id] = {"email": email, "profile": {**own, "language": language, "time_zone": time_zone, **profile}}
        return member_id

    def card(self, member_id: UUID) -> dict[str, Any]:
        """How others see her in passing."""
        profile = self.members[member_id]["profile"]
        return {"id": str(member_id), "name": profile["name"], "headline": profile["headline"]}

    def connect(self, one: UUID, other: UUID, closeness: str = "know_well", where: str = "The data workshop in Oaxaca") -> None:
        """The two are connected."""
        for me, her in ((one, other), (other, one)):
            kept = {"closeness": closeness, "since": later(-30), "how_met": "event", "where_we_met": where}
            self.connections[me, her] = {"member": her, **kept}

    def meets(self, one: UUID, other: UUID) -> bool:
        """Whether the two exist for each other."""
        joined = all(who in self.members and self.members[who]["profile"] for who in (one, other))
        return joined and frozenset((one, other)) not in self.blocked

    def once(self, key: str, work: Any) -> Any:
        """A repeated command gets its first answer."""
        if key not in self.first_answers:
            self.first_answers[key] = work()
        return self.first_answers[key]


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
    made = FastAPI(title=name)
    problem_rendering.install(made)
    follow.install(made)
    return made
