"""Ten askers, and what lies between two of them: a connection request, an introduction, a need, and what belongs to each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.members.erasure.commands import erase
from services.members.moderation import store as cases
from services.members.moderation.domain import Case, Decision
from services.members.safety import commands
from shared import clock
from shared.contracts.http.members.signing_in import Audience
from shared.http.tokens import TokenSigner
from shared.ids import new_id
from shared.postgres.database import Tx, transaction
from tests.matrix.site import Site
from tests.members.conftest import KEY, Members
from tests.requests_service.world import Clock, World, ok

ASKERS = ("anonymous", "joining", "member", "other side", "stranger", "blocked", "excluded", "suspended", "erased", "moderator")
"""Whom a cell is about. The member, Ana, and the other side, Olga, have blocked one of them and excluded another."""
WORDS = "I have known her for years and the two of you should talk about boats."


@dataclass(frozen=True)
class Asker:
    """Her id and her session; both empty for whoever isn't signed in."""

    id: UUID | None = None
    session: str = ""


_EXPORT = "insert into exports (export_id, member_id, asked_at) values (gen_random_uuid(), $1, $2) returning export_id"
_NOTICE = (
    "insert into public_notices (notice_id, concerns, language, given_at) values (gen_random_uuid(), 'Somebody', 'en', $1)"
    " returning notice_id"
)


_JOIN_REQUEST = (
    "insert into join_requests (request_id, member_id, name, about, language, recommender_id, asked_at, answer_by, due_at)"
    " values (gen_random_uuid(), $1, 'Mia', 'Cranes.', 'es', $2, $3, $3, $3) returning request_id"
)


@dataclass(frozen=True)
class Scene:
    """The askers by name, and the ids that stand in paths."""

    askers: Mapping[str, Asker]
    ids: Mapping[str, str]


async def build(site: Site, business: Clock) -> Scene:
    """The scene, made as members make it; everybody has been here for 60 days, and nobody's time goes on."""
    business.at -= timedelta(days=60)
    members = Members(site.apis["members"], site.clients["members"])
    world = World(site.apis["requests"], site.clients["requests"], business)
    askers = {"anonymous": Asker(), "joining": Asker(session=await members.sign_in("joining@example.com"))}
    for name in (*ASKERS[2:], "voucher"):
        session, member_id = await members.join(f"{name.replace(' ', '-')}@example.com", name=name.title())
        askers[name] = Asker(UUID(member_id), session)
    await site.deliver()
    business.at += timedelta(days=60)
    her: dict[str, UUID] = {name: asker.id for name, asker in askers.items() if asker.id}
    await world.open(*her.values())
    ana, olga, vera = her["member"], her["other side"], her["voucher"]
    for one in (ana, olga):
        await world.connect(one, vera, "worked_together")
        ok(await world.post(one, "/v1/reach/exclusions", {"member_id": str(her["excluded"])}), 201)
    ids = {
        "member_id": str(olga),
        "other_id": str(ana),
        "voucher_id": str(vera),
        "request_id": await world.asked(olga, ana),
        "introduction_id": ok(await world.post(vera, "/v1/introductions/proposals", _proposal(ana, olga)), 201)["id"],
        "need_id": ok(await world.post(ana, "/v1/needs", {"voucher_id": str(vera), "looking_for": WORDS}), 201)["id"],
        "exclusion_id": (await world.get(ana, "/v1/reach")).json()["exclusions"][0]["id"],
        "report_id": await _made(site, ana, f"/v1/members/{olga}/reports", {"kind": "spam", "what_happened": WORDS}),
        "invitation_id": (invitation_id := await _made(site, ana, "/v1/invitations")),
        "_id": invitation_id,
        "tag": "no-logo",
        "token": "no-invitation-ends-like-this-one",
        "export_id": str(await site.pool("members").fetchval(_EXPORT, ana, clock.now())),
        "name": "terms",
        "challenge_id": await members.challenge("somebody@example.com"),
    }
    ids["public_notice_id"] = str(await site.pool("members").fetchval(_NOTICE, clock.now()))
    asks = (await members.me(await members.sign_in("asks@example.com")))["id"]
    ids["join_request_id"] = str(await site.pool("members").fetchval(_JOIN_REQUEST, UUID(asks), ana, clock.now()))
    ids["passkey_id"] = str(her["member"])
    ids["session_id"] = str(await site.pool("members").fetchval("select session_id from sessions where member_id = $1", ana))
    async with transaction(site.pool("members")) as tx:
        await tx.execute("insert into passkeys values ($1, $1, '\\x01', '\\x01', 0, '', now())", ana)
        await tx.execute("insert into photos values ($1, '\\x52494646', 'tag', 1, now())", olga)
        at = clock.now()
        for one in (ana, olga):
            await commands.block(tx, one, her["blocked"], at)
        await commands.suspend(tx, her["suspended"], at)
        await erase(tx, her["erased"], at)
        ids |= await _decided(tx, ana, her["moderator"], at)
        await tx.execute("insert into roles select $1, unnest(array['moderator', 'steward']), now()", her["moderator"])
        await tx.execute("update sessions set amr = '{passkey}', authenticated_at = now() where member_id = $1", her["moderator"])
    await site.deliver()
    ids["contest_id"] = await _contested(site, ana, clock.now())
    return Scene(askers, ids)


async def _contested(site: Site, by: UUID, at: datetime) -> str:
    """Two lines on Ana's page, one of which she contests."""
    async with transaction(site.pool("reputation")) as tx:
        await tx.execute("insert into bands (member_id) values ($1) on conflict do nothing", by)
        await tx.execute("update bands set shown_at = $2 where member_id = $1", by, at)
        for kind in ("upheld", "bad"):
            await tx.execute("insert into buckets values ($1, $2, 2, $1, false, 2::numeric ^ 66)", by, kind)
        made = "insert into contests values (gen_random_uuid(), $1, 'bad', $2, $3) returning contest_id"
        return str(await tx.fetchval(made, by, WORDS, at))


async def _made(site: Site, by: UUID, path: str, body: object = None) -> str:
    """The id of what members made for her."""
    headers = {"Authorization": f"Bearer {TokenSigner(KEY).issue(by, 'members')[0]}", "Idempotency-Key": f"hers at {path}"[:36]}
    return str(ok(await site.clients["members"].post(path, json=body, headers=headers), 201)["id"])


async def _decided(tx: Tx, about: UUID, moderator: UUID, at: datetime) -> dict[str, str]:
    """A case about Ana that the moderator has taken, and another one in which she was limited, which she has acknowledged."""
    limit = Decision(new_id(), "limit", "respect", WORDS, None, new_id(), at, at + timedelta(days=30), told=True, acknowledged_at=at)
    taken, decided = Case(new_id(), about, at, moderator_id=moderator), Case(new_id(), about, at, decisions=(limit,))
    for case in (taken, decided):
        await cases.save(tx, case, at)
    return {"case_id": str(taken.id), "notice_id": str(limit.id)}


def _proposal(*side_ids: UUID) -> dict[str, object]:
    return {"side_ids": [str(side) for side in side_ids], "words_for": {str(side): WORDS for side in side_ids}}


AUDIENCES: tuple[Audience, ...] = ("members", "requests", "reputation", "notify")
