"""The mailbox keeps each letter's bytes, and shows them without letting them do anything."""

from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from deploy.local.mailbox import page, smtp
from deploy.local.mailbox.settings import Settings
from deploy.local.mailbox.store import Store
from deploy.local.ports import free_port


def _letter(subject: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"], letter["Message-ID"] = "a@madrina.test", "b@madrina.test", subject, "<1@madrina.test>"
    letter.set_content("Hola, ¿qué tal?\n.\nAdiós\n")
    letter.add_alternative("<p>Hola<script>alert(1)</script></p>", subtype="html")
    return letter


async def _send(store: Store, *letters: bytes, to: str = "b@madrina.test") -> None:
    port = free_port()
    server = await smtp.serve(store, port)
    async with server, aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
        for letter in letters:
            await client.sendmail("a@madrina.test", [to], letter)
    await server.wait_closed()


def test_it_is_for_this_machine_unless_told_otherwise(tmp_path: Path) -> None:
    assert Settings(port=1, smtp_port=2, mail_folder=tmp_path).host == "127.0.0.1"


async def test_a_letter_is_kept_to_the_byte_and_outlives_the_server(tmp_path: Path) -> None:
    raw = _letter("¡Hola!").as_bytes(policy=_letter("x").policy.clone(linesep="\r\n"))
    await _send(Store(tmp_path), raw)
    (kept,) = Store(tmp_path).all()
    assert kept.raw.encode("latin-1") == raw
    assert (kept.to, kept.sender, kept.subject, kept.message_id) == ("b@madrina.test", "a@madrina.test", "¡Hola!", "<1@madrina.test>")
    assert kept.text == "Hola, ¿qué tal?\n.\nAdiós\n"


async def test_the_page_and_the_json_are_newest_first_and_by_address(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await _send(store, _letter("one").as_bytes(), _letter("two <b>").as_bytes())
    await _send(store, _letter("three").as_bytes(), to="c@madrina.test")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(page.create(store)), base_url="http://localhost:8725") as client:
        assert [letter["subject"] for letter in (await client.get("/letters.json")).json()] == ["three", "two <b>", "one"]
        mine = (await client.get("/letters.json", params={"to": "B@madrina.test"})).json()
        assert [letter["subject"] for letter in mine] == ["two <b>", "one"]
        assert set(mine[0]) == {"id", "to", "from", "subject", "text", "html", "message_id", "at", "raw"}
        listing = (await client.get("/")).text
        assert listing.index("three") < listing.index("two &lt;b&gt;") < listing.index("one")


async def test_a_letters_html_can_do_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await _send(store, _letter("one").as_bytes())
    (letter,) = store.all()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(page.create(store)), base_url="http://localhost:8725") as client:
        whole = (await client.get(f"/letters/{letter.id}")).text
        assert "sandbox='allow-popups" in whole
        assert "<script>" not in whole
        policy = (await client.get(f"/letters/{letter.id}/html")).headers["Content-Security-Policy"]
        assert policy.startswith("sandbox ")
        assert "allow-scripts" not in policy
        assert "default-src 'none'" in policy
        assert (await client.get("/letters/../secrets.json")).status_code == 404


async def test_a_letters_pictures_are_shown(tmp_path: Path) -> None:
    letter = _letter("one")
    letter.add_alternative('<img src="cid:a@b" alt="">', subtype="html")
    [*_, html] = letter.iter_parts()
    assert isinstance(html, EmailMessage)
    html.add_related(b"PNG", "image", "png", cid="<a@b>")
    letter.set_payload([part for part in letter.iter_parts() if part.get_content_type() != "text/html"])
    await _send(Store(tmp_path), letter.as_bytes())
    (kept,) = Store(tmp_path).all()
    assert kept.html.strip() == '<img src="data:image/png;base64,UE5H" alt="">'


@pytest.mark.parametrize("path", ["/", "/letters.json", "/readyz", "/style.css"])
@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8725", 200), ("127.0.0.1:8725", 200), ("evil.example:8725", 400), ("localhost.evil.example", 400), ("", 400)],
)
async def test_a_foreign_page_whose_name_leads_here_reads_no_codes(tmp_path: Path, path: str, host: str, status: int) -> None:
    app = page.create(Store(tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.get(path, headers={"Host": host})).status_code == status
