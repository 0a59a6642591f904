"""Ana did everything: made as members make it, with a word of its own in every text that she, or another, wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.moderation import store as cases
from services.members.moderation.domain import Case, Decision
from services.reputation.contests import store as contests
from services.reputation.contests.commands import exclude
from services.reputation.contests.domain import Contest
from services.reputation.ledger import store as ledger
from services.reputation.snapshot.commands import monthly
from services.reputation.standing.commands import tonight
from shared import clock
from shared.clock import machine_now
from shared.http.tokens import TokenSigner
from shared.ids import new_id
from shared.postgres.database import transaction
from tests.matrix.site import Site
from tests.members.conftest import KEY, PROFILE, Members
from tests.members.test_community import SETTLED
from tests.requests_service.calls import REACH
from tests.requests_service.world import Clock, World, ok, why

OTHERS = ("vera", "olga", "eva", "ines", "rita", "nora", "tess", "mala")
NO_PLACE_FOR_HER = {
    "community": "it is the community's",
    "texts": "they are the community's",
    "barred_addresses": "of those who were removed; a keyed hash, and her id until she is erased",
    "case_reports": "a moderator's copy of what `reports` says of her",
    "departed_cards": "it begins with her erasure",
    "erasures": "it begins with her erasure",
    "sign_in_challenges": "its rows have an address, and no id",
    "sign_in_counts": "keyed hashes, none with an id",
    "anchors": "she is none",
    "tiers": "she is new",
    "shadow_words": "empty but while a rebuild runs",
    "shadow_buckets": "as there",
    "words": "what older code keeps in place of `live_words`",
    "voices": "as there",
    "sums": "as there",
}
"""Tables of a feature in which no row names her by what is done here, and why."""


@dataclass
class Life:
    """Who she is, and the words: `hers` by where she wrote them; of others, those that she may read and those that she never may."""

    site: Site
    world: World
    members: Members
    session: str = ""
    ids: dict[str, UUID] = field(default_factory=dict)
    hers: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    _number: "count[int]" = field(default_factory=lambda: count(10))

    @property
    def ana(self) -> UUID:
        return self.ids["ana"]

    def my(self, where: str, words: str = "") -> str:
        """Words that she writes there."""
        self.hers[where] = f"{words or 'Of boats and how one mends them I know'} cana{next(self._number)}".strip()
        return self.hers[where]

    def theirs(self, words: str = "", *, shown: bool = False) -> str:
        """Words of another."""
        said = f"{words or 'She asked about the boats and how one mends them'} otra{next(self._number)}".strip()
        (self.shown if shown else self.secret).append(said)
        return said

    async def call(self, method: str, path: str, body: Any = None, *, by: str = "ana", status: int | None = None, **claims: Any) -> Any:
        """A call of members."""
        token, _ = TokenSigner(KEY).issue(self.ids[by], "members", auth_time=machine_now(), amr=["passkey"], **claims)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-{next(self._number)}-of-{by}"}
        return ok(await self.members.client.request(method, path, json=body, headers=headers), status)

    async def export(self) -> Mapping[str, Mapping[str, Any]]:
        """What she takes, by service."""
        last = "select export_id from exports where member_id = $1"
        export_id = await self.site.pool("members").fetchval(last, self.ana)
        export_id = export_id or (await self.call("POST", "/v1/me/exports", status=201))["id"]
        found: Mapping[str, Mapping[str, Any]] = (await self.call("GET", f"/v1/me/exports/{export_id}"))["services"]
        return found


async def live(site: Site, business: Clock) -> Life:
    """Sixty days of her, and what is open between her and others today."""
    business.at -= timedelta(days=60)
    her = Life(
        site, World(site.apis["requests"], site.clients["requests"], business), Members(site.apis["members"], site.clients["members"])
    )
    her.session, ana = await her.members.join("ana@canary.test", name=her.my("name", "Ana"))
    her.ids["ana"] = UUID(ana)
    for name in OTHERS:
        her.ids[name] = UUID((await her.members.join(f"{name}@secret.test", name=name.title()))[1])
    await site.deliver()
    business.at += timedelta(days=60)
    await her.world.open(*(her.ids[name] for name in OTHERS))
    await _at_home(her)
    await site.deliver()
    await _among_others(her)
    await site.deliver()
    await tonight(site.pool("reputation"))
    await monthly(site.pool("reputation"))
    await _contested(her)
    await site.pool("notify").execute("update letters set state = 'sent', message = null, address = null, due_at = null")
    return her


async def _contested(her: Life) -> None:
    """A line that she contested, with what it led to; and another's contest, which she decided as a moderator."""
    reason = her.my("why_excluded")
    async with transaction(her.site.pool("reputation")) as tx:
        for about, by, objection, answer, why in (
            (her.ana, her.ids["nora"], her.my("objection"), her.theirs(shown=True), her.theirs()),
            (her.ids["vera"], her.ana, her.theirs(), her.my("answer_to_her"), reason),
        ):
            made = Contest(new_id(), about, "good", objection, clock.now())
            await contests.add(tx, made)
            await contests.log(tx, made.id, by, "decided", made.contested_at)
            decided = replace(made, answer=answer, decided_at=made.contested_at)
            await contests.decide(tx, decided)
            words = [one for one in (await ledger.heard(tx, about)).values() if one.member_id == about]
            await exclude(tx, decided, by, why, words[:1])


async def _at_home(her: Life) -> None:
    """What members and its moderators have of her."""
    profile = {name: her.my(name, "Boats") for name in ("pronunciation", "headline", "organisation", "place", "help_with", "seeking")}
    await her.call("PUT", "/v1/me/profile", {**PROFILE, **profile, "name": her.hers["name"], "findable": True}, status=204)
    await her.call("POST", "/v1/directory", {"sought": "olga"}, status=200)
    await her.call("POST", "/v1/invitations", status=201)
    await her.call("PUT", f"/v1/blocks/{her.ids['mala']}", status=204)
    reported = {"kind": "spam", "what_happened": her.my("reports.words")}
    await her.call("POST", f"/v1/members/{her.ids['tess']}/reports", reported, status=201)
    about_her = {"kind": "spam", "what_happened": her.theirs()}
    await her.call("POST", f"/v1/members/{her.ana}/reports", about_her, by="nora", status=201)
    until = clock.now() + timedelta(days=30)
    limit = Decision(new_id(), "limit", "respect", her.theirs(shown=True), None, her.ids["nora"], clock.now(), until, told=True)
    async with transaction(site_pool := her.site.pool("members")) as tx:
        await tx.execute("insert into passkeys values ($1, $1, '\\x01', '\\x01', 0, $2, now())", her.ana, her.my("passkeys.label", "Key"))
        await tx.execute("insert into photos values ($1, '\\x01', 'one', 1, $2)", her.ana, clock.now())
        new, old = her.my("address_codes.address", "new@canary.test"), her.my("former_addresses.address", "old@canary.test")
        code = "insert into address_codes values ($1, gen_random_uuid(), 'move', $2, $2, true, 0, $3, $3)"
        await tx.execute(code, her.ana, new, clock.now())
        former = "insert into former_addresses values (gen_random_uuid(), $1, $2, $2, null, $3, $3)"
        await tx.execute(former, her.ana, old, clock.now())
        await tx.execute("insert into groups values ($1, $2, 1, 1, $3)", her.ana, her.my("group", "Cohort"), clock.now())
        await tx.execute("insert into invitation_letters values (gen_random_uuid(), $1, '', $2, true)", her.ana, clock.now())
        asked = "insert into join_requests values (gen_random_uuid(), $1, $2, $3, 'en', $4, $5, $5, $5, true)"
        await tx.execute(asked, her.ana, her.hers["name"], her.my("join_requests.about"), her.ids["vera"], clock.now())
        await tx.execute(asked, her.ids["nora"], "Nora", her.theirs(), her.ana, clock.now())
        for role in ("moderator", "steward"):
            await accounts.appoint(tx, her.ana, role, clock.now())
        await cases.save(tx, Case(new_id(), her.ana, clock.now(), decisions=(limit,)), clock.now())
        case_id = new_id()
        reasons = her.my("decisions.reasons")
        warned = Decision(new_id(), "change", "respect", reasons, "headline", her.ana, clock.now(), None, told=False)
        rita = Case(case_id, her.ids["rita"], clock.now(), moderator_id=her.ana, decisions=(warned,))
        await cases.save(tx, rita, clock.now())
    await her.call("PUT", "/v1/steward/community", SETTLED, status=204, roles=["steward"])
    note = {"note": her.my("case_notes.note")}
    await her.call("POST", f"/v1/moderation/cases/{case_id}/notes", note, status=None, roles=["moderator"])
    (notice,) = await site_pool.fetch("select decision_id from decisions where told")
    await her.call("POST", f"/v1/notices/{notice['decision_id']}/appeal", {"appeal": her.my("appeal")}, status=204)
    await her.call("POST", "/v1/me/exports", status=201)
    leaving = "insert into departures values ($1, gen_random_uuid(), 'asked', false, 'en', $2, $2, 1)"
    await site_pool.execute(leaving, her.ana, clock.now() + timedelta(days=7))


async def _among_others(her: Life) -> None:
    """What lies between her and others."""
    world, ana = her.world, her.ana
    reach: dict[str, Any] = {**REACH, "question": her.my("reach.question", "What of the varnish")}
    ok(await world.put(ana, "/v1/reach", reach))
    for name in ("vera", "tess"):
        note = {"where_we_met": her.my(f"where {name}"), "why_now": her.my(f"why {name}", why(her.ids[name])), "closeness": "know_well"}
        request = ok(await world.ask(ana, her.ids[name], **note), 201)["id"]
        ok(await world.answer(her.ids[name], request, "accept", closeness="worked_together"))
    ok(await world.post(ana, f"/v1/connections/{her.ids['tess']}/remove"))
    await world.open(her.ids["rita"], question=(question := her.theirs("Which boat would you save first", shown=True)))
    asked = {"recipient_question": question, "requester_answer": her.my("requester_answer")}
    ok(
        await world.ask(ana, her.ids["rita"], where_we_met=her.my("where rita"), why_now=her.my("why rita", why(her.ids["rita"])), **asked),
        201,
    )
    asked = {"recipient_question": reach["question"], "requester_answer": her.theirs(shown=True), "closeness": "worked_together"}
    asked |= {"where_we_met": her.theirs(shown=True), "why_now": her.theirs(shown=True)}
    eva = ok(await world.ask(her.ids["eva"], ana, **asked), 201)["id"]
    asking = {"clarifying_question": her.my("clarifying_question")}
    ok(await world.post(ana, f"/v1/connection-requests/{eva}/question", asking))
    answering = {"clarifying_answer": her.theirs(shown=True)}
    ok(await world.post(her.ids["eva"], f"/v1/connection-requests/{eva}/answer", answering))
    ok(await world.answer(ana, eva, "accept", closeness="know_well"))
    for name in ("olga", "ines", "eva"):
        await world.connect(her.ids["vera"], her.ids[name], "worked_together")
    way: dict[str, Any] = {"how_met": "event", "where_we_met": her.my("her way"), "met_at": her.my("met_at", "Fair")}
    ok(await world.put(ana, f"/v1/connections/{her.ids['vera']}/provenance", way))
    hers_of_vera = {"how_met": "event", "where_we_met": her.theirs()}
    ok(await world.put(her.ids["vera"], f"/v1/connections/{ana}/provenance", hers_of_vera))
    await _introductions(her)
    ok(await world.post(ana, "/v1/needs", {"voucher_id": str(her.ids["eva"]), "looking_for": her.my("looking_for")}), 201)
    ok(await world.post(ana, "/v1/reach/exclusions", {"member_id": str(her.ids["nora"])}), 201)
    ok(await world.post(ana, "/v1/reach/exclusions", {"organisation": her.my("excluded organisation", "Boats")}), 201)
    ok(await world.put(ana, f"/v1/members/{her.ids['ines']}/look-up", None))
    ok(await world.post(ana, "/v1/suggestions/dismissals", {"member_ids": [str(her.ids["ines"])]}))
    await world.pool.execute("insert into limits values ($1, now() + interval '9 days', now())", ana)
    await world.pool.execute("insert into restrictions values ($1, now())", ana)
    await world.pool.execute("insert into groups values ($1, $2, 'cohort', 1)", ana, her.hers["group"])


async def _introductions(her: Life) -> None:
    """As a side, as an asker, and as the voucher."""
    world, ana, vera = her.world, her.ana, her.ids["vera"]

    async def proposed(voucher: UUID, words: Mapping[UUID, str]) -> str:
        body = {"side_ids": list(map(str, words)), "words_for": {str(side): said for side, said in words.items()}}
        introduction = str(ok(await world.post(voucher, "/v1/introductions/proposals", body), 201)["id"])
        for side in words:
            ok(await world.post(side, f"/v1/introductions/{introduction}/confirm", {}))
        return introduction

    olga, eva = her.ids["olga"], her.ids["eva"]
    met = await proposed(vera, {ana: her.theirs(shown=True), olga: her.theirs(shown=True)})
    await her.site.deliver()
    thanks = {"answer": "worthwhile", "thank_you": her.my("thank_you")}
    ok(await world.post(ana, f"/v1/introductions/{met}/outcome", thanks))
    ok(await world.post(olga, f"/v1/introductions/{met}/outcome", {"answer": "misconduct", "report": her.theirs()}))
    vouched = await proposed(ana, {eva: her.my("words for eva"), vera: her.my("words for vera")})
    for side in (eva, vera):
        ok(await world.post(side, f"/v1/introductions/{vouched}/outcome", {"answer": "worthwhile", "thank_you": her.theirs(shown=True)}))
    ines = her.ids["ines"]
    asked = {"voucher_id": str(vera), "counterpart_id": str(ines), "why_her": her.my("why_her")}
    introduction = ok(await world.post(ana, "/v1/introductions/asks", asked), 201)["id"]
    words = {str(ana): her.theirs(shown=True), str(ines): her.theirs(shown=True)}
    ok(await world.post(vera, f"/v1/introductions/{introduction}/vouch", {"words_for": words}))
    ok(await world.post(ana, f"/v1/introductions/{introduction}/correction", {"correction": her.my("correction")}))
