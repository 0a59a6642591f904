"""A picture as it is kept: a small square, upright, with nothing in it but what is seen."""

import io

from PIL import Image, ImageOps

from shared.contracts.http.members.photos import NotAPhoto

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_MEMORY = 80_000_000
"""Bytes that decoding one may take, or nearly: a small file can unfold into any number of pixels, and a pod has 256 MiB."""
A_PIXEL = {"JPEG": 1.5, "progressive": 6.5, "PNG": 8, "WEBP": 16}
"""Bytes of it; a JPEG is decoded at an eighth of its size, unless it was written to appear by and by."""
LEAST_SIDE = 64
SIDE = 320
"""Pixels; the largest mark is 72 wide, on screens with up to four pixels for one."""
_PAPER = (255, 253, 248)
_ORIENTATION = 0x0112
_FIT = ("RGB", "RGBA", "L", "LA")
"""What can be made smaller as it is."""


def kept(sent: bytes) -> bytes:
    """The WebP that is kept of what was sent: decoded, cut to a square and encoded anew, so that nothing else of it is left.

    Raises NotAPhoto. Its size is known before any of it is decoded.
    """
    try:
        with Image.open(io.BytesIO(sent), formats=FORMATS) as opened:
            a_pixel = A_PIXEL["progressive" if "progressive" in opened.info else str(opened.format)]
            if (
                opened.width * opened.height * a_pixel > MOST_MEMORY
                or min(opened.size) < LEAST_SIDE
                or getattr(opened, "is_animated", False)
            ):
                raise NotAPhoto
            turned = opened.getexif().get(_ORIENTATION, 1)
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            square = ImageOps.fit(opened if opened.mode in _FIT else opened.convert("RGBA"), (SIDE, SIDE)).convert("RGBA")
        square.getexif()[_ORIENTATION] = turned
        square = ImageOps.exif_transpose(square)
        # A new picture: no metadata, profile or comment comes along.
        plain, written = Image.new("RGB", square.size, _PAPER), io.BytesIO()
        plain.paste(square, mask=square)
        plain.save(written, "WEBP", quality=82)
    except Exception as error:
        # Whatever a decoder stumbles over says the same to whoever sent it.
        raise NotAPhoto from error
    return written.getvalue()
