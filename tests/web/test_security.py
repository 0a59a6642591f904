"""Posts from elsewhere, headers, and static files."""

import hashlib
import re
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from services.web import assets
from services.web.security import POLICY, same_origin
from tests.observed import observed
from tests.web.conftest import WEB, Community
from tests.web.fakes import Fakes
from tests.web.scenes import trio

STATIC = assets.FOLDER


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": WEB},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": WEB + ".evil.test"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.test"},
        {"Sec-Fetch-Site": "same-site", "Origin": WEB},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
async def test_a_post_from_elsewhere_changes_nothing(community: Community, fakes: Fakes, headers: dict[str, str]) -> None:
    three = trio(community)
    path = f"/introductions/{three.introduction()['id']}"
    answer = await three.voucher.http.post(path, data={"decision": "decline"}, headers=headers)
    assert answer.status_code == 403
    assert "This one didn't make it across." in answer.text
    assert not fakes.calls


async def test_what_is_refused_is_written_down(community: Community) -> None:
    visitor = community.visitor()
    with observed() as foreign:
        await visitor.http.post("/profile", headers={"Origin": "https://evil.test"})
    with observed() as signed_out:
        await visitor.get("/connections")
    for found, status, why in ((foreign, 403, "foreign_post"), (signed_out, 401, "not_signed_in")):
        assert [(line["status"], line["why"]) for line in found.lines if line["event"] == "access.refused"] == [(status, why)]
        assert found.numbers[f"madrina_access_refused_total[('status', '{status}'), ('why', '{why}')]"] == 1


OURS = [
    {"Origin": WEB},  # a browser without Sec-Fetch-Site
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": WEB},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},  # one that keeps every referrer to itself
]


@pytest.mark.parametrize("headers", OURS)
async def test_a_post_from_our_own_page_is_let_in(community: Community, fakes: Fakes, headers: dict[str, str]) -> None:
    three = trio(community)
    path = f"/introductions/{three.introduction()['id']}"
    answer = await three.voucher.http.post(path, data={"decision": "decline"}, headers=headers)
    assert answer.status_code == 303
    assert len(fakes.commands("/decline")) == 1


def test_the_port_is_part_of_the_origin() -> None:
    assert not same_origin(Headers({"Origin": "http://localhost:1"}), "http://localhost:8700")


async def test_a_form_longer_than_any_of_ours_is_not_read(community: Community, fakes: Fakes) -> None:
    visitor = community.visitor()
    answer = await visitor.post("/sign-in", {"email": "x" * 70_000})
    assert answer.status_code == 413
    assert "It was longer than we can take" in answer.text
    assert not fakes.calls


async def test_a_body_of_unknown_length_is_not_read(community: Community) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"email=x"

    visitor = community.visitor()
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    assert (await visitor.http.post("/sign-in", content=body(), headers=headers)).status_code == 411


FORM = "application/x-www-form-urlencoded"
MALFORMED = {
    "too many fields": (FORM, "&".join(f"a{number}=1" for number in range(61))),
    "not UTF-8": (FORM, "name=Jos%E9"),
    "half a character": (FORM, "name=%F0%9F"),
    "raw bytes that aren't UTF-8": (FORM, b"name=Jos\xe9".decode("latin-1")),
    "in several parts": ("multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na\r\n--x--\r\n'),
    "parts without a boundary": ("multipart/form-data", "--x"),
    "JSON": ("application/json", "{}"),
    "of no kind": ("", "email=a"),
}


@pytest.mark.parametrize("case", MALFORMED)
async def test_a_form_that_cannot_be_read_changes_nothing_and_says_so(community: Community, fakes: Fakes, case: str) -> None:
    kind, body = MALFORMED[case]
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": kind}
    answer = await community.visitor().http.post("/sign-in", content=body.encode("latin-1"), headers=headers)
    assert answer.status_code == 400
    assert "It couldn't be read" in answer.text
    assert not fakes.calls


async def test_a_form_is_read_as_it_was_written(community: Community, fakes: Fakes) -> None:
    member_id, browser = community.woman("Irene Sol")
    fields = {"name": "José 👩🏽‍💻 + & = %", "headline": "", "language": "es", "time_zone": "UTC"}
    await browser.post("/profile", fields)
    assert community.world.members[member_id]["profile"]["name"] == fields["name"]


async def test_every_answer_carries_the_headers(community: Community) -> None:
    visitor = community.visitor()
    version = re.search(r"/static/(\w+)/madrina\.css", (await visitor.get("/")).text)
    assert version
    for path in ("/", "/nothing", "/m/not-an-id", f"/static/{version[1]}/madrina.css", "/static/0/nothing.css", "/connections"):
        headers = (await visitor.http.get(path, headers={"Origin": "https://elsewhere.example"})).headers
        assert headers["content-security-policy"] == POLICY, path
        assert not [name for name in headers if name.startswith("access-control-")]
        assert path.endswith(".css") or headers["content-length"] == "0" or headers["content-type"].endswith("charset=utf-8"), path
        assert headers["x-content-type-options"] == "nosniff"
        # Not no-referrer: it would make the Origin of our own posts null.
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_the_policy_lets_nothing_inline_or_foreign_in() -> None:
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert not re.search(r"unsafe|\*|https?:|data:|nonce", POLICY)


async def test_static_files_are_kept_for_ever_under_the_address_that_changes_with_them(community: Community) -> None:
    visitor = community.visitor()
    page = (await visitor.get("/")).text
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(links) == 8
    for link in links:
        assert "immutable" in (await visitor.get(link)).headers["cache-control"]
    old = await visitor.get("/static/000000000000/madrina.css")
    assert old.status_code == 200
    assert old.headers["cache-control"] == "no-cache"


async def test_what_is_smaller_compressed_is_sent_so_to_whoever_takes_it(community: Community) -> None:
    visitor = community.visitor()
    (link,) = re.findall(r'href="(/static/[^"]+css)"', (await visitor.get("/")).text)
    plain, small = [await visitor.http.get(link, headers={"Accept-Encoding": taken}) for taken in ("identity", "br, gzip")]
    assert plain.content == small.content == (STATIC / "madrina.css").read_bytes()
    assert ("content-encoding" in plain.headers, small.headers["content-encoding"]) == (False, "gzip")
    assert int(small.headers["content-length"]) * 3 < int(plain.headers["content-length"])
    assert plain.headers["vary"] == small.headers["vary"] == "Accept-Encoding"
    assert plain.headers["etag"] != small.headers["etag"]
    again = await visitor.http.get(link, headers={"Accept-Encoding": "gzip", "If-None-Match": small.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await visitor.http.get(link, headers={"If-None-Match": '"another"'})).status_code == 200


async def test_the_first_page_is_light(community: Community) -> None:
    visitor = community.visitor()
    page = await visitor.get("/")
    links = [link for link in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text) if not link.endswith(".woff2")]
    answers = [page, *[await visitor.get(link) for link in links]]
    assert sum(int(answer.headers["content-length"]) for answer in answers) < 40_000


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/favicon.ico", "image/x-icon"),
        ("/apple-touch-icon.png", "image/png"),
        ("/icon.svg", "image/svg+xml"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
async def test_what_is_looked_for_at_the_root_is_there(community: Community, path: str, kind: str) -> None:
    answer = await community.visitor().get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "public, max-age=86400"


async def test_the_manifest_names_the_start_and_icons_that_are_there(community: Community) -> None:
    visitor = community.visitor()
    found = re.search(r'<link rel="manifest" href="([^"]+)">', (await visitor.get("/")).text)
    assert found
    answer = await visitor.get(found[1])
    assert "manifest-src 'self'" in answer.headers["content-security-policy"]
    manifest = answer.json()
    assert (manifest["name"], manifest["start_url"]) == ("Madrina", "/")
    for icon in manifest["icons"]:
        drawn = await visitor.get(icon["src"])
        assert drawn.headers["content-type"] == icon["type"]


async def test_the_picture_of_a_shared_link_is_there_at_the_size_that_its_card_says(community: Community) -> None:
    visitor = community.visitor()
    cards = dict(re.findall(r'<meta property="og:(image[\w:]*)" content="([^"]+)">', (await visitor.get("/")).text))
    picture = (await visitor.get(cards["image"])).content
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (int(cards["image:width"]), int(cards["image:height"])) == (1200, 630)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/connections/", "/connections"),
        ("/connections/?after=x", "/connections?after=x"),
        ("/nothing//", "/nothing"),
        ("//evil.test/", "/evil.test"),
        ("/%5Cevil.test/", "/%5Cevil.test"),
    ],
)
async def test_a_slash_too_many_leads_on_and_never_elsewhere(community: Community, path: str, to: str) -> None:
    answer = await community.visitor().http.get(f"{WEB}{path}")
    assert (answer.status_code, answer.headers["location"]) == (308, to)


async def test_no_page_of_a_member_repeats_what_stands_in_its_address(community: Community) -> None:
    # What is compressed together tells by its length how much of one is in the other: decision 0022.
    three, marker = trio(community), "marker-4711"
    introduction = three.introduction()["id"]
    for path in (
        "/",
        "/connections",
        "/introductions",
        "/ledger",
        "/profile",
        f"/m/{three.andrea}",
        f"/introductions/{introduction}",
        "/nothing",
    ):
        for address in (f"{path}?next={marker}&after={marker}&done={marker}&q={marker}", f"{path.rstrip('/')}/{marker}"):
            answer = await three.asker.http.get(address, follow_redirects=True)
            assert marker not in answer.text, address


async def test_nothing_but_static_files_is_served(community: Community) -> None:
    visitor = community.visitor()
    for path in ("/static/0/../app.py", "/static/0/%2e%2e/app.py", "/static/0/vendor/README.md", "/static/0/"):
        assert (await visitor.get(path)).status_code == 404


def test_the_address_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    before = assets.Assets(tmp_path).version
    (tmp_path / "a.css").write_text("b")
    assert assets.Assets(tmp_path).version != before


def test_vendored_files_are_what_their_list_says() -> None:
    rows = re.findall(r"^\| `([^`]+)` .*\| `([0-9a-f]{64})` \|$", (STATIC / "vendor/README.md").read_text(), re.MULTILINE)
    listed = dict(rows)
    vendored = [path for folder in ("vendor", "fonts") for path in (STATIC / folder).iterdir() if path.suffix in (".js", ".woff2")]
    assert {path.relative_to(STATIC).as_posix() for path in vendored} == listed.keys()
    for path in vendored:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == listed[path.relative_to(STATIC).as_posix()]


def test_fonts_and_scripts_keep_their_licences() -> None:
    assert "SIL Open Font License" in (STATIC / "fonts/literata-OFL.txt").read_text()
    assert "SIL Open Font License" in (STATIC / "fonts/instrument-sans-OFL.txt").read_text()
    assert "Zero-Clause BSD" in (STATIC / "vendor/htmx-LICENSE.txt").read_text()
