"""A photo in place of the mark of each woman who shows one to the reader.

Templates name her alone. Whose photo may be seen is asked when the page is written and all of them are known, in one call and by
the one rule of members: no other service has to hear of photos, and one that is taken back is on no page any more. Without an
answer marks remain.
"""

import re
import secrets
from collections.abc import Mapping
from uuid import UUID

from markupsafe import Markup

from services.web.drawing import mark

_SIGN = secrets.token_hex(8)
"""What nobody can write into a text of her own."""
_FACE = re.compile(f"\0{_SIGN}([0-9a-f-]{{36}})([^\0]*)\0")


def face(member_id: UUID, alt: str = "") -> Markup:
    """Where her face stands. Her name stands beside it, so nothing of it is read out but an `alt` that says more."""
    return Markup("\0{}{}{}\0").format(_SIGN, member_id, alt)


def whose(page: str) -> set[UUID]:
    """Of whom this page has a face."""
    return {UUID(found[1]) for found in _FACE.finditer(page)}


def shown(page: str, photos: Mapping[UUID, str]) -> str:
    """The page with these photos, by their tags, and marks for the others."""

    def drawn(found: re.Match[str]) -> str:
        member_id = UUID(found[1])
        tag, alt = photos.get(member_id), found[2]
        if not tag:
            return mark(member_id)
        return f'<img class="mark" src="/m/{member_id}/photo?v={tag}" alt="{alt}" width="72" height="72" loading="lazy" decoding="async">'

    return _FACE.sub(drawn, page)
