"""The rows of the ledger. They are added once, and deleted only when the member they are about is erased."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from services.reputation.ledger.domain import Rating, Vouch
from shared.contracts.events.requests import IntroductionConfirmed, OutcomesRevealed
from shared.paging import Paging
from shared.postgres.database import Tx

_RATING = ", ".join(field.name for field in fields(Rating))


async def add_vouches(tx: Tx, events: Sequence[IntroductionConfirmed | OutcomesRevealed]) -> None:
    """Add the vouches that these events carry, unless they are here already or the voucher is erased."""
    # The lock lets this and an erasure of the voucher take turns.
    await tx.execute(
        """
        with vouchers as (select member_id, erased from members where member_id = any($1::uuid[]) for share)
        insert into vouches (member_id, introduction_id, side_ids, confirmed_at)
        select member_id, introduction_id, array[a, b], confirmed_at
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
            as given (member_id, introduction_id, a, b, confirmed_at)
        where not exists (select from vouchers where vouchers.member_id = given.member_id and erased)
        on conflict do nothing
        """,
        [event.voucher_id for event in events],
        [event.introduction_id for event in events],
        [event.side_ids[0] for event in events],
        [event.side_ids[1] for event in events],
        [event.confirmed_at for event in events],
    )


async def add_ratings(tx: Tx, ratings: Sequence[Rating]) -> None:
    """Add these ratings, unless they are here already or the rated member is erased. Her score must be locked."""
    await tx.execute(
        f"""
        insert into ratings ({_RATING})
        select given.* from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
            as given ({_RATING})
        where not exists (select from members where members.member_id = given.member_id and erased)
        on conflict do nothing
        """,
        *(list(column) for column in zip(*(vars(rating).values() for rating in ratings), strict=True)),
    )


async def ratings_among(tx: Tx, ids: Collection[UUID]) -> list[Rating]:
    """All ratings of these members by each other, and the others of the vouchers among them in the same introductions."""
    rows = await tx.fetch(
        f"""
        with among as (select {_RATING} from ratings where member_id = any($1::uuid[]) and rater_id = any($1::uuid[]))
        select {_RATING} from among
        union
        select {_RATING} from ratings
        where (member_id, introduction_id) in (select member_id, introduction_id from among where role = 'voucher')
        """,
        list(ids),
    )
    return [Rating(**row) for row in rows]


async def ratings_of_voucher(tx: Tx, member_id: UUID, introduction_ids: Collection[UUID]) -> list[Rating]:
    """How a member was rated as the voucher of these introductions."""
    rows = await tx.fetch(
        f"select {_RATING} from ratings where member_id = $1 and introduction_id = any($2::uuid[]) and role = 'voucher'",
        member_id,
        list(introduction_ids),
    )
    return [Rating(**row) for row in rows]


async def all_ratings(tx: Tx) -> list[Rating]:
    """Every rating there is."""
    return [Rating(**row) for row in await tx.fetch(f"select {_RATING} from ratings")]


async def vouches_of(tx: Tx, member_id: UUID, paging: Paging) -> list[Vouch]:
    """A page of a member's vouches, newest first."""
    rows = await tx.fetch(
        """
        select introduction_id, side_ids, confirmed_at from vouches
        where member_id = $1 and ($2::uuid is null or (confirmed_at, introduction_id) <
            (select confirmed_at, introduction_id from vouches where member_id = $1 and introduction_id = $2))
        order by confirmed_at desc, introduction_id desc limit $3
        """,
        member_id,
        paging.after,
        paging.fetch,
    )
    return [Vouch(row["introduction_id"], tuple(row["side_ids"]), row["confirmed_at"]) for row in rows]


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Delete an erased member's vouches and ratings; how she rated others stays, under her bare id."""
    await tx.execute("delete from vouches where member_id = $1", member_id)
    await tx.execute("delete from ratings where member_id = $1", member_id)
