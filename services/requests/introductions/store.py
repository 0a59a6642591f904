"""The rows of introductions: the only SQL of `introductions`, `introduction_members` and `departed_cards`.

`due_at` and `ends_at` are stored beside an introduction: for the timers, and for what is counted while it looks open.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.requests import visibility
from services.requests.introductions.domain.asking import YEAR
from services.requests.introductions.domain.introduction import OPEN_DAYS, Introduction
from services.requests.introductions.records import COLUMNS, IntroductionRecord, from_row, record_of, to_row
from shared.paging import Paging
from shared.postgres.database import Tx

LOOKS_BACK = YEAR + 2 * timedelta(days=OPEN_DAYS + 1)
"""Made, vouched for at the last moment, confirmed at the last moment, and a year ago: nothing older matters to asking."""

_THREE = "array[i.voucher_id, i.a_id, i.b_id]"
# `people`: the three as far as their cards are known here, with those who left while it looks open to the others.
# `cannot_see_all`: once confirmed, those of the three for whom another doesn't exist, or who don't exist themselves any more.
_SELECT = f"""
select {COLUMNS},
  (select jsonb_agg(jsonb_build_array(m.member_id, coalesce(m.name, d.name), coalesce(m.headline, d.headline), m.suspended))
   from members as m left join departed_cards as d on d.member_id = m.member_id and i.confirmed_at is null
   where m.member_id = any({_THREE})) as people,
  case when i.confirmed_at is not null then array(
    select reader from unnest({_THREE}) as reader
    where exists (select from unnest({_THREE}) as member where not {visibility.visible("reader", "member")})
  ) else '{{}}'::uuid[] end as cannot_see_all
from introductions as i"""
_OF_MEMBER = f"{_SELECT} join introduction_members as h on h.introduction_id = i.id where h.member_id = $1"
_WITHDRAWN = " and i.voucher_id = $1 and i.shown_end_reason = 'vouch_withdrawn' and i.reason is not null"
_BARE_OF_MEMBER = (
    f"select {COLUMNS} from introductions as i join introduction_members as h on h.introduction_id = i.id where h.member_id = $1"
)

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


async def dealt_with(tx: Tx, member_id: UUID, since: datetime) -> set[UUID]:
    """Who knows of an introduction of hers that was open since then, or confirmed and not long settled.

    A counterpart who hasn't been vouched for doesn't. Whether somebody has said no makes no difference.
    """
    rows = await tx.fetch(
        "select voucher_id, asker_id, case when vouched_at is not null then a_id end as a,"
        " case when vouched_at is not null then b_id end as b, hidden_from"
        " from introduction_members as h join introductions as i on i.id = h.introduction_id where h.member_id = $1"
        " and (i.ends_at > $2 or (i.confirmed_at is not null and coalesce(i.settled_at, 'infinity') > $2))",
        member_id,
        since,
    )
    return {who for row in rows for who in list(row.values())[:4] if who and who not in row["hidden_from"]} - {member_id}


async def side_ids(tx: Tx, introduction_id: UUID) -> list[UUID]:
    """Its two sides; nobody if there is no such row."""
    row = await tx.fetchrow("select a_id, b_id from introductions where id = $1", introduction_id)
    return list(row) if row else []


async def of_member(
    tx: Tx, member_id: UUID, paging: Paging, *, since: datetime | None = None, withdrawn: bool = False
) -> list[IntroductionRecord]:
    """Hers, newest first; with `since` only those that are open, not settled yet, or confirmed since then; with `withdrawn` those from
    which she withdrew her vouch and said why.
    """
    rows = await tx.fetch(
        f"{_OF_MEMBER}{_WITHDRAWN if withdrawn else ''}"
        " and ($3::uuid is null or (i.made_at, i.id) < (select l.made_at, l.id from introductions as l"
        " join introduction_members as k on k.introduction_id = l.id where k.member_id = $1 and l.id = $3))"
        " and ($4::timestamptz is null or i.due_at is not null or i.confirmed_at > $4) order by i.made_at desc, i.id desc limit $2",
        member_id,
        paging.fetch,
        paging.after,
        since,
    )
    return [record_of(row) for row in rows]


async def all_of(tx: Tx, member_id: UUID) -> list[IntroductionRecord]:
    """All of hers, the oldest first, whether or not they exist for her."""
    return [record_of(row) for row in await tx.fetch(f"{_OF_MEMBER} order by i.made_at, i.id", member_id)]


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


async def between(tx: Tx, pairs: Sequence[tuple[UUID, UUID]], at: datetime) -> Sequence[IntroductionRecord]:
    """Introductions of these pairs to each other, newest first, as far back as they can matter to asking and proposing."""
    rows = await tx.fetch(
        f"{_SELECT} where (least(i.a_id, i.b_id), greatest(i.a_id, i.b_id)) in"
        " (select least(one, other), greatest(one, other) from unnest($1::uuid[], $2::uuid[]) as pair(one, other)) and i.made_at > $3"
        " order by i.made_at desc, i.id desc",
        [one for one, _ in pairs],
        [other for _, other in pairs],
        at - LOOKS_BACK,
    )
    return [record_of(row) for row in rows]


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


_WORDS = ("why_her", "reason", *(f"{side}_{words}" for side in "ab" for words in ("words", "correction", "thank_you", "report")))


async def forget_words(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Whatever was written in introductions of an erased member goes, once they look open to nobody: from then on they exist for nobody."""
    await tx.execute(
        f"update introductions as i set {', '.join(f'{name} = null' for name in _WORDS)} from introduction_members as h"
        " where h.introduction_id = i.id and h.member_id = $1"
        " and (i.confirmed_at is not null or i.ends_at <= $2::timestamptz - interval '1 hour')",
        member_id,
        at,
    )


async def drop_cards(tx: Tx, at: datetime) -> list[UUID]:
    """Forget the kept cards of those of whom nothing looks open any more; whose these were."""
    rows = await tx.fetch(
        f"delete from departed_cards as d where not {_STILL_SHOWN.format(member='d.member_id', at='$1')} returning member_id", at
    )
    return [row["member_id"] for row in rows]


async def firsts(tx: Tx, begins_at: datetime, ends_at: datetime) -> tuple[int, int]:
    """How many women were introduced for the first time in that time, and how many vouched for the first time."""
    [row] = await tx.fetch(
        "select count(*) filter (where introduced) as introductions, count(*) filter (where not introduced) as vouches from ("
        " select min(confirmed_at) as at, true as introduced from introductions, unnest(array[a_id, b_id]) as side_id group by side_id"
        " union all select min(vouched_at), false from introductions group by voucher_id) as firsts where at >= $1 and at < $2",
        begins_at,
        ends_at,
    )
    return row["introductions"], row["vouches"]
