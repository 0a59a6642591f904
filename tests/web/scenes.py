"""Three women and what is between them, as most tests need it."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_introduction
from tests.web.fake_world import later

WHY = "Andrea opened a shared nursery in her office. We would like to do the same at the clinic and don't know where to begin."
STOCK = "I came across your profile and was impressed. I would love to connect and stay in touch with you!"
VAGUE = "There is something that I have wanted to talk to you about for quite some time now."
WORDS = "She opened a nursery in her office and knows which insurance it takes. Direct, and generous with her time."

CORRECTION = "I don't lead the nursery any more, since June. I still know whom to ask."


@dataclass
class Trio:
    """Lucía asks Marisol to introduce her to Andrea; Marisol knows both."""

    community: Community
    marisol: UUID
    lucia: UUID
    andrea: UUID
    voucher: Browser
    asker: Browser
    counterpart: Browser

    def introduction(self, **own: Any) -> dict[str, Any]:
        """An ask of Lucía's, as a row that `own` changes."""
        sides = [self.lucia, self.andrea]
        return new_introduction(self.community.world, self.marisol, sides, self.lucia, **{"why_her": WHY, **own})

    def vouched(self, **own: Any) -> dict[str, Any]:
        """Marisol stands behind it."""
        words = {self.lucia: "About Andrea: " + WORDS, self.andrea: "About Lucía: " + WORDS}
        return self.introduction(**{"vouched_at": later(-1), "words_for": words, **own})

    def confirmed(self, **own: Any) -> dict[str, Any]:
        """Both said yes."""
        return self.vouched(**{"confirmed_at": later(-0.5), **own})


def trio(community: Community, language: str = "en") -> Trio:
    """The three, signed in, reading Madrina in that language."""
    marisol, voucher = community.woman("Marisol Peña", language, "America/Mexico_City", headline="Open data")
    lucia, asker = community.woman("Lucía Ríos", language, headline="Family doctor")
    andrea, counterpart = community.woman("Andrea Mora", language, organisation="Cuidado Común", place="Guadalajara")
    community.world.connect(marisol, lucia)
    community.world.connect(marisol, andrea)
    return Trio(community, marisol, lucia, andrea, voucher, asker, counterpart)


def arcs(page: str) -> list[str]:
    """What the arcs of the page's bridges tell, from left to right."""
    return re.findall(r'<path class="(given|asked|none|half)', page)
