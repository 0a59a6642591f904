"""Every call that the requests service's api answers, for tests that walk all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from tests.requests_service.world import World, asking

REACH = {
    **{"bar": "anyone", "question": "", "suggestible": True, "open_to_asks": True, "reachable": True},
    **{"introductions_in_30_days": 30, "asks_in_30_days": 30},
}
WORDS = "I have known her for years and the two of you should talk about boats."


@dataclass(frozen=True)
class Call:
    """One call; `path` has the names of its ids as its route has them."""

    method: str
    path: str
    ids: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    async def send(self, world: World, me: UUID) -> httpx.Response:
        headers = world.headers(me, key=f"key-{uuid4()}")
        return await world.http.request(self.method, self.path.format(**self.ids), json=self.body, headers=headers)


@dataclass(frozen=True)
class Cast:
    """Who and what the calls are about: the caller, the other, a friend of the caller, and what lies between the first two."""

    me: UUID
    her: UUID
    friend: UUID
    request: str
    introduction: str
    need: str
    friends_request: str
    """The one by which the caller and her friend are connected."""

    def named(self, text: str) -> str:
        """`text` with names instead of ids, so that answers about different casts can be compared."""
        for name in ("me", "her", "friend", "request", "introduction", "need", "friends_request"):
            text = text.replace(str(getattr(self, name)), f"<{name}>")
        return text


def calls(cast: Cast) -> Iterator[Call]:
    """Every call there is, about `her` and about what lies between the two."""
    her, friend = str(cast.her), str(cast.friend)
    member, request, introduction = {"member_id": her}, {"request_id": cast.request}, {"introduction_id": cast.introduction}
    yield Call("GET", "/v1/todo")
    yield Call("GET", "/v1/me/export")
    yield Call("GET", "/v1/members/{member_id}", member)
    yield Call("POST", "/v1/members/{member_id}/question/report", member, {"question": "Which boat would you save first?"})
    yield Call("PUT", "/v1/members/{member_id}/look-up", member)
    yield Call("GET", "/v1/members/{member_id}/paths", member)
    yield Call("GET", "/v1/suggestions")
    yield Call("POST", "/v1/suggestions/dismissals", body={"member_ids": [her]})
    yield Call("POST", "/v1/suggestions/dismissals", body={"member_ids": [her, friend]})
    yield Call("GET", "/v1/connections")
    yield Call("GET", "/v1/connections/{member_id}", member)
    yield Call("GET", "/v1/connections/{member_id}/proposals/{other_id}", {**member, "other_id": friend})
    yield Call("PUT", "/v1/connections/{member_id}/closeness", member, {"closeness": "met"})
    provenance = {"how_met": "event", "where_we_met": "At the fair of the harbour museum"}
    yield Call("PUT", "/v1/connections/{member_id}/provenance", member, provenance)
    yield Call("PUT", "/v1/connections/{member_id}/openness", member, {"open_to_asks": False})
    yield Call("POST", "/v1/connection-requests", body=asking(cast.her))
    # Not the note that she may have been sent: of her own notes each knows anyway.
    note = {"where_we_met": "At the fair of the harbour museum", "why_now": "You knew why the varnish of my dinghy peels. May I ask again?"}
    yield Call("POST", "/v1/connection-requests/check", body=note)
    yield Call("GET", "/v1/connection-requests")
    yield Call("GET", "/v1/connection-requests/{request_id}", request)
    yield Call("POST", "/v1/connection-requests/{request_id}/accept", request, {"closeness": "met"})
    yield Call("POST", "/v1/connection-requests/{request_id}/decline", request, {})
    yield Call("POST", "/v1/connection-requests/{request_id}/question", request, {"clarifying_question": WORDS})
    yield Call("POST", "/v1/connection-requests/{request_id}/answer", request, {"clarifying_answer": WORDS})
    yield Call("POST", "/v1/connection-requests/{request_id}/withdraw", request, {})
    yield Call("POST", "/v1/introductions/asks", body={"voucher_id": friend, "counterpart_id": her, "why_her": WORDS})
    yield Call("POST", "/v1/introductions/asks", body={"voucher_id": her, "counterpart_id": friend, "why_her": WORDS})
    yield Call("POST", "/v1/introductions/proposals", body={"side_ids": [her, friend], "words_for": {her: WORDS, friend: WORDS}})
    yield Call("GET", "/v1/introductions")
    yield Call("GET", "/v1/me/withdrawn-vouches")
    yield Call("GET", "/v1/introductions/{introduction_id}", introduction)
    vouch = {"words_for": {her: WORDS, friend: WORDS}, "show_why_her": True}
    yield Call("POST", "/v1/introductions/{introduction_id}/vouch", introduction, vouch)
    yield Call("POST", "/v1/introductions/{introduction_id}/correction", introduction, {"correction": WORDS})
    yield Call("POST", "/v1/introductions/{introduction_id}/words", introduction, {"words_for": vouch["words_for"]})
    for command in ("decline", "confirm", "pass", "withdraw", "withdraw-vouch"):
        yield Call("POST", f"/v1/introductions/{{introduction_id}}/{command}", introduction, {})
    yield Call("POST", "/v1/introductions/{introduction_id}/in-touch", introduction, {"answer": "yes"})
    need = {"need_id": cast.need}
    yield Call("GET", "/v1/needs/{need_id}", need)
    yield Call("GET", "/v1/connections/{member_id}/need", member)
    yield Call("POST", "/v1/needs", body={"voucher_id": her, "looking_for": WORDS})
    yield Call("POST", "/v1/needs/{need_id}/proposals", need, {"counterpart_id": friend, "words_for": {her: WORDS, friend: WORDS}})
    for command in ("decline", "withdraw"):
        yield Call("POST", f"/v1/needs/{{need_id}}/{command}", need, {})
    yield Call("POST", "/v1/introductions/{introduction_id}/keep", introduction, {"closeness": "met"})
    yield Call("POST", "/v1/introductions/{introduction_id}/let-go", introduction, {})
    yield Call("POST", "/v1/introductions/{introduction_id}/outcome", introduction, {"answer": "worthwhile"})
    yield Call("GET", "/v1/connections/tidy")
    yield Call("POST", "/v1/connections/{member_id}/keep", member, {})
    yield Call("POST", "/v1/connections/{member_id}/remove", member, {})
    yield Call("GET", "/v1/reach")
    yield Call("PUT", "/v1/reach", body=REACH)
    yield Call("POST", "/v1/reach/pause", body={"how_long": "month"})
    yield Call("POST", "/v1/reach/pause/end", body={})
    yield Call("POST", "/v1/reach/exclusions", body={"member_id": her})
    yield Call("POST", "/v1/reach/exclusions/{exclusion_id}/remove", {"exclusion_id": cast.friends_request}, {})


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """Method and path of everything the app answers."""
    return {(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods}
