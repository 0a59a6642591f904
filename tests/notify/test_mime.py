"""The builder against Python's own parser: what goes in comes out, and nothing gets out of its header."""

import email
import email.policy
import re
from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.notify import mime
from services.notify.mime import Mailbox
from tests.notify import world

quick = settings(deadline=None, max_examples=60)

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]))
NASTY = st.text(st.sampled_from('ab \t\r\n\x00\x0b\x0c\x1c\x85\u2028\u2029"\\<>@,;:()[]=?._ñé€😀\u0301\u202e'), max_size=120)
NAMES = st.one_of(ANYTHING, NASTY)
ADDRESSES = st.builds("a{}z@a{}z.test".format, st.text("abz09._+-", max_size=20), st.text("abz09-", max_size=20))


def built(
    *,
    subject: str = "x",
    name: str = "x",
    address: str = "a@b.test",
    text: str = "x",
    html: str = "x",
    pictures: Sequence[bytes] = (),
) -> bytes:
    boxes = mime.mailboxes([Mailbox(name, address), Mailbox("Other", "other@b.test")])
    headers = [("To", boxes), ("Reply-To", boxes), ("Subject", mime.words(subject)), ("Message-ID", b"<1@b.test>")]
    parts = [mime.picture(f"picture-{number}@b", png) for number, png in enumerate(pictures)]
    return mime.message(headers, text, html, "0f", parts)


def one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def body_of(part: email.message.Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode("utf-8")


@quick
@given(text=st.one_of(ANYTHING, NASTY), html=st.one_of(ANYTHING, NASTY))
@example(text=".\n..\n.x", html="From me\n--=_0f\n--=_0f--\n")
@example(text=" \n\t\n" + "=" * 200, html="é" * 400)
def test_both_parts_come_out_as_they_went_in(text: str, html: str) -> None:
    parts = list(email.message_from_bytes(built(text=text, html=html), policy=email.policy.default).walk())
    assert [part.get_content_type() for part in parts] == ["multipart/alternative", "text/plain", "text/html"]
    assert body_of(parts[1]) == one_kind_of_line_end(text).replace("\n", "\r\n")
    assert body_of(parts[2]) == one_kind_of_line_end(html).replace("\n", "\r\n")


@quick
@given(html=st.one_of(ANYTHING, NASTY), pictures=st.lists(st.binary(max_size=400), min_size=1, max_size=3))
@example(html="--=.0f\n--=.0f--\n--=_0f--\n", pictures=[b"", b"\r\n--=.0f--\r\n" * 9])
def test_pictures_stand_beside_the_html_and_come_out_as_they_went_in(html: str, pictures: list[bytes]) -> None:
    raw = built(html=html, pictures=pictures)
    parts = list(email.message_from_bytes(raw, policy=email.policy.default).walk())
    kinds = ["multipart/alternative", "text/plain", "multipart/related", "text/html", *["image/png"] * len(pictures)]
    assert [part.get_content_type() for part in parts] == kinds
    assert not any(part.defects for part in parts)
    assert parts[2].get_param("type") == "text/html"
    assert body_of(parts[3]) == one_kind_of_line_end(html).replace("\n", "\r\n")
    assert [part.get_payload(decode=True) for part in parts[4:]] == pictures
    assert [part["Content-ID"] for part in parts[4:]] == [f"<picture-{number}@b>" for number in range(len(pictures))]
    assert {part["Content-Disposition"] for part in parts[4:]} == {"inline"}
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


@quick
@given(subject=NAMES)
@example(subject="=?utf-8?b?aGFsbG8=?=")
@example(subject="hola\r\nBcc: all@example.test")
def test_a_subject_comes_out_on_one_line_and_adds_no_header(subject: str) -> None:
    parsed = email.message_from_bytes(built(subject=subject), policy=email.policy.default)
    assert str(parsed["Subject"]) == mime.one_line(subject)
    assert parsed.keys() == ["To", "Reply-To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]


@quick
@given(subject=ANYTHING)
@example(subject="ñ" * 200)
def test_every_encoded_word_is_whole_by_itself(subject: str) -> None:
    pieces = [b64decode(piece).decode("utf-8") for piece in re.findall(rb"=\?utf-8\?b\?([^?]*)\?=", mime.words(f"é {subject}"))]
    assert "".join(pieces) == mime.one_line(f"é {subject}")


@quick
@given(name=NAMES, address=ADDRESSES)
@example(name='Ana" <evil@example.test>, "', address="a@b.test")
@example(name="Ana\r\nBcc: all@example.test", address="a@b.test")
@example(name="=?utf-8?q?hello?=", address="a@b.test")
def test_a_name_comes_out_as_it_is_and_adds_no_recipient(name: str, address: str) -> None:
    parsed = email.message_from_bytes(built(name=name, address=address), policy=email.policy.compat32)
    for header in ("To", "Reply-To"):
        # By the older parser: the newer one of Python 3.11 puts a space between two encoded words of a name (RFC 2047, 6.2, says none).
        found = [(str(make_header(decode_header(shown))), spec) for shown, spec in getaddresses([parsed[header]])]
        assert found == [(mime.one_line(name), address), ("Other", "other@b.test")]
    assert parsed.keys() == ["To", "Reply-To", "Subject", "Message-ID", "MIME-Version", "Content-Type"]


@quick
@given(name=NAMES, subject=NAMES, text=ANYTHING, html=NASTY)
def test_lines_are_short_ascii_and_end_in_crlf(name: str, subject: str, text: str, html: str) -> None:
    raw = built(name=name, subject=subject, text=text, html=html)
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a b@c.test",
        "a@b@c.test",
        "a@b.test\r\nBcc: x@y.test",
        "a@b.test>",
        "<a@b.test",
        "a,b@c.test",
        "ñ@c.test",
        "a@.test",
        "a@b c.test",
    ],
)
def test_an_address_that_could_say_more_than_an_address_is_refused(address: str) -> None:
    with pytest.raises(mime.UnfitAddress) as caught:
        mime.mailboxes([Mailbox("Ana", address)])
    assert not address or address not in str(caught.value)


def test_a_domain_of_other_letters_gets_its_ascii_form() -> None:
    assert mime.ascii_address("ana@señoras.test") == "ana@xn--seoras-xwa.test"


@quick
@given(seconds=st.integers(0, 7_000_000_000), hours=st.integers(-12, 12))
def test_dates_are_read_back(seconds: int, hours: int) -> None:
    at = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    raw = mime.message([("Date", mime.date(at))], "x", "x", "0f")
    assert email.message_from_bytes(raw, policy=email.policy.default)["Date"].datetime == at


def test_short_plain_subjects_and_names_stay_readable() -> None:
    raw = built(subject="Your code for Madrina", name="Ana Lopez")
    assert b"Subject: Your code for Madrina\r\n" in raw
    assert b'To: "Ana Lopez"\r\n <a@b.test>,\r\n' in raw


def test_the_parser_finds_no_defect() -> None:
    assert world.read(built(subject="¿Qué tal?", name="Inés")).subject == "¿Qué tal?"
