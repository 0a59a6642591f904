"""The SQL of introductions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.requests import visibility
from services.requests.introductions.domain import Introduction
from services.requests.introductions.rows import from_row, to_row
from services.requests.introductions.shape import OPEN_DAYS
from services.requests.introductions.vouching import Closeness
from services.requests.members import Card
from shared.contracts.events.reputation import Band
from shared.contracts.events.requests import HowMet
from shared.postgres.database import Pool, Tx

LONGEST_LIST = 500

_THREE = "array[i.voucher_id, i.one_id, i.other_id]"
# `people`: the three as far as their cards are known here, with those who left while it looks open to the others.
# `strangers`: once confirmed, those of the three for whom another one doesn't exist, and who don't exist themselves any more.
_SELECT = f"""
select i.*,
  (select jsonb_agg(jsonb_build_array(m.member_id, coalesce(m.name, d.name), coalesce(m.headline, d.headline), m.suspended))
   from members as m left join departed_cards as d on d.member_id = m.member_id and i.confirmed_at is null
   where m.member_id = any({_THREE})) as people,
  case when i.confirmed_at is not null then array(
    select one from unnest({_THREE}) as one
    where exists (select from unnest({_THREE}) as two where not {visibility.visible("one", "two")})
  ) else '{{}}'::uuid[] end as strangers
from introductions as i"""

# An hour more than 14 days: ends fall on full hours. What was taken back counts too, as if she were still there.
_STILL_SHOWN = (
    "exists (select from introduction_members as h join introductions as i on i.id = h.introduction_id where h.member_id = {member}"
    f" and i.confirmed_at is null and coalesce(i.vouched_at, i.made_at) > {{at}}::timestamptz - interval '{OPEN_DAYS} days 1 hour')"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An introduction with what is known of its three members."""

    intro: Introduction
    cards: dict[UUID, Card]
    suspended: frozenset[UUID]
    strangers: frozenset[UUID]
    """Once it is confirmed: those for whom another of the three doesn't exist (any more)."""

    @property
    def unasked(self) -> frozenset[UUID]:
        """Whom no question may reach."""
        return self.suspended | self.strangers


@dataclass(frozen=True, slots=True)
class Tie:
    """How a voucher knows a connection of hers."""

    closeness: Closeness
    how_met: HowMet
    where_we_met: str


def _loaded(row: asyncpg.Record) -> Loaded:
    people = [(UUID(member_id), name, headline, suspended) for member_id, name, headline, suspended in row["people"] or ()]
    return Loaded(
        from_row(row),
        {one: Card.model_construct(id=one, name=name, headline=headline) for one, name, headline, _ in people if name is not None},
        frozenset(one for one, *_, suspended in people if suspended),
        frozenset(row["strangers"]),
    )


async def find(tx: Tx, introduction_id: UUID) -> Loaded | None:
    row = await tx.fetchrow(f"{_SELECT} where i.id = $1", introduction_id)
    return _loaded(row) if row else None


async def lock(tx: Tx, introduction_id: UUID) -> Loaded | None:
    """As `find`, with the introduction's row locked. Who is suspended may be seen as before the wait for the lock: `suspended`."""
    row = await tx.fetchrow(f"{_SELECT} where i.id = $1 for update of i", introduction_id)
    return _loaded(row) if row else None


async def suspended(tx: Tx, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those among `ids` who are suspended, as of this moment."""
    rows = await tx.fetch("select member_id from members where member_id = any($1::uuid[]) and suspended", list(ids))
    return frozenset(row["member_id"] for row in rows)


async def of_member(tx: Tx, member_id: UUID) -> list[Loaded]:
    """Hers, newest first."""
    rows = await tx.fetch(
        f"{_SELECT} join introduction_members as h on h.introduction_id = i.id where h.member_id = $1"
        f" order by i.made_at desc, i.id desc limit {LONGEST_LIST}",
        member_id,
    )
    return [_loaded(row) for row in rows]


async def unfinished_of_member(tx: Tx, member_id: UUID) -> list[Loaded]:
    """Hers that are open or not settled yet, newest first."""
    rows = await tx.fetch(
        f"{_SELECT} join introduction_members as h on h.introduction_id = i.id where h.member_id = $1 and i.due_at is not null"
        f" order by i.made_at desc, i.id desc limit {LONGEST_LIST}",
        member_id,
    )
    return [_loaded(row) for row in rows]


async def latest_ask(tx: Tx, asker_id: UUID, counterpart_id: UUID) -> Introduction | None:
    """Her last ask for the counterpart, through whomever; to ask anew, hold their pair first."""
    row = await tx.fetchrow(
        "select * from introductions where asker_id = $1 and other_id = $2 order by made_at desc, id desc limit 1", asker_id, counterpart_id
    )
    return from_row(row) if row else None


async def existing(tx: Tx, reader_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those among `ids` who exist for the reader."""
    rows = await tx.fetch(
        f"select one from unnest($2::uuid[]) as one where {visibility.visible('$1', 'one')}",
        reader_id,
        list(ids),
    )
    return {row["one"] for row in rows}


async def ties(tx: Tx, voucher_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Tie]:
    """How she knows those of `ids` she is connected with, whoever exists for whom; by her own word."""
    rows = await tx.fetch(
        "select other_id, closeness, how_met, where_we_met from connections where member_id = $1 and other_id = any($2::uuid[])",
        voucher_id,
        list(ids),
    )
    return {row["other_id"]: Tie(row["closeness"], row["how_met"], row["where_we_met"]) for row in rows}


async def lock_vouches(tx: Tx, voucher_id: UUID) -> None:
    """Let her vouches take turns until the transaction ends; to be held before any introduction's row."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"vouches/{voucher_id}")


async def open_vouches(tx: Tx, voucher_id: UUID, at: datetime) -> tuple[int, Band]:
    """How many of her vouches are neither confirmed nor shown closed at `at`, and her band."""
    row = await tx.fetchrow(
        "select (select count(*) from introductions where voucher_id = $1 and vouched_at is not null and confirmed_at is null"
        " and closed_at is null and due_at > $2) as held, (select band from members where member_id = $1) as band",
        voucher_id,
        at,
    )
    return (row["held"], row["band"] or "new") if row else (0, "new")


async def insert(tx: Tx, intro: Introduction) -> None:
    row = to_row(intro)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await tx.execute(
        f"with made as (insert into introductions ({', '.join(row)}) values ({places}) returning voucher_id, one_id, other_id, id)"
        " insert into introduction_members (member_id, introduction_id)"
        " select unnest(array[voucher_id, one_id, other_id]), id from made",
        *row.values(),
    )


async def save(tx: Tx, before: Introduction, after: Introduction) -> None:
    """Keep what changed of an introduction that this transaction has locked; nothing where nothing did."""
    old = to_row(before)
    changes: dict[str, Any] = {name: value for name, value in to_row(after).items() if value != old[name]}
    if changes:
        places = ", ".join(f"{name} = ${number}" for number, name in enumerate(changes, 2))
        await tx.execute(f"update introductions set {places} where id = $1", after.id, *changes.values())


async def lock_between(tx: Tx, one: UUID, other: UUID) -> list[Introduction]:
    """All that both take part in and that aren't confirmed, locked."""
    rows = await tx.fetch(
        "select i.* from introductions as i join introduction_members as h on h.introduction_id = i.id"
        " join introduction_members as g on g.introduction_id = i.id"
        " where h.member_id = $1 and g.member_id = $2 and i.confirmed_at is null order by i.id for update of i",
        one,
        other,
    )
    return [from_row(row) for row in rows]


async def lock_open_of(tx: Tx, member_id: UUID) -> list[Introduction]:
    """Hers that are neither confirmed nor announced as closed, locked."""
    rows = await tx.fetch(
        "select i.* from introductions as i join introduction_members as h on h.introduction_id = i.id"
        " where h.member_id = $1 and i.confirmed_at is null and i.closed_at is null order by i.id for update of i",
        member_id,
    )
    return [from_row(row) for row in rows]


async def lock_due(tx: Tx, at: datetime, limit: int) -> list[Loaded]:
    """At most `limit` that time alone changes by `at`, the earliest first, locked; those that others hold come later."""
    rows = await tx.fetch(f"{_SELECT} where i.due_at <= $1 order by i.due_at limit $2 for update of i skip locked", at, limit)
    return [_loaded(row) for row in rows]


async def keep_card(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Keep the card of a member who is leaving, as long as one of her introductions may look open to the others."""
    await tx.execute(
        "insert into departed_cards (member_id, name, headline)"
        " select m.member_id, m.name, coalesce(m.headline, '') from members as m where m.member_id = $1 and m.name is not null"
        f" and {_STILL_SHOWN.format(member='m.member_id', at='$2')} on conflict do nothing",
        member_id,
        at,
    )


async def drop_cards(tx: Tx | Pool, at: datetime) -> None:
    """Forget the kept cards of those of whom nothing looks open any more."""
    await tx.execute(f"delete from departed_cards as d where not {_STILL_SHOWN.format(member='d.member_id', at='$1')}", at)
