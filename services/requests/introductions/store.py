"""The rows of introductions: the only SQL of `introductions`, `introduction_members` and `departed_cards`.

`due_at` and `ends_at` are stored beside an introduction: for the timers, and for what is counted while it looks open.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.requests import members, visibility
from services.requests.introductions.domain.asking import YEAR, AskerRecord
from services.requests.introductions.domain.introduction import OPEN_DAYS, Introduction
from services.requests.introductions.domain.vouching import VoucherRecord
from services.requests.introductions.records import IntroductionRecord, from_row, record_of, to_row
from services.requests.needs import store as needs
from services.requests.people import store as people
from services.requests.reach import store as reach
from services.requests.reach.domain import WINDOW, Reaching
from shared.paging import Paging
from shared.postgres.database import Pool, Tx

LOOKS_BACK = YEAR + 2 * timedelta(days=OPEN_DAYS + 1)
"""Made, vouched for at the last moment, confirmed at the last moment, and a year ago: nothing older matters to asking."""

_THREE = "array[i.voucher_id, i.a_id, i.b_id]"
# `people`: the three as far as their cards are known here, with those who left while it looks open to the others.
# `cannot_see_all`: once confirmed, those of the three for whom another doesn't exist, or who don't exist themselves any more.
_SELECT = f"""
select i.*,
  (select jsonb_agg(jsonb_build_array(m.member_id, coalesce(m.name, d.name), coalesce(m.headline, d.headline), m.suspended))
   from members as m left join departed_cards as d on d.member_id = m.member_id and i.confirmed_at is null
   where m.member_id = any({_THREE})) as people,
  case when i.confirmed_at is not null then array(
    select reader from unnest({_THREE}) as reader
    where exists (select from unnest({_THREE}) as member where not {visibility.visible("reader", "member")})
  ) else '{{}}'::uuid[] end as cannot_see_all
from introductions as i"""
# Who asked for it, by name or by need.
_ASKED_BY = "coalesce(i.asker_id, case when i.need_id is not null then i.a_id end)"
_OF_MEMBER = f"{_SELECT} join introduction_members as h on h.introduction_id = i.id where h.member_id = $1"
_BARE_OF_MEMBER = "select i.* from introductions as i join introduction_members as h on h.introduction_id = i.id where h.member_id = $1"

# An hour longer, for whoever looks at its end just then. What was withdrawn counts too, as if she were still there.
_STILL_SHOWN = (
    "exists (select from introduction_members as h join introductions as i on i.id = h.introduction_id where h.member_id = {member}"
    " and i.confirmed_at is null and i.ends_at > {at}::timestamptz - interval '1 hour')"
)


async def find(tx: Tx, introduction_id: UUID) -> IntroductionRecord | None:
    """The introduction; None if there is no such row."""
    row = await tx.fetchrow(f"{_SELECT} where i.id = $1", introduction_id)
    return record_of(row) if row else None


async def lock(tx: Tx, introduction_id: UUID) -> IntroductionRecord | None:
    """As `find`, with the introduction's row locked. Who is suspended may be as before the wait for the lock."""
    row = await tx.fetchrow(f"{_SELECT} where i.id = $1 for update of i", introduction_id)
    return record_of(row) if row else None


async def side_ids(tx: Tx, introduction_id: UUID) -> list[UUID]:
    """Its two sides; nobody if there is no such row."""
    row = await tx.fetchrow("select a_id, b_id from introductions where id = $1", introduction_id)
    return list(row) if row else []


async def of_member(tx: Tx, member_id: UUID, paging: Paging, *, since: datetime | None = None) -> list[IntroductionRecord]:
    """Hers, newest first; with `since` only those that are open, not settled yet, or confirmed since then."""
    rows = await tx.fetch(
        f"{_OF_MEMBER} and ($3::uuid is null or (i.made_at, i.id) < (select l.made_at, l.id from introductions as l"
        " join introduction_members as k on k.introduction_id = l.id where k.member_id = $1 and l.id = $3))"
        " and ($4::timestamptz is null or i.due_at is not null or i.confirmed_at > $4) order by i.made_at desc, i.id desc limit $2",
        member_id,
        paging.fetch,
        paging.after,
        since,
    )
    return [record_of(row) for row in rows]


async def is_first(tx: Tx, reader: UUID, intro: Introduction) -> bool:
    """Whether it is the first that she, its voucher, ever vouched for, or that was confirmed for her, one of its sides.

    Those that don't exist for her any more count, so that it tells nothing of others.
    """
    vouches = reader == intro.voucher_id
    when, at = ("vouched_at", intro.vouched_at) if vouches else ("confirmed_at", intro.confirmed_at)
    if at is None:
        return False
    earlier = await tx.fetchval(
        "select exists (select from introductions as i join introduction_members as h on h.introduction_id = i.id"
        f" where h.member_id = $1 and (i.voucher_id = $1) = $2 and (i.{when}, i.id) < ($3, $4))",
        reader,
        vouches,
        at,
        intro.id,
    )
    return not earlier


async def between(tx: Tx, one: UUID, other: UUID, at: datetime) -> Sequence[IntroductionRecord]:
    """Introductions of these two to each other, newest first, as far back as they can matter to asking and proposing."""
    rows = await tx.fetch(
        f"{_SELECT} where least(i.a_id, i.b_id) = $1 and greatest(i.a_id, i.b_id) = $2 and i.made_at > $3"
        " order by i.made_at desc, i.id desc",
        *sorted((one, other)),
        at - LOOKS_BACK,
    )
    return [record_of(row) for row in rows]


async def between_each(tx: Tx, one: UUID, others: Sequence[UUID], at: datetime) -> Sequence[IntroductionRecord]:
    """As `between`, of the one and each of the others."""
    rows = await tx.fetch(
        f"{_SELECT} where (least(i.a_id, i.b_id), greatest(i.a_id, i.b_id)) in"
        " (select least($1, other), greatest($1, other) from unnest($2::uuid[]) as other) and i.made_at > $3"
        " order by i.made_at desc, i.id desc",
        one,
        others,
        at - LOOKS_BACK,
    )
    return [record_of(row) for row in rows]


async def asker(tx: Tx, asker_id: UUID, counterpart_id: UUID, at: datetime) -> tuple[AskerRecord, Sequence[IntroductionRecord]]:
    """What is known of her and the counterpart, and what lies between the two; to ask, hold their pair and `members.take_turns`."""
    found = await between(tx, asker_id, counterpart_id, at)
    made = introduced(found, at)
    last = next((record.intro for record in found if record.intro.asker_id == asker_id), None)
    knows_who = made is not None and made.exists_for(asker_id)
    return AskerRecord(last, made.intro if made else None, knows_who, *await open_asks(tx, asker_id, at)), found


async def open_asks(tx: Tx, asker_id: UUID, at: datetime) -> tuple[int, datetime | None]:
    """How many of her asks look open to her, those by need too, and the first end among them."""
    rows = await tx.fetch(
        "select ends_at from introductions where asker_id = $1 and confirmed_at is null"
        " and shown_end_at is null and ends_at > $2 and not $1 = any(hidden_from)",
        asker_id,
        at,
    )
    ends = [*(row["ends_at"] for row in rows), *await needs.open_of(tx, asker_id, at)]
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
    known = await people.sides_with(tx, voucher_id, about)
    band, holds = await members.band(tx, voucher_id), await open_vouches(tx, voucher_id, at)
    return VoucherRecord(known, holds, band, await reaching(tx, about, at))


async def reaching(tx: Tx, ids: Iterable[UUID], at: datetime) -> Reaching:
    """What decides whom of these an introduction may reach; to make one, `members.reach_one_by_one` first.

    Counted is whatever was made for her within 30 days: also what a block or a departure kept from her, for its maker must not learn of
    that by a limit that isn't reached.
    """
    wanted = list(ids)
    rows = await tx.fetch(
        "select m.id,"
        f" count(*) filter (where i.vouched_at > $2 and i.voucher_id <> m.id and m.id is distinct from {_ASKED_BY}) as introductions,"
        " count(*) filter (where i.made_at > $2 and i.voucher_id = m.id and i.asker_id is not null) as asks"
        " from unnest($1::uuid[]) as m(id) join introduction_members as h on h.member_id = m.id"
        " join introductions as i on i.id = h.introduction_id group by m.id",
        wanted,
        at - WINDOW,
    )
    by_need = await needs.reached(tx, wanted, at - WINDOW)
    introductions, by_name = ({row["id"]: row[kind] for row in rows} for kind in ("introductions", "asks"))
    asks = {id_: by_name.get(id_, 0) + by_need.get(id_, 0) for id_ in wanted}
    return Reaching(await reach.of(tx, wanted), await reach.apart(tx, wanted), introductions, asks)


async def answers(tx: Tx, member_id: UUID, since: datetime) -> list[tuple[datetime, bool]]:
    """When each ask for her vouch and each introduction of hers was answered or ended by itself, and whether she had answered; from
    `since` on, some before. What she asked for herself isn't among them, nor what was withdrawn before she had answered.
    """
    rows = await tx.fetch(
        "select said_at, ends_at from (select i.*, case $1::uuid when i.a_id then i.a_said_at when i.b_id then i.b_said_at"
        " else coalesce(i.vouched_at, i.declined_at) end as said_at"
        " from introductions as i join introduction_members as h on h.introduction_id = i.id"
        f" where h.member_id = $1 and i.ends_at > $2 and $1 is distinct from {_ASKED_BY} and not $1 = any(i.hidden_from)"
        " and case when i.voucher_id = $1 then i.asker_id is not null else i.vouched_at is not null end) as hers"
        " where said_at is not null or shown_end_reason is null or shown_end_reason not in ('withdrawn', 'vouch_withdrawn')",
        member_id,
        since,
    )
    return [(row["said_at"] or row["ends_at"], row["said_at"] is not None) for row in rows]


async def insert(tx: Tx, intro: Introduction) -> None:
    """Keep a new introduction."""
    row = to_row(intro)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await tx.execute(
        f"with made as (insert into introductions ({', '.join(row)}) values ({places}) returning voucher_id, a_id, b_id, id)"
        " insert into introduction_members (member_id, introduction_id)"
        " select unnest(array[voucher_id, a_id, b_id]), id from made",
        *row.values(),
    )


async def save(tx: Tx, before: Introduction, after: Introduction) -> None:
    """Keep what changed of an introduction that this transaction has locked; nothing if nothing did."""
    old = to_row(before)
    changes: dict[str, Any] = {name: value for name, value in to_row(after).items() if value != old[name]}
    if changes:
        places = ", ".join(f"{name} = ${number}" for number, name in enumerate(changes, 2))
        await tx.execute(f"update introductions set {places} where id = $1", after.id, *changes.values())


async def lock_between(tx: Tx, member_id: UUID, other_id: UUID) -> list[Introduction]:
    """All that both take part in and that aren't confirmed, locked."""
    with_both = " and exists (select from introduction_members as g where g.introduction_id = i.id and g.member_id = $2)"
    rows = await tx.fetch(f"{_BARE_OF_MEMBER}{with_both} and i.confirmed_at is null order by i.id for update of i", member_id, other_id)
    return [from_row(row) for row in rows]


async def lock_open_of(tx: Tx, member_id: UUID) -> list[Introduction]:
    """Hers that are neither confirmed nor announced as closed, locked."""
    rows = await tx.fetch(
        f"{_BARE_OF_MEMBER} and i.confirmed_at is null and i.shown_end_at is null order by i.id for update of i", member_id
    )
    return [from_row(row) for row in rows]


async def lock_due(tx: Tx, at: datetime, limit: int, skip: int) -> Sequence[IntroductionRecord]:
    """At most `limit` that time alone changes by `at`, the earliest first, locked, without the first `skip` of them.

    Those that others hold come later.
    """
    which = "where i.due_at <= $1 order by i.due_at, i.id limit $2 offset $3 for update of i skip locked"
    rows = await tx.fetch(f"{_SELECT} {which}", at, limit, skip)
    return [record_of(row) for row in rows]


async def forget_keeps(tx: Tx, member_id: UUID, other_id: UUID | None = None) -> None:
    """What she and the other (or everyone, if she has left) said of keeping each other is over with what was between them."""
    await tx.execute(
        "update introductions set a_keeps = null, b_keeps = null where id = any(select introduction_id from introduction_members"
        " where member_id = $1) and $1 in (a_id, b_id) and ($2::uuid is null or $2 in (a_id, b_id)) "
        " and coalesce(a_keeps, b_keeps) is not null",
        member_id,
        other_id,
    )


async def vouchers(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Who vouched for each of these introductions, by its id."""
    rows = await tx.fetch("select id, voucher_id from introductions where id = any($1::uuid[])", list(ids))
    return {row["id"]: row["voucher_id"] for row in rows}


async def keep_card(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Keep the card of a member who is leaving, as long as one of her introductions may look open to the others."""
    await tx.execute(
        "insert into departed_cards (member_id, name, headline)"
        " select m.member_id, m.name, coalesce(m.headline, '') from members as m where m.member_id = $1 and m.name is not null"
        f" and {_STILL_SHOWN.format(member='m.member_id', at='$2')} on conflict do nothing",
        member_id,
        at,
    )


async def drop_cards(pool: Pool, at: datetime) -> None:
    """Forget the kept cards of those of whom nothing looks open any more."""
    await pool.execute(f"delete from departed_cards as d where not {_STILL_SHOWN.format(member='d.member_id', at='$1')}", at)
