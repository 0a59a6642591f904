"""What of introductions is hers, for her export."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.requests.introductions import store
from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.domain.vouching import VoucherRecord
from services.requests.introductions.records import IntroductionRecord
from services.requests.introductions.views import view
from shared import clock
from shared.messaging.feature import Sections
from shared.postgres.database import Tx

_OF_VIEW = {
    *("my_role", "origin", "state", "why_her", "show_why_her", "asked_at", "vouched_at", "expires_at", "confirmed_at", "closed_at"),
    *("my_answer", "kind_answer", "my_reason", "my_outcome", "went_well", "in_touch", "kept"),
}


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Hers as her pages show them, with what she alone said; none that doesn't exist for her."""
    at = clock.now()
    # With an erased woman words go: if they stayed where one is blocked, that would tell the two apart.
    found = [record for record in await store.all_of(tx, member_id) if record.exists_for(member_id)]
    return {"introductions": [_one(record, member_id, at) for record in found]}


def _one(record: IntroductionRecord, me: UUID, at: datetime) -> dict[str, Any]:
    seen = view(record, me, at, VoucherRecord())
    names = {card.id: card.name for card in (seen.voucher, *seen.sides)}
    return {
        "voucher": seen.voucher.name,
        "sides": [side.name for side in seen.sides],
        **seen.model_dump(include=_OF_VIEW, exclude_none=True),
        **({"writes_first": names[seen.writes_first]} if seen.writes_first else {}),
        "words": [{"for": names[side], "words": words} for side, words in seen.words_for.items()],
        "corrections": [{"from": one.from_.name, "words": one.text} for one in seen.corrections],
        "thank_yous": [{"from": one.from_.name, "words": one.text} for one in seen.thank_yous],
        **_written(record.intro, me),
    }


def _written(intro: Introduction, me: UUID) -> dict[str, Any]:
    """What she wrote or chose herself."""
    if me == intro.voucher_id:
        words = [side.words for side in intro.sides if side.words]
        spoke = [side.last_spoke for side in intro.sides if side.last_spoke]
        return {name: said for name, said in (("my_words", words), ("last_spoke", spoke)) if said}
    mine = intro.side(me)
    said = {
        "my_words": [intro.why_her] if intro.asker_id == me and intro.why_her else None,
        "my_correction": mine.correction and mine.correction.text,
        "my_thank_you": mine.outcome and mine.outcome.thank_you,
        "my_report": mine.outcome and mine.outcome.report,
    }
    return {name: words for name, words in said.items() if words}
