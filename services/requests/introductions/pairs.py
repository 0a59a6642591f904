"""What introductions lie between two members, as one who makes them may know, and whether another could be made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.requests import members
from services.requests.introductions import known, store
from services.requests.introductions.domain import asking
from services.requests.introductions.making import Propose, ToPropose, to_propose
from services.requests.introductions.records import IntroductionRecord
from shared.contracts.http.base import Refusal
from shared.contracts.http.requests.connections import IntroducedView
from shared.contracts.http.requests.introduction_problems import IntroducedThem
from shared.contracts.http.requests.introductions import ProposingView
from shared.postgres.database import Tx
from shared.postgres.together import LATER, together
from shared.problems import Problem


async def with_her(tx: Tx, reader: UUID, member_id: UUID, at: datetime) -> dict[str, Any]:
    """What a MemberView says of introductions of the reader and that member, who exists for her, to each other."""
    (her, found), present, reaching = await together(
        tx,
        known.asker(LATER, reader, member_id, at),
        members.present(LATER, (reader, member_id)),
        known.reaching(LATER, (reader, member_id), at),
    )
    made, obstacle = known.introduced(found, at), her.obstacle(at)
    there = [record.intro for record in found if record.exists_for(reader)]
    open_ = next((intro.id for intro in there if intro.state_for(reader, at) in ("asked", "vouched")), None)
    rest = her.last and her.last.state(at) == "closed" and asking.rests_until(her.last)
    again_at = obstacle and (obstacle.again_at or rest or None)
    return {
        "introduction_id": open_,
        "introduced": introduced_view(made) if made and made.exists_for(reader) else None,
        "can_ask": obstacle is None and members.take_part(present, reader, member_id) and reaching.may_ask_for(reader, member_id, at),
        "cannot_ask": Refusal(code=obstacle.code, again_at=again_at) if obstacle and again_at else None,
    }


async def with_each(tx: Tx, reader: UUID, others: Sequence[UUID], at: datetime) -> set[UUID]:
    """Those of the others with whom an introduction of hers is open for her, or can't be asked for again yet."""
    found = await store.between(tx, [(reader, other) for other in others], at)
    return {other for other in others if _open_or_at_rest([record for record in found if other in record.intro.side_ids], reader, at)}


def _open_or_at_rest(found: Sequence[IntroductionRecord], reader: UUID, at: datetime) -> bool:
    made, last = known.introduced(found, at), next((record.intro for record in found if record.intro.asker_id == reader), None)
    if asking.AskerRecord(last, made.intro if made else None).obstacle(at):
        return True
    return any(record.exists_for(reader) and record.intro.state_for(reader, at) in ("asked", "vouched") for record in found)


async def proposing(tx: Tx, voucher: UUID, pairs: Sequence[tuple[UUID, UUID]], at: datetime) -> dict[tuple[UUID, UUID], ProposingView]:
    """Whether she can propose each of these pairs, by the decision that her proposal would meet."""
    loaded = await to_propose(tx, voucher, pairs, at)
    return {pair: _proposing(voucher, pair, loaded[pair], at) for pair in pairs}


def _proposing(voucher: UUID, pair: tuple[UUID, UUID], loaded: ToPropose, at: datetime) -> ProposingView:
    _, her, made = loaded
    try:
        Propose(pair, dict.fromkeys(pair, "")).decide(loaded, voucher, at)
    except Problem as problem:
        hers = introduced_view(made) if made and problem.code == IntroducedThem.code else None
        return ProposingView(cannot_propose=Refusal(code=problem.code), introduced=hers)
    return ProposingView(cannot_propose=None, vouches_left=her.vouches_left, introduced=None)


def introduced_view(record: IntroductionRecord) -> IntroducedView:
    """Of an introduction that was confirmed, by whom and when."""
    intro = record.intro
    return IntroducedView(introduction_id=intro.id, voucher=record.cards[intro.voucher_id], at=intro.confirmed_at or intro.made_at)
