"""What a member wrote is no link in a letter, and can still be read."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.letters.links import unlinked

# What programs look for: any scheme (RFC 3986); those that are linked without slashes; hosts with a last label of letters, in any
# script; www. and ftp. whatever follows; addresses of machines; what needs no scheme.
USUAL = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[a-z][a-z0-9+.-]*://",
        r"\b(?:https?|ftp|mailto|tel|sms|callto|skype|news|webcal):\S",
        r"\b(?:www|ftp)\.\S",
        r"[\w-]\.[^\W\d_]{2,}",
        r"[\w-]\.xn--",
        r"[\w.+-]+@[\w-]+\.[\w-]",
        r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
        r"[/\\]{2}",
        r"[a-z0-9][。．｡․][a-z0-9]",
    )
]


def links_in(text: str) -> list[str]:
    """What a program would make a link of."""
    return [found[0] for pattern in USUAL for found in pattern.finditer(text)]


PIECES = st.sampled_from(
    [
        *(
            "http",
            "https",
            "HTTPS",
            "ftp",
            "mailto",
            "tel",
            "x-new",
            "www",
            "ftp",
            "evil",
            "example",
            "com",
            "co",
            "xn--p1ai",
            "日本",
            "भारत",
        ),
        *("a", "b", "1", "127", "0", "é", "❤", "_", "-", "é"),
        *(":", "/", "//", "://", "\\", "\\\\", ".", "..", "。", "．", "@", "?", "#", "[", "]", "(", ")", "<", ">", "%2e", " ", "\n", ","),
    ]
)
WORDS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join))


@pytest.mark.parametrize(
    ("wrote", "sent"),
    [
        ("https://evil.example/login", "evil[.]example/login"),
        ("HTTP://EVIL.EXAMPLE", "EVIL[.]EXAMPLE"),
        ("Look (http://evil.example/a.php?c=d), then", "Look (evil[.]example/a[.]php?c=d), then"),
        ("https://madrina.test@evil.example/", "madrina[.]test@evil[.]example/"),
        ("hthttps://tps://evil.example", "evil[.]example"),
        ("https:/evil.example", "evil[.]example"),
        ("https:\\\\evil.example", "evil[.]example"),
        ("http://localhost/x", "localhost/x"),
        ("www.x.y", "www[.]x.y"),
        ("x.example", "x[.]example"),
        ("t.co/a", "t[.]co/a"),
        ("a.b@evil.example", "a.b@evil[.]example"),
        ("mailto:a@evil.example?subject=x", "a@evil[.]example?subject=x"),
        ("tel:+34600000000", "+34600000000"),
        ("日本http://例え.jp", "日本例え[.]jp"),
        ("xn--r8jz45g.xn--zckzah", "xn--r8jz45g[.]xn--zckzah"),
        ("उदाहरण.भारत", "उदाहरण[.]भारत"),
        ("i❤.ws", "i❤[.]ws"),
        ("evil。example", "evil[.]example"),
        ("192.168.0.1:8080/x", "192[.]168[.]0[.]1:8080/x"),
        (r"\\server\share", r"\server\share"),
        ("//localhost/x", "/localhost/x"),
        ("We met.At work", "We met[.]At work"),  # can't be told from a host
        ("Node.js", "Node[.]js"),
    ],
)
def test_a_link_is_written_to_be_read(wrote: str, sent: str) -> None:
    assert unlinked(wrote) == sent


@pytest.mark.parametrize(
    "prose",
    [
        "3.5 years, 10.30 a.m., 1.000.000, v1.2.3, 12.03.2026",
        "e.g. the U.S. and the Ph.D. of M. A. Ruiz, S.A. de C.V., p. ej.",
        "Wait... what? No…well. Yes.",
        "Note:this, 3:30, C:\\x, and/or, @marta, ana@work",
        "我是。中国",
        "Mail me: we can talk.\nNext line.",
    ],
)
def test_prose_stays_as_it_is(prose: str) -> None:
    assert unlinked(prose) == prose


@given(WORDS)
@example("a.http://b.example")
@example("1.2.3.4.5")
def test_nothing_is_left_that_programs_link(words: str) -> None:
    sent = unlinked(words)
    assert links_in(sent) == []
    assert unlinked(sent) == sent
