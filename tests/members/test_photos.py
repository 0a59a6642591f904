"""A photo is shown to whom its page is shown, as a small square with nothing else in it, and as long as she wants it."""

import io
import random
import subprocess
import sys
import zlib
from base64 import b64decode, b64encode
from math import isqrt
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from services.members.features import FEATURES
from services.members.photos import commands, pictures
from services.members.sessions.domain.limits import PHOTOS
from shared import clock
from shared.contracts.http.members.photos import CONSENT, MOST_BYTES, PHOTOS_A_DAY, NotAPhoto
from shared.postgres.database import transaction
from tests.members.conftest import Members

pytestmark = pytest.mark.servers
MEASURED = """
import pathlib, re, sys
from services.members.photos import pictures
sent, status = pathlib.Path(sys.argv[1]).read_bytes(), pathlib.Path("/proc/self/status")
for work in (lambda: None, lambda: pictures.kept(sent)):
    work()
    print(re.search("VmHWM:\\s*(\\d+) kB", status.read_text())[1])
"""
"""The most memory it has had, before and after; a child's `ru_maxrss` begins with its parent's."""
TRAILER = b"<script>alert(document.domain)</script>"


def drawn(kind: str, size: tuple[int, int] = (400, 300), **saved: Any) -> bytes:
    image, written = Image.new("RGB", size, (200, 30, 30)), io.BytesIO()
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    image.save(written, kind, **saved)
    return written.getvalue()


def located() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "A camera of hers"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 25.0, 0.0), 3: "W", 4: (3.0, 42.0, 0.0)})
    return drawn("JPEG", exif=exif, comment=b"at home")


@pytest.mark.parametrize("sent", [drawn("JPEG"), drawn("PNG"), drawn("WEBP"), located(), drawn("PNG", (64, 2000))])
def test_what_is_kept_is_a_small_square_of_our_own_making(sent: bytes) -> None:
    with Image.open(io.BytesIO(pictures.kept(sent))) as kept:
        assert (kept.format, kept.size, kept.mode) == ("WEBP", (pictures.SIDE, pictures.SIDE), "RGB")


def test_nothing_says_where_and_with_what_it_was_taken() -> None:
    sent = located()
    with Image.open(io.BytesIO(sent)) as before:
        assert before.getexif().get_ifd(0x8825), "or the test shows nothing"
    kept = pictures.kept(sent + TRAILER)
    with Image.open(io.BytesIO(kept)) as after:
        assert not after.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(after.info)
        assert after.getpixel((160, 20))[2] > 150, "it stands upright"  # type: ignore[index]
    for trace in (b"EXIF", b"camera", b"at home", b"script"):
        assert trace not in kept


@pytest.mark.parametrize(
    ("written", "kind", "mode", "saved"),
    [
        *(("JPEG", "JPEG", "RGB", {}), ("progressive", "JPEG", "RGB", {"progressive": True, "subsampling": 0})),
        *(("PNG", "PNG", mode, {}) for mode in ("RGB", "RGBA", "LA", "P", "I;16")),
        ("WEBP", "WEBP", "RGBA", {}),
    ],
)
def test_the_largest_that_is_taken_leaves_the_pod_its_memory(written: str, kind: str, mode: str, saved: Any, tmp_path: Path) -> None:
    side = isqrt(int(pictures.MOST_MEMORY / pictures.A_PIXEL[written]))
    Image.new(mode, (side, side)).save(tmp_path / "large", kind, **saved)
    before, after = subprocess.run([sys.executable, "-c", MEASURED, tmp_path / "large"], check=True, capture_output=True).stdout.split()
    assert int(after) - int(before) < 110_000


def test_no_other_format_is_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    Image.init()
    for other in Image.OPEN.keys() - {"JPEG", "PNG", "WEBP"}:
        monkeypatch.setitem(Image.OPEN, other, (lambda *_: pytest.fail("opened"), None))
    with pytest.raises(NotAPhoto):
        pictures.kept(drawn("GIF"))


def bomb() -> bytes:
    """A PNG that says it has 30,000 by 30,000 pixels."""
    honest = bytearray(drawn("PNG"))
    honest[16:24] = (30_000).to_bytes(4) * 2
    honest[29:33] = zlib.crc32(honest[12:29]).to_bytes(4)
    return bytes(honest)


def moving() -> bytes:
    written = io.BytesIO()
    first, second = (Image.new("RGB", (100, 100), colour) for colour in ("red", "blue"))
    first.save(written, "WEBP", save_all=True, append_images=[second], duration=50)
    return written.getvalue()


@pytest.mark.parametrize(
    "sent",
    [
        *(b"", b"\xff\xd8\xff", TRAILER, b"GIF89a" + TRAILER),
        *(drawn("GIF"), drawn("BMP"), drawn("TIFF"), drawn("PNG", (63, 400)), drawn("PNG", (7000, 6000)), bomb(), moving()),
    ],
)
def test_what_is_no_photo_is_refused(sent: bytes) -> None:
    with pytest.raises(NotAPhoto):
        pictures.kept(sent)


def test_broken_pictures_are_refused_or_read_and_nothing_else_happens() -> None:
    chance = random.Random(11)
    outcomes = set()
    for whole in (drawn("JPEG"), drawn("PNG"), drawn("WEBP"), located()):
        for _ in range(60):
            broken = bytearray(whole[: chance.randrange(len(whole)) if chance.random() < 0.4 else None])
            for _ in range(chance.randrange(1, 12)):
                if broken:
                    broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                outcomes.add(Image.open(io.BytesIO(pictures.kept(bytes(broken)))).size)
            except NotAPhoto:
                outcomes.add((0, 0))
    assert outcomes == {(0, 0), (pictures.SIDE, pictures.SIDE)}


async def show(members: Members, session: str, picture: bytes, **changes: Any) -> httpx.Response:
    body = {"picture": b64encode(picture).decode(), "consent": CONSENT, **changes}
    return await members.client.put("/v1/me/photo", json=body, headers=await members.headers(session))


async def seen(members: Members, session: str, member_id: str) -> httpx.Response:
    return await members.client.get(f"/v1/profiles/{member_id}/photo", headers=await members.headers(session))


async def both(members: Members) -> tuple[str, str, str, str]:
    hers, ana = await members.join("ana@example.com")
    session, eva = await members.join("eva@example.com", name="Eva Sol")
    return hers, ana, session, eva


async def test_it_is_shown_where_her_page_is_and_gone_with_her_consent(members: Members) -> None:
    hers, ana, session, _ = await both(members)
    assert (await seen(members, session, ana)).status_code == 404
    assert (await show(members, hers, drawn("JPEG"))).status_code == 204
    answer = await seen(members, session, ana)
    assert answer.status_code == 200
    assert b64decode(answer.json()["picture"])[8:12] == b"WEBP"
    page = await members.client.get(f"/v1/profiles/{ana}", headers=await members.headers(session))
    assert page.json()["photo"] == answer.json()["tag"] == (await members.me(hers))["photo"]
    taken_back = await members.client.post("/v1/me/photo/taken-back", headers=await members.headers(hers))
    assert taken_back.status_code == 204
    assert await members.pool.fetchval("select count(*) from photos") == 0, "at once, and nothing of it stays"
    assert (await seen(members, session, ana)).status_code == 404
    assert (await members.me(hers))["photo"] == ""


@pytest.mark.parametrize("why", ["suspended", "leaving"])
async def test_a_consent_can_always_be_taken_back(members: Members, why: str) -> None:
    hers, *_ = await both(members)
    await show(members, hers, drawn("JPEG"))
    await members.pool.execute(f"update accounts set {why} = true where address = 'ana@example.com'")
    assert (await show(members, hers, drawn("PNG"))).status_code == 403
    taken_back = await members.client.post("/v1/me/photo/taken-back", headers=await members.headers(hers))
    assert taken_back.status_code == 204
    assert await members.pool.fetchval("select count(*) from photos") == 0


async def test_without_her_consent_nothing_is_kept(members: Members) -> None:
    hers, *_ = await both(members)
    for consent in (False, None, "no", 0, CONSENT + 1, True):
        assert (await show(members, hers, drawn("JPEG"), consent=consent)).status_code == 422
    assert await members.pool.fetchval("select count(*) from photos") == 0


@pytest.mark.parametrize("why", ["blocks", "blocked", "suspended", "erased"])
async def test_to_whom_her_page_is_not_shown_her_photo_is_not(members: Members, why: str) -> None:
    hers, ana, session, eva = await both(members)
    await show(members, hers, drawn("JPEG"))
    assert (await seen(members, session, ana)).status_code == 200
    async with transaction(members.pool) as tx:
        pair = (UUID(ana), UUID(eva)) if why == "blocked" else (UUID(eva), UUID(ana))
        if why in ("blocks", "blocked"):
            await tx.execute("insert into blocks (blocker_id, blocked_id, version, active) values ($1, $2, 1, true)", *pair)
        elif why == "suspended":
            await tx.execute("update accounts set suspended = true where member_id = $1", UUID(ana))
        else:
            for feature in FEATURES:
                if feature.on_erase:
                    await feature.on_erase(tx, UUID(ana), clock.now())
            assert await tx.fetchval("select count(*) from photos") == 0
    answer = await seen(members, session, ana)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_page_learns_who_shows_one_to_its_reader(members: Members) -> None:
    hers, ana, session, eva = await both(members)
    await show(members, hers, drawn("JPEG"))

    async def tags() -> Any:
        body = {"member_ids": [ana, eva, str(uuid4())]}
        return (await members.client.post("/v1/photos", json=body, headers=await members.headers(session))).json()["tags"]

    assert await tags() == {ana: (await members.me(hers))["photo"]}
    await members.pool.execute(
        "insert into blocks (blocker_id, blocked_id, version, active) values ($1, $2, 1, true)", UUID(ana), UUID(eva)
    )
    assert await tags() == {}


async def test_five_megabytes_are_taken_on_that_route_alone(members: Members) -> None:
    hers, *_ = await both(members)
    at_most = drawn("JPEG") + bytes(MOST_BYTES - len(drawn("JPEG")))
    assert (await show(members, hers, at_most)).status_code == 204
    assert (await show(members, hers, at_most + bytes(300_000))).status_code in (413, 422)
    assert (await show(members, hers, at_most + bytes(MOST_BYTES))).status_code == 413
    assert (await members.write(hers, headline="x" * 70_000)).status_code == 413


async def test_so_many_a_day_and_the_next_is_not_even_opened(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    hers, _, session, _ = await both(members)
    for number in range(PHOTOS_A_DAY):
        assert (await show(members, hers, drawn("JPEG") if number % 2 else TRAILER)).status_code == (204 if number % 2 else 422)
    assert (await show(members, session, drawn("JPEG"))).status_code == 204, "each member has her own"
    with monkeypatch.context() as patched:
        patched.setattr(pictures, "kept", lambda _: pytest.fail("decoded"))
        answer = await show(members, hers, drawn("JPEG"))
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_photos")
    monkeypatch.setattr(commands, "machine_now", lambda: clock.machine_now() + PHOTOS.within)
    assert (await show(members, hers, drawn("JPEG"))).status_code == 204


async def test_a_photo_needs_a_profile(members: Members) -> None:
    session = await members.sign_in("without@example.com")
    assert (await show(members, session, drawn("JPEG"))).json()["code"] == "profile_needed"
