"""A public notice: a report without a member as its writer, with a receipt and an answer of its own. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.members.invitations.domain import token_of
from shared.contracts.events.base import NIL, Event
from shared.contracts.events.members import Language
from shared.contracts.events.members_private import NoticeAnswered
from shared.contracts.http.members.moderation import CaseNotOpen
from shared.problems import Field, Invalid
from shared.text import names_somebody

RECEIPT = "receipt"
"""What a token is of."""
_LINK = re.compile(r"/m/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)


@dataclass(frozen=True)
class PublicNotice:
    """`id` is the report's as well; `about_id`: the member whom its link names, None if there is none. `address`: until it is answered."""

    id: UUID
    about_id: UUID | None
    concerns: str
    language: Language
    given_at: datetime
    address: str | None = field(default=None, repr=False)
    reply: str | None = None
    answered_at: datetime | None = None

    @property
    def number(self) -> str:
        """How she and moderators call it."""
        return self.id.hex[-8:]

    def answer(self, reply: str, key: str, names: Sequence[str], at: datetime) -> tuple["PublicNotice", list[Event]]:
        """Once, and by letter if she left an address, which goes with it. `names`: of whom it is about. Raises CaseNotOpen, Invalid."""
        if self.answered_at:
            raise CaseNotOpen
        if names_somebody(reply, names, ""):
            raise Invalid(fields=[Field("reply", "names_a_member")])
        after = replace(self, reply=reply, answered_at=at)
        if not self.address:
            return after, []
        letter = NoticeAnswered(
            aggregate_id=self.id,
            aggregate_version=1,
            occurred_at=at,
            address=self.address,
            name="",
            language=self.language,
            number=self.number,
            token=token_of(key, self.id, RECEIPT),
        )
        return after, [letter]


def whom(concerns: str) -> UUID:
    """The member whose page the text links to; NIL, which is nobody's, if to none."""
    found = _LINK.search(concerns)
    return UUID(found[1]) if found else NIL
