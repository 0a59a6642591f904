"""The rows of the ledger. They are added once, and changed only when a member is erased."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from services.reputation.ledger import exclusions
from services.reputation.ledger.domain import Rating, Vouch
from services.reputation.ledger.exclusions import excluded
from services.reputation.trust import Evidence
from services.reputation.trust.evidence import Cell
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


async def add_ratings(tx: Tx, ratings: Sequence[Rating]) -> list[Rating]:
    """Add these ratings, unless they are here already or the rated member is erased, and give those that are new.

    A rater who is erased has her pseudonym. The scores of all of them must be locked.
    """
    rows = await tx.fetch(
        f"""
        insert into ratings ({_RATING}, counted, live, excluding)
        select given.member_id, introduction_id, case when erased.member_id is null then rater_id else pseudonym(rater_id) end,
            event_id, role, value, revealed_at, weight, true, true, true
        from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::smallint[])
            as given ({_RATING})
        left join members erased on erased.member_id = rater_id and erased.erased
        where not exists (select from members where members.member_id = given.member_id and members.erased)
        on conflict do nothing returning {_RATING}
        """,
        *(list(column) for column in zip(*(vars(rating).values() for rating in ratings), strict=True)),
    )
    return [Rating(**row) for row in rows]


async def who_answers(tx: Tx, member_ids: Collection[UUID]) -> list[Rating]:
    """What was reported of these members and upheld, and who vouched for them or was released; not what is excluded."""
    rows = await tx.fetch(
        f"select {_RATING} from ratings where member_id = any($1::uuid[]) and role in ('report', 'vouch') and not {excluded()}",
        list(member_ids),
    )
    return [Rating(**row) for row in rows]


async def who_answered(tx: Tx, voucher_ids: Collection[UUID], at: datetime) -> list[Rating]:
    """The same as it was at that moment, of all reported members for whom one of these had vouched."""
    rows = await tx.fetch(
        f"""
        select {_RATING} from ratings where role in ('report', 'vouch') and revealed_at <= $2 and not {excluded("$2")}
            and member_id = any(array(select member_id from ratings vouch where rater_id = any($1::uuid[]) and role = 'vouch' and exists
                (select from ratings report where report.member_id = vouch.member_id and report.role = 'report')))
        """,
        list(voucher_ids),
        at,
    )
    return [Rating(**row) for row in rows]


async def ratings_of_voucher(tx: Tx, member_id: UUID, introduction_ids: Collection[UUID], at: datetime | None) -> list[Rating]:
    """How a member was rated as the voucher of these introductions, but for what was excluded by then; None: nothing was."""
    rows = await tx.fetch(
        f"select {_RATING} from ratings where member_id = $1 and introduction_id = any($2::uuid[]) and role = 'voucher'"
        f" and not {excluded('$3')}",
        member_id,
        list(introduction_ids),
        at,
    )
    return [Rating(**row) for row in rows]


async def ratings_about(tx: Tx, member_ids: Collection[UUID], at: datetime) -> dict[UUID, list[Rating]]:
    """What by that moment was said of each of these members as a voucher, reported of her, and who vouched for her; excluded or not."""
    rows = await tx.fetch(
        f"select {_RATING} from ratings where member_id = any($1::uuid[]) and role <> 'side' and revealed_at <= $2", list(member_ids), at
    )
    found = defaultdict[UUID, list[Rating]](list)
    for row in rows:
        found[row["member_id"]].append(Rating(**row))
    return found


async def praised_by(tx: Tx, member_ids: Collection[UUID], at: datetime) -> dict[UUID, frozenset[UUID]]:
    """By each of these members, the vouchers about whom her last word by that moment is good; what was excluded by then isn't."""
    rows = await tx.fetch(
        f"""
        select rater_id, array_agg(member_id) as vouchers from (
            select distinct on (member_id, rater_id) rater_id, member_id, value from ratings
            where rater_id = any($1::uuid[]) and role = 'voucher' and revealed_at <= $2 and not {excluded("$2")}
            order by member_id, rater_id, revealed_at desc, event_id desc, value, weight desc
        ) as last where value = 'good' group by rater_id
        """,
        list(member_ids),
        at,
    )
    return {row["rater_id"]: frozenset(row["vouchers"]) for row in rows}


_PRAISE = "value = 'good' and role in ('voucher', 'side')"


async def praise(tx: Tx) -> dict[UUID, Sequence[UUID]]:
    """By whom each member was ever praised, as a voucher or as a side; who is erased by her pseudonym. In lists: there is much of it."""
    rows = await tx.fetch(
        f"select member_id, array_agg(rater_id) as raters from ratings where {_PRAISE} and not {excluded()} group by member_id"
    )
    return {row["member_id"]: row["raters"] for row in rows}


async def praise_within(tx: Tx, groups: Sequence[Collection[UUID]]) -> list[tuple[int, datetime]]:
    """By how many introductions the members of each of these groups were praised, and since when."""
    members = [(number, member_id) for number, group in enumerate(groups) for member_id in group]
    rows = await tx.fetch(
        "select number, count(distinct introduction_id) as introductions, min(revealed_at) as since"
        " from unnest($1::integer[], $2::uuid[]) as given (number, member_id) join ratings using (member_id)"
        f" where {_PRAISE} and not {excluded()} group by number order by number",
        [number for number, _ in members],
        [member_id for _, member_id in members],
    )
    return [(row["introductions"], row["since"]) for row in rows]


async def introduced_with(tx: Tx, member_id: UUID) -> set[UUID]:
    """Who was in an introduction with her that both sides confirmed, as a side or as its voucher."""
    rows = await tx.fetch("select member_id, side_ids from vouches where member_id = $1 or side_ids @> array[$1::uuid]", member_id)
    return {other for row in rows for other in (row["member_id"], *row["side_ids"])}


async def last_in(tx: Tx, cells: Collection[Cell]) -> list[tuple[Cell, Evidence]]:
    """The last word in each of these cells that has one which isn't excluded."""
    rows = await tx.fetch(
        f"select distinct on (member_id, rater_id, role) {_RATING} from ratings"
        " join unnest($1::uuid[], $2::uuid[], $3::text[]) as cells (member_id, rater_id, role) using (member_id, rater_id, role)"
        f" where not {excluded()} order by member_id, rater_id, role, revealed_at desc, event_id desc, value, weight desc",
        [cell.about for cell in cells],
        [cell.rater for cell in cells],
        [cell.kind for cell in cells],
    )
    return [(word.cell, word) for word in (Rating(**row).evidence for row in rows)]


async def heard(tx: Tx, member_id: UUID) -> dict[int, Rating]:
    """Every rating that may move her score, by its place in the ledger: of her, and the reports of women for whom she had vouched."""
    rows = await tx.fetch(
        f"""
        select position, {_RATING} from ratings where member_id = $1 and role <> 'side'
        union select position, {_RATING} from ratings where rater_id = $1 and role = 'vouch'
        union select position, {_RATING} from ratings where role = 'report'
            and member_id = any(array(select member_id from ratings where rater_id = $1 and role = 'vouch'))
        order by revealed_at desc, position
        """,
        member_id,
    )
    return {row["position"]: Rating(*list(row.values())[1:]) for row in rows}


async def answers_of(tx: Tx, ratings: Collection[Rating]) -> list[Rating]:
    """What the sides who said these ratings said of the other side in the same answer."""
    rows = await tx.fetch(
        f"select {_RATING} from ratings join unnest($1::uuid[], $2::uuid[]) as said (rater_id, event_id) using (rater_id, event_id)"
        " where role = 'side'",
        *([getattr(one, name) for one in ratings if one.role == "voucher"] for name in ("rater_id", "event_id")),
    )
    return [Rating(**row) for row in rows]


async def sides_of(tx: Tx, member_ids: Collection[UUID]) -> dict[UUID, dict[UUID, tuple[UUID, UUID]]]:
    """The two sides, by introduction, of what each of these members vouched for; who is erased by her pseudonym."""
    rows = await tx.fetch(
        """
        select vouches.member_id, introduction_id, case when one.erased then pseudonym(side_ids[1]) else side_ids[1] end as one,
            case when other.erased then pseudonym(side_ids[2]) else side_ids[2] end as other
        from vouches left join members one on one.member_id = side_ids[1] left join members other on other.member_id = side_ids[2]
        where vouches.member_id = any($1::uuid[])
        """,
        list(member_ids),
    )
    found = defaultdict[UUID, dict[UUID, tuple[UUID, UUID]]](dict)
    for row in rows:
        found[row["member_id"]][row["introduction_id"]] = (row["one"], row["other"])
    return found


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


async def forget_erased(tx: Tx) -> None:
    """Give those their pseudonym who were erased by code that knew of none."""
    await tx.execute("update ratings set rater_id = pseudonym(rater_id) where rater_id in (select member_id from members where erased)")


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Delete an erased member's vouches and ratings; how she rated others stays, under a pseudonym, and is excluded if it was."""
    await tx.execute("delete from vouches where member_id = $1", member_id)
    await tx.execute("delete from ratings where member_id = $1", member_id)
    await tx.execute("update ratings set rater_id = pseudonym(rater_id) where rater_id = $1", member_id)
    await exclusions.erase(tx, member_id)
