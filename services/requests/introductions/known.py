"""What is known of an asker, of a voucher, and of whom an introduction may reach: what the rules of making one decide on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.requests import members
from services.requests.introductions import store
from services.requests.introductions.domain.asking import YEAR, AskerRecord
from services.requests.introductions.domain.vouching import VoucherRecord
from services.requests.introductions.records import IntroductionRecord
from services.requests.needs import store as needs
from services.requests.people import store as people
from services.requests.reach import store as reach
from services.requests.reach.domain import WINDOW, Reaching
from shared.postgres.database import Tx
from shared.postgres.together import LATER, together

# Who asked for it, by name or by need.
_ASKED_BY = "coalesce(i.asker_id, case when i.need_id is not null then i.a_id end)"


async def asker(tx: Tx, asker_id: UUID, counterpart_id: UUID, at: datetime) -> tuple[AskerRecord, Sequence[IntroductionRecord]]:
    """What is known of her and the counterpart, and what lies between the two; to ask, hold their pair and `members.take_turns`."""
    found, open_ = await together(tx, store.between(LATER, [(asker_id, counterpart_id)], at), open_asks(LATER, asker_id, at))
    made = introduced(found, at)
    last = next((record.intro for record in found if record.intro.asker_id == asker_id), None)
    knows_who = made is not None and made.exists_for(asker_id)
    return AskerRecord(last, made.intro if made else None, knows_who, *open_), found


async def open_asks(tx: Tx, asker_id: UUID, at: datetime) -> tuple[int, datetime | None]:
    """How many of her asks look open to her, those by need too, and the first end among them."""
    by_name = LATER.fetch(
        "select ends_at from introductions where asker_id = $1 and confirmed_at is null"
        " and shown_end_at is null and ends_at > $2 and not $1 = any(hidden_from)",
        asker_id,
        at,
    )
    rows, by_need = await together(tx, by_name, needs.open_of(LATER, asker_id, at))
    ends = [*(row["ends_at"] for row in rows), *by_need]
    return len(ends), min(ends, default=None)


def introduced(found: Sequence[IntroductionRecord], at: datetime) -> IntroductionRecord | None:
    """The one by which the two were introduced within the past year; the latest, if there are several."""
    made = [record for record in found if record.intro.confirmed_at and at < record.intro.confirmed_at + YEAR]
    return max(made, key=lambda record: record.intro.confirmed_at or at, default=None)


async def open_vouches(tx: Tx, voucher_id: UUID, at: datetime) -> int:
    """How many of her vouches are neither confirmed nor shown closed at `at`."""
    count: int = await tx.fetchval(
        "select count(*) from introductions where voucher_id = $1 and vouched_at is not null and confirmed_at is null"
        " and shown_end_at is null and ends_at > $2",
        voucher_id,
        at,
    )
    return count


async def voucher(tx: Tx, voucher_id: UUID, about: Sequence[UUID], at: datetime) -> VoucherRecord:
    """What is known of her and these members; to vouch, `members.take_turns` first."""
    return VoucherRecord(
        *await together(
            tx,
            people.sides_with(LATER, voucher_id, about),
            open_vouches(LATER, voucher_id, at),
            members.band(LATER, voucher_id),
            reaching(LATER, about, at),
        )
    )


async def reaching(tx: Tx, ids: Iterable[UUID], at: datetime) -> Reaching:
    """What decides whom of these an introduction may reach; to make one, `members.reach_one_by_one` first.

    Counted is whatever was made for her within 30 days: also what a block or a departure kept from her, for its maker must not learn of
    that by a limit that isn't reached.
    """
    wanted = list(ids)
    counted = LATER.fetch(
        "select m.id,"
        f" count(*) filter (where i.vouched_at > $2 and i.voucher_id <> m.id and m.id is distinct from {_ASKED_BY}) as introductions,"
        " count(*) filter (where i.made_at > $2 and i.voucher_id = m.id and i.asker_id is not null) as asks"
        " from unnest($1::uuid[]) as m(id) join introduction_members as h on h.member_id = m.id"
        " join introductions as i on i.id = h.introduction_id group by m.id",
        wanted,
        at - WINDOW,
    )
    rows, by_need, allowed, apart = await together(
        tx, counted, needs.reached(LATER, wanted, at - WINDOW), reach.of(LATER, wanted), reach.apart(LATER, wanted)
    )
    introductions, by_name = ({row["id"]: row[kind] for row in rows} for kind in ("introductions", "asks"))
    asks = {id_: by_name.get(id_, 0) + by_need.get(id_, 0) for id_ in wanted}
    return Reaching(allowed, apart, introductions, asks)


async def answers(tx: Tx, member_id: UUID, since: datetime) -> list[tuple[datetime, bool]]:
    """When each ask for her vouch and each introduction of hers was answered or ended by itself, and whether she had answered; from
    `since` on, some before. What she asked for herself isn't among them, nor what was withdrawn before she had answered.
    """
    rows = await tx.fetch(
        "select said_at, ends_at from (select i.ends_at, i.shown_end_reason,"
        " case $1::uuid when i.a_id then i.a_said_at when i.b_id then i.b_said_at else coalesce(i.vouched_at, i.declined_at) end as said_at"
        " from introductions as i join introduction_members as h on h.introduction_id = i.id"
        f" where h.member_id = $1 and i.ends_at > $2 and $1 is distinct from {_ASKED_BY} and not $1 = any(i.hidden_from)"
        " and case when i.voucher_id = $1 then i.asker_id is not null else i.vouched_at is not null end) as hers"
        " where said_at is not null or shown_end_reason is null or shown_end_reason not in ('withdrawn', 'vouch_withdrawn')",
        member_id,
        since,
    )
    return [(row["said_at"] or row["ends_at"], row["said_at"] is not None) for row in rows]
