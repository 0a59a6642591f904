"""The pictures in letters: drawn as the marks and bridges are meant, small, and telling no more than the words."""

import re
import struct
from dataclasses import dataclass
from io import BytesIO
from math import cos, hypot, pi, sin
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from services.notify import mime
from services.notify.letters import pictures
from services.notify.letters.introduction.letter import introduction
from services.notify.letters.introduction_vouched.letter import introduction_vouched
from services.notify.letters.pictures import PITCH, Bridge, Picture
from services.notify.members import Recipient
from shared import marks
from shared.contracts.events.members import Language
from tests.notify import world
from tests.notify.every_letter import every_letter
from tests.notify.test_letters import LANGUAGES
from tests.notify.world import ANA, INES, MARTA, SENDER

Colour = tuple[int, int, int, int]
"""Red, green, blue, alpha."""


@dataclass(frozen=True)
class Drawn:
    """A PNG's pixels, rows from the top."""

    rows: list[list[Colour]]

    def at(self, x: float, y: float) -> Colour:
        """The colour at a point, in units."""
        return self.rows[int(y * 2)][int(x * 2)]


def png_of(picture: Picture) -> bytes:
    [png] = world.read(mime.message([], "x", "x", "0f", [picture.part])).pictures.values()
    return png


def decoded(png: bytes) -> Drawn:
    """Its pixels, which are all that it tells: no text, no time, no program."""
    names, place = [], 8
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        names.append(png[place + 4 : place + 8])
        place += 12 + length
    assert [name for name in names if name != b"tRNS"] == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        pixels = image.convert("RGBA").tobytes()
        width = image.width
    colours: list[Colour] = list(struct.iter_unpack("4B", pixels))
    return Drawn([colours[start : start + width] for start in range(0, len(colours), width)])


def rgb(colour: str) -> Colour:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue, 255


def is_there(quarter: marks.Quarter, x: float, y: float) -> float | None:
    """How far the point is beyond the quarter circle, None if it lies on another side."""
    across, along = x - quarter.x, y - quarter.y
    inside = (across > 0) == quarter.right and (along > 0) == quarter.down and max(abs(across), abs(along)) < 24
    return hypot(across, along) - quarter.radius if inside else None


@settings(deadline=None, max_examples=40)
@given(st.uuids())
@example(UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2"))
def test_a_mark_is_drawn_as_its_rule_says(member_id: UUID) -> None:
    mark, png = marks.of(member_id), png_of(pictures.mark(member_id))
    drawn = decoded(png)
    glaze = marks.GLAZES[mark.glaze]
    assert (len(drawn.rows), len(drawn.rows[0])) == (96, 96)
    assert len(png) < 1.25 * 1024
    for row in range(96):
        for column in range(96):
            x, y = column / 2 + 0.25, row / 2 + 0.25
            off = [abs(beyond) for line in mark.lines if (beyond := is_there(line, x, y)) is not None]
            if abs(min(off) - marks.LINE / 2) < 0.5:
                continue  # at the edge of a line
            on_disc = any((beyond := is_there(disc, x, y)) is not None and beyond < 0 for disc in mark.discs)
            expected = glaze.line if min(off) < marks.LINE / 2 else glaze.disc if on_disc else glaze.ground
            assert drawn.at(x, y) == rgb(expected), (x, y)


def test_what_it_is_called_follows_from_the_picture_alone() -> None:
    other = UUID(int=uuid4().int & ~0xFFFFFFFF | ANA.profile.id.int & 0xFFFFFFFF)
    assert pictures.mark(other) == pictures.mark(ANA.profile.id)
    ids = [uuid4() for _ in range(200)]
    assert len({pictures.mark(id_).cid for id_ in ids}) == len({marks.of(id_) for id_ in ids})


MARIGOLD, CLEAR, TEAL, GOLD = (0xBF, 0x6F, 0, 255), (0xBF, 0x6F, 0, 0), rgb("#17434e"), rgb("#f4bf4f")
GIVEN, ASKED = "given", "asked"


@pytest.mark.parametrize(
    ("kind", "arcs", "third"),
    [
        ("asked", [GIVEN, ASKED], False),
        ("proposed", [ASKED, ASKED], False),
        ("closed", [GIVEN, GIVEN], True),
        ("request", [ASKED], False),
        ("connected", [GIVEN], False),
    ],
)
def test_a_bridge_tells_what_was_asked_and_what_was_given(kind: Bridge, arcs: list[str], third: bool) -> None:
    png = png_of(pictures.bridge(kind))
    drawn = decoded(png)
    line, ground = (TEAL, GOLD) if third else (MARIGOLD, CLEAR)
    width, height = len(arcs) * PITCH + 4, (PITCH if third else PITCH // 2) + 2
    assert (len(drawn.rows), len(drawn.rows[0])) == (height * 2, width * 2)
    for number, arc in enumerate(arcs):
        assert set(along(drawn, 2 + (number + 0.5) * PITCH, height, PITCH / 2)) == ({line} if arc == GIVEN else {line, ground})
    assert not third or set(along(drawn, width / 2, height, PITCH)) == {line}
    assert drawn.at(2 + PITCH / 2, height - 20) == ground
    assert len(png) < 3 * 1024


def along(drawn: Drawn, x: float, y: float, radius: float) -> list[Colour]:
    """The certain colours along the middle of a half circle."""
    turns = (pi * step / 400 for step in range(8, 393))
    return [colour for turn in turns if (colour := drawn.at(x + radius * cos(turn), y - radius * sin(turn)))[3] in (0, 255)]


def kinds_of(letter: world.Read) -> set[str]:
    return {cid.partition("-")[0] for cid in letter.pictures} - {"mark"}


@pytest.mark.parametrize(("language", "asks"), [("en", "asked"), ("es", "la p(ediste|idió)")])
@pytest.mark.parametrize(("asker", "kind"), [(ANA, "asked"), (INES, "asked"), (None, "proposed")])
def test_before_both_said_yes_no_arc_tells_who_did(asker: Recipient | None, kind: str, language: Language, asks: str) -> None:
    found = world.letters(introduction_vouched(world.vouched(asker=asker), world.speaking(language), SENDER))
    assert [kinds_of(letter) for letter in found.values()] == [{kind}, {kind}]
    for reader, letter in found.items():
        (called, does), *_ = re.findall(r'<strong class="called"[^>]*>([^<]*)</strong>([^<]*)', letter.html)
        # The arc that stands is the asker's, who is the first pier; in a proposal neither is.
        assert re.fullmatch(asks if asker else "decides?", does)
        assert not asker or (called in ("You", "Tú")) == (reader == asker.profile.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_closed_bridge_is_the_introductions_alone(language: Language) -> None:
    for name, letter in every_letter(language):
        assert ("closed" in kinds_of(letter)) == name.startswith("introduction,"), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_carries_the_marks_of_whom_it_names_and_an_ending_nobodys(language: Language) -> None:
    found = world.letters(introduction(world.confirmed(), world.speaking(language), SENDER))
    three = {str(pictures.mark(member.profile.id).cid) for member in (ANA, INES, MARTA)}
    assert all(three == {cid for cid in letter.pictures if cid.startswith("mark-")} for letter in found.values())
    for name, letter in every_letter(language):
        # A code and a restriction name nobody, nor does what concerns a woman who isn't a member yet; how something ended, or that
        # it still waits, looks the same whoever is still here.
        of_nobody = name.split(",")[0] in (
            *("code", "export_ready", "new_device", "requests_restricted", "moderation_noticed", "did_not_go_ahead", "introduction_waits"),
            *("leaving", "leaving_undone", "asleep", "erased", "sponsored", "notice_answered", "farewell", "invitation"),
            *("new_address", "address_change_asked", "address_changed"),
            *("join_requested", "join_waits", "join_answered", "join_recommended"),
        )
        assert (letter.pictures == {}) == of_nobody, name


def test_the_mark_of_a_voucher_who_has_left_is_gone_too() -> None:
    [letter, _] = world.letters(introduction(world.confirmed(), world.knowing(ANA, INES, erased=[MARTA]), SENDER)).values()
    assert pictures.mark(MARTA.profile.id).cid not in letter.pictures
    assert letter.html.count("Your madrina") == 3
    assert letter.html.count("cid:mark-") == 3  # of the two on the bridge, and beside the other's address
