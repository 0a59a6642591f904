"""The members service in memory."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared import clock
from shared.contracts.http.members import directory, erasure, photos, profiles, signing_in
from shared.http.routing import serve
from shared.problems import AccountLeaving, AccountSuspended, Field, Invalid, NotFound
from tests.web import fake_addresses, fake_community, fake_export, fake_joining, fake_moderation, fake_safety, fake_signing_in
from tests.web.fake_world import Key, Who, World, app

CODE = "24681012"


def create(world: World) -> FastAPI:
    """The service over that world."""
    service = app("members")
    _sessions(service, world)
    _profiles(service, world)
    _introduced(service, world)
    _leaving(service, world)
    _directory(service, world)
    _photos(service, world)
    fake_safety.create(service, world)
    fake_moderation.serve_moderation(service, world)
    fake_community.create(service, world)
    fake_joining.create(service, world)
    fake_signing_in.create(service, world)
    fake_addresses.create(service, world)
    fake_export.create(service, world)
    return service


def _sessions(service: FastAPI, world: World) -> None:
    @serve(service.router, signing_in.SIGN_IN)
    async def sign_in(body: signing_in.SignInBody) -> Any:
        if "@" not in body.email:
            raise Invalid(fields=[Field("email", "not_an_address" if signing_in.bare_address(body.email) else "no_address")])
        challenge_id = uuid4()
        world.challenges[challenge_id] = body
        return {"challenge_id": challenge_id, "expires_at": _soon(600)}

    @serve(service.router, signing_in.ANSWER_WITH_CODE)
    async def answer(challenge_id: UUID, body: signing_in.CodeBody) -> Any:
        challenge = world.challenges.get(challenge_id)
        if challenge is None:
            raise signing_in.CodeExpired
        if body.code != CODE or body.browser != challenge.browser:
            raise signing_in.WrongCode
        found = next((member_id for member_id, row in world.members.items() if row["email"] == challenge.email), None)
        member_id = found or world.new_id(challenge.email)
        row = world.members.setdefault(member_id, {"email": challenge.email, "profile": None, "version": 0})
        secret = uuid4().hex
        world.sessions[secret] = member_id
        return {
            "session": secret,
            "expires_at": _soon(86400),
            "joined": row["profile"] is not None,
            "offer_passkey": body.passkeys and member_id in world.offers,
        }

    @serve(service.router, signing_in.ISSUE_TOKEN)
    async def token(body: signing_in.TokenBody) -> Any:
        member_id = world.sessions.get(body.session)
        if member_id is None:
            raise signing_in.SignedOut
        joined = world.members[member_id]["profile"] is not None
        if body.audience != "members" and world.members[member_id].get("suspended"):
            raise AccountSuspended
        if body.audience != "members" and world.members[member_id].get("ends_at"):
            raise AccountLeaving
        if not joined and body.audience != "members":
            raise profiles.ProfileNeeded
        if body.audience != "members" and world.terms_to_agree(member_id):
            raise profiles.TermsNeeded
        text = f"{body.audience}:{member_id}"
        return {"token": text, "expires_at": _soon(60), "member_id": member_id, "joined": joined, "roles": world.roles.get(member_id, [])}

    @serve(service.router, signing_in.END_SESSION)
    async def end(body: signing_in.SessionBody) -> None:
        world.sessions.pop(body.session, None)


def _profiles(service: FastAPI, world: World) -> None:
    @serve(service.router, profiles.ME)
    async def me(who: Who) -> Any:
        row = world.members[who]
        notice_id = next((id_ for id_, one in world.notices.items() if one["about"] == who and one["acknowledged_at"] is None), None)
        asks = row["profile"] is None and (world.community.get("who_may_join") == "by_request" and who not in world.let_in())
        about = {"id": who, "joined": row["profile"] is not None, "photo": world.tag(who), "terms_to_agree": world.terms_to_agree(who)}
        return {**row, "notice_id": notice_id, **about, "asks_to_join": asks}

    @serve(service.router, profiles.WRITE_PROFILE)
    async def write(body: profiles.ProfileBody, who: Who, key: Key) -> None:
        row = world.members[who]
        if body.version not in {row["version"], None}:
            raise profiles.ProfileChangedMeanwhile
        before = row["profile"] or {"visibility": "connections", "findable": False}
        row.update(version=row["version"] + 1, profile={**before, **body.model_dump(exclude={"version"}, exclude_none=True)})

    @serve(service.router, profiles.PROFILE)
    async def read(member_id: UUID, who: Who) -> Any:
        if not world.meets(who, member_id):
            raise NotFound
        return {**world.members[member_id]["profile"], "id": member_id, "photo": world.tag(member_id)}


def _leaving(service: FastAPI, world: World) -> None:
    @serve(service.router, erasure.LEAVE)
    async def leave(body: erasure.LeaveBody, who: Who, key: Key) -> None:
        world.members[who]["ends_at"] = clock.now() + timedelta(days=7)
        world.sessions = {secret: member_id for secret, member_id in world.sessions.items() if member_id != who}

    @serve(service.router, erasure.KEEP)
    async def keep(who: Who, key: Key) -> None:
        world.members[who].pop("ends_at", None)


def _introduced(service: FastAPI, world: World) -> None:
    @serve(service.router, profiles.INTRODUCED)
    async def introduced(member_id: UUID, who: Who) -> Any:
        """An introduction with `unheard` is one that members hasn't heard of yet."""
        rows = [row for row in world.introductions.values() if row["confirmed_at"] and not row.get("unheard")]
        if not (world.meets(who, member_id) and any({who, member_id} == set(row["sides"]) for row in rows)):
            raise NotFound
        return {"address": world.members[member_id].get("passed_on") or world.members[member_id]["email"]}


def _photos(service: FastAPI, world: World) -> None:
    @serve(service.router, photos.SHOW_PHOTO)
    async def show(body: photos.PhotoBody, who: Who, key: Key) -> None:
        world.photos[who] = body.picture

    @serve(service.router, photos.TAKE_BACK_PHOTO)
    async def take_back(who: Who, key: Key) -> None:
        world.photos.pop(who, None)

    @serve(service.router, photos.PHOTO_TAGS)
    async def tags(body: photos.PhotosBody, who: Who) -> Any:
        return {"tags": {id_: world.tag(id_) for id_ in body.member_ids if id_ in world.photos and world.meets(who, id_)}}

    @serve(service.router, photos.PHOTO)
    async def photo(member_id: UUID, who: Who) -> Any:
        if not world.meets(who, member_id) or member_id not in world.photos:
            raise NotFound
        return {"picture": b64encode(world.photos[member_id]).decode(), "tag": "a-tag"}


def _directory(service: FastAPI, world: World) -> None:
    @serve(service.router, directory.FIND)
    async def find(body: directory.FindBody, who: Who) -> Any:
        """By the letters of her name alone."""
        if not world.searches_left:
            raise directory.TooManySearches(again_at=_soon(1200))
        found = [each for each in world.members if each != who and world.meets(who, each)]
        cards = [world.card(each) for each in found if world.members[each]["profile"]["findable"]]
        return {"members": [card for card in cards if body.sought.casefold() in card.name.casefold()][: directory.MOST_FOUND]}


def _soon(seconds: float) -> datetime:
    return clock.machine_now() + timedelta(seconds=seconds)
