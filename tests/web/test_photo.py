"""Her photo, on its page and on hers."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from services.web import multipart
from services.web.drawing import mark
from services.web.forms import PHOTO_PATH
from services.web.security import OriginCheck
from tests.web.conftest import WEB, Browser, Community
from tests.web.fakes import Fakes
from tests.web.scenes import trio

PICTURE = b"RIFF....WEBP\r\n--no boundary\r\n\x00\xff"


async def send(browser: Browser, *, file: bytes = b"", **fields: str) -> httpx.Response:
    page = await browser.get("/photo")
    key, owner = (page.text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("form_key", "form_owner"))
    sent = {"form_key": key, "form_owner": owner, **fields}
    return await browser.http.post("/photo", data=sent, files={"picture": ("me.jpg", file)}, headers={"Sec-Fetch-Site": "same-origin"})


async def test_it_is_shown_with_her_consent_and_taken_back(community: Community) -> None:
    me, browser = community.woman("Irene Sol")
    _, other = community.woman("Eva Luz")
    for refused in (await send(browser, file=PICTURE), await send(browser, consent="1")):
        assert refused.status_code == 422 and 'class="error"' in refused.text
    assert me not in community.world.photos
    assert (await send(browser, file=PICTURE, consent="1")).status_code == 303
    assert community.world.photos[me] == PICTURE
    tag = f'<img class="mark" src="/m/{me}/photo?v=a-tag"'
    for reader in (browser, other):
        assert tag in (await reader.get(f"/m/{me}")).text
    shown = await other.get(f"/m/{me}/photo")
    assert (shown.content, shown.headers["content-type"], shown.headers["cache-control"]) == (PICTURE, "image/webp", "private, no-cache")
    assert (await other.get(f"/m/{me}/photo?v=a-tag")).headers["cache-control"] == "private, max-age=3600"
    assert (await other.get(f"/m/{me}/photo?v=an-older-tag")).headers["cache-control"] == "private, no-cache"
    again = await other.http.get(f"/m/{me}/photo", headers={"If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await send(browser, decision="take_back")).status_code == 303
    assert (await other.get(f"/m/{me}/photo")).status_code == 404
    assert tag not in (await other.get(f"/m/{me}")).text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nvalue\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue'),
        ("multipart/form-data; boundary=x", b'before--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue\r\n--x--\r\n'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n'),
    ],
)
def test_what_no_browser_writes_is_not_read(kind: str, body: bytes) -> None:
    with pytest.raises(ValueError):
        multipart.read(kind, body)


async def test_large_posts_and_files_are_for_the_photo_alone(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert (await browser.http.post("/profile", data={"name": "x" * 70_000}, headers=headers)).status_code == 413
    assert (await browser.http.post("/photo", files={"picture": ("a", bytes(6 * 1024 * 1024))}, headers=headers)).status_code == 413
    assert (await browser.http.post("/profile", files={"picture": ("a", b"a")}, headers=headers)).status_code == 400


async def test_only_two_large_forms_are_held_at_a_time() -> None:
    begun: list[int] = []
    more = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(1)
        await more.wait()

    async def never(*_: object) -> Any:
        raise AssertionError

    check = OriginCheck(app, WEB, never)

    async def post(length: int) -> None:
        headers = [(b"sec-fetch-site", b"same-origin"), (b"content-length", str(length).encode())]
        await check({"type": "http", "method": "POST", "path": PHOTO_PATH, "headers": headers}, never, never)

    async with asyncio.TaskGroup() as posts:
        for length in (100_000, 100_000, 100_000, 100):
            posts.create_task(post(length))
        await asyncio.sleep(0.01)
        assert len(begun) == 3, "two, and the one of an ordinary length"
        more.set()
    assert len(begun) == 4


async def test_it_stands_wherever_her_mark_would_for_who_may_see_it(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    world, reader = community.world, three.voucher
    world.photos[three.andrea] = PICTURE
    vouched = three.vouched()
    photo = f'<img class="mark" src="/m/{three.andrea}/photo?v=a-tag"'
    hers = re.compile(re.escape(photo) + ' alt="[^"]*" width="72" height="72" loading="lazy" decoding="async">')
    pages = ["/connections", f"/introductions/{vouched['id']}", f"/m/{three.andrea}/propose", f"/m/{three.andrea}/report"]
    for path in pages:
        shown = (await reader.get(path)).text
        assert hers.search(shown), path
        assert mark(three.andrea) not in shown, "nowhere her mark beside it"
        assert "\0" not in shown
    lists = (await reader.get("/connections")).text
    assert mark(three.lucia) in lists, "who shows none has her mark"
    page = await reader.get(f"/m/{three.andrea}")
    assert 'alt="Photo of Andrea Mora"' in page.text
    assert f'href="/m/{three.andrea}/report?subject=photo"' in page.text
    report = await reader.get(f"/m/{three.andrea}/report?subject=photo")
    assert '<input type="hidden" name="subject" value="photo">' in report.text
    asked = [call for call in fakes.calls if call.path == "/v1/photos"]
    assert len(asked) == len(pages) + 3, "one question a page"
    del world.photos[three.andrea]
    for path in pages:
        shown = (await reader.get(path)).text
        assert photo not in shown and mark(three.andrea) in shown, path


async def test_without_an_answer_marks_remain(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    community.world.photos[three.andrea] = PICTURE
    fakes.wires["members"].answer = lambda request: httpx.Response(503) if request.url.path == "/v1/photos" else None
    page = await three.voucher.get("/connections")
    assert page.status_code == 200
    assert mark(three.andrea) in page.text
