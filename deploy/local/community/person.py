"""What one woman of the community is made of."""

from dataclasses import dataclass
from typing import Any, Literal

from deploy.local.community import said

FIRST_DAY = 60
"""Days ago that the story begins."""
EARLIER = 100
"""Days ago that whoever isn't new came: what a woman says of an introduction counts from her ninetieth day on."""


@dataclass(frozen=True)
class Person:
    """One woman of the community, by the short name that story.py calls her."""

    key: str
    name: str
    headline: str
    organisation: str
    place: str
    languages: tuple[str, ...]
    language: str
    time_zone: str
    joined: int = FIRST_DAY
    """Days ago."""
    visibility: Literal["members", "connections"] = "members"
    bar: Literal["anyone", "met", "introduced"] = "met"
    question: str = ""
    """Hers, which each requester answers."""
    sponsor: str = ""
    """By whose invitation she came, who makes another one then; empty if by nobody's."""

    @property
    def email(self) -> str:
        return f"{self.key}@madrina.test"

    def profile(self) -> dict[str, Any]:
        """Her profile as the members service takes it."""
        return {
            "name": self.name,
            "headline": self.headline,
            "organisation": self.organisation,
            "place": self.place,
            "languages": list(self.languages),
            "language": self.language,
            "time_zone": self.time_zone,
            "visibility": self.visibility,
            **said.of(self.key),
        }
