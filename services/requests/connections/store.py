"""The rows of connection requests: the only SQL of this table."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.requests import members, visibility
from services.requests.connections import restrictions
from services.requests.connections.domain.connection_request import ConnectionRequest
from services.requests.connections.domain.limits import Sent
from services.requests.connections.domain.notes import Writer
from services.requests.connections.domain.pair import Pair
from services.requests.connections.domain.unknown import End
from services.requests.people import store as people
from services.requests.reach import store as reach
from shared.paging import Paging
from shared.postgres.database import Tx
from shared.postgres.together import LATER, together

_FIELDS = [field.name for field in fields(ConnectionRequest)]
_REQUEST = ", ".join(_FIELDS)
_OTHER = "(case when requester_id = $1 then recipient_id else requester_id end)"
_LOOKS_OPEN = "state <> 'accepted' and shown_at > $2"
_UNANSWERED = "state in ('pending', 'declined') and not announced"
_HERS = f"$1 in (requester_id, recipient_id) and {visibility.visible('$1', _OTHER)}"


async def _requests(tx: Tx, which: str, *values: object) -> list[ConnectionRequest]:
    rows = await tx.fetch(f"select {_REQUEST} from connection_requests where {which}", *values)
    return [ConnectionRequest(**row) for row in rows]


async def find(tx: Tx, reader_id: UUID, request_id: UUID) -> ConnectionRequest | None:
    """The request, if the reader is one of its two and the other exists for her."""
    row = await tx.fetchrow(f"select {_REQUEST} from connection_requests where id = $2 and {_HERS}", reader_id, request_id)
    return ConnectionRequest(**row) if row else None


async def all_of(tx: Tx, member_id: UUID) -> list[ConnectionRequest]:
    """Every request she sent or got of which the other exists for her, oldest first."""
    return await _requests(tx, f"{_HERS} order by asked_at, id", member_id)


async def lock(tx: Tx, reader_id: UUID, request_id: UUID) -> ConnectionRequest | None:
    """As `find`, with the row locked. Looked at anew once it is locked, so that a block meanwhile is seen."""
    await tx.execute(
        "select from connection_requests where id = $2 and $1 in (requester_id, recipient_id) for update", reader_id, request_id
    )
    return await find(tx, reader_id, request_id)


async def of_member(
    tx: Tx, member_id: UUID, paging: Paging, at: datetime, which: Literal["open", "waiting", "sent"] = "open"
) -> list[ConnectionRequest]:
    """Requests that are `open` for her, newest first, with members who exist for her: what she `sent` and looks open to her,
    and what she can still say yes to; of these, only what she hasn't answered is `waiting`.
    """
    sent = "(requester_id = $1 and state <> 'accepted' and shown_at > $4)"
    got = "(recipient_id = $1 and state in ('pending', 'declined') and shown_at > $4)"
    waiting = "(recipient_id = $1 and state = 'pending' and shown_at > $4)"
    condition = {"open": f"({sent} or {got})", "waiting": waiting, "sent": sent}[which]
    return await _requests(
        tx,
        f"{condition} and {_HERS}"
        " and ($3::uuid is null or (asked_at, id) < (select l.asked_at, l.id from connection_requests as l"
        " where l.id = $3 and $1 in (l.requester_id, l.recipient_id))) order by asked_at desc, id desc limit $2",
        member_id,
        paging.fetch,
        paging.after,
        at,
    )


async def pair(tx: Tx, me: UUID, her: UUID, *, suspended: bool) -> Pair:
    """What lies between two members; for a command, lock the pair first."""
    latest_of = (
        f"(select {_REQUEST} from connection_requests where requester_id = {{}} and recipient_id = {{}} order by asked_at desc limit 1)"
    )
    rows, sides, removal, allowed = await together(
        tx,
        LATER.fetch(f"{latest_of.format('$1', '$2')} union all {latest_of.format('$2', '$1')}", me, her),
        people.sides_with(LATER, me, [her]),
        people.removal(LATER, her, me),
        reach.of(LATER, [her]),
    )
    latest = {row["requester_id"]: ConnectionRequest(**row) for row in rows}
    return Pair(latest.get(me), latest.get(her), sides[her].closeness if her in sides else None, suspended, removal, allowed[her])


async def pairs(tx: Tx, me: UUID, others: Sequence[UUID]) -> dict[UUID, Pair]:
    """What lies between a member and each of the others, as far as none of them is suspended."""
    latest = (
        f"(select distinct on (requester_id, recipient_id) {_REQUEST} from connection_requests where requester_id = {{}}"
        " and recipient_id = {} order by requester_id, recipient_id, asked_at desc)"
    )
    each = "any($2::uuid[])"
    rows, sides = await together(
        tx,
        LATER.fetch(f"{latest.format('$1', each)} union all {latest.format(each, '$1')}", me, others),
        people.sides_with(LATER, me, others),
    )
    requests = {(row["requester_id"], row["recipient_id"]): ConnectionRequest(**row) for row in rows}
    return {her: Pair(requests.get((me, her)), requests.get((her, me)), sides[her].closeness if her in sides else None) for her in others}


async def lock_between(tx: Tx, member_id: UUID, other_id: UUID) -> None:
    """Hold the requests between the two."""
    await tx.execute(
        "select from connection_requests where (requester_id, recipient_id) in (($1, $2), ($2, $1)) order by id for update",
        member_id,
        other_id,
    )


async def sent(tx: Tx, member_id: UUID, at: datetime) -> Sent:
    """What she has sent, as she sees it; to send another, `members.take_turns` first."""
    counted = LATER.fetchrow(
        f"select count(*) filter (where {_LOOKS_OPEN}) as open, min(shown_at) filter (where {_LOOKS_OPEN}) as first_end,"
        " (array_agg(asked_at order by asked_at desc) filter (where asked_at > $2 - interval '1 day'))[:10] as latest"
        " from connection_requests where requester_id = $1",
        member_id,
        at,
    )
    row, joined_at, restricted_from, limited_until = await together(
        tx,
        counted,
        members.joined_at(LATER, member_id),
        restrictions.restricted_from(LATER, member_id),
        restrictions.limited_until(LATER, member_id),
    )
    assert row is not None  # noqa: S101  (for the types: a count has one row)
    return Sent(row["open"], row["first_end"], row["latest"] or (), joined_at, restricted_from, limited_until)


async def answers(tx: Tx, recipient_id: UUID, since: datetime) -> list[tuple[datetime, bool]]:
    """When each of the requests she got was answered or ended by itself, and whether she had answered; from `since` on, some before."""
    rows = await tx.fetch(
        "select case when state in ('accepted', 'declined') then ended_at else expires_at end as at,"
        " state in ('accepted', 'declined') as said"
        " from connection_requests where recipient_id = $1 and expires_at > $2 and state in ('pending', 'accepted', 'declined', 'expired')",
        recipient_id,
        since,
    )
    return [(row["at"], row["said"]) for row in rows]


async def writer(tx: Tx, member_id: UUID, at: datetime) -> Writer:
    """The language of her pages, and where they met and why now of all she sent within 90 days, whatever became of it."""
    rows = await tx.fetch(
        "select where_we_met, why_now from connection_requests where requester_id = $1 and asked_at > $2::timestamptz - interval '90 days'",
        member_id,
        at,
    )
    return Writer(await members.language(tx, member_id), [(row["where_we_met"], row["why_now"]) for row in rows])


async def insert(tx: Tx, request: ConnectionRequest) -> None:
    places = ", ".join(f"${number}" for number in range(1, len(_FIELDS) + 1))
    await tx.execute(f"insert into connection_requests ({_REQUEST}) values ({places})", *astuple(request))


async def save(tx: Tx, request: ConnectionRequest) -> None:
    """Keep what became of a request that this transaction has locked."""
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(_FIELDS, 1))
    await tx.execute(f"update connection_requests set {changes} where id = ${_FIELDS.index('id') + 1}", *astuple(request))


async def forget_words(tx: Tx, member_id: UUID) -> None:
    """What was written in requests from and to an erased member goes: they exist for nobody any more."""
    await tx.execute(
        "update connection_requests set where_we_met = '', why_now = '', met_at = '', clarifying_question = null, clarifying_answer = null,"
        " recipient_question = null, requester_answer = null where $1 in (requester_id, recipient_id)",
        member_id,
    )


async def lock_open_between(tx: Tx, member_id: UUID, other_id: UUID) -> list[ConnectionRequest]:
    """The requests between the two, either way, that a yes could still answer, locked."""
    return await _requests(
        tx, f"{_UNANSWERED} and (requester_id, recipient_id) in (($1, $2), ($2, $1)) order by id for update", member_id, other_id
    )


async def lock_accepted_between(tx: Tx, member_id: UUID, other_id: UUID) -> list[ConnectionRequest]:
    """The requests between the two that made a connection, locked."""
    return await _requests(
        tx, "state = 'accepted' and (requester_id, recipient_id) in (($1, $2), ($2, $1)) order by id for update", member_id, other_id
    )


async def is_first(tx: Tx, member_id: UUID, request: ConnectionRequest) -> bool:
    """No earlier request connected her with anybody, whether or not they still are, or still exist for her: it tells nothing of others."""
    earlier: bool = await tx.fetchval(
        "select exists (select from connection_requests where (requester_id = $1 or recipient_id = $1)"
        " and state in ('accepted', 'removed') and (ended_at, id) < ($2, $3))",
        member_id,
        request.ended_at,
        request.id,
    )
    return not earlier


async def lock_open_of(tx: Tx, member_id: UUID) -> list[ConnectionRequest]:
    """All requests she sent or got that a yes could still answer, locked."""
    return await _requests(
        tx,
        f"{_UNANSWERED} and $1 in (requester_id, recipient_id) and (requester_id = $1 or recipient_id = $1) order by id for update",
        member_id,
    )


async def lock_due(tx: Tx, at: datetime, limit: int, skip: int) -> list[ConnectionRequest]:
    """At most `limit` requests whose end shows by now and hasn't been announced, locked, without the first `skip` of them.

    Those that others hold come later.
    """
    return await _requests(
        tx, "shown_at <= $1 and not announced order by shown_at, id limit $2 offset $3 for update skip locked", at, limit, skip
    )


async def lock_to_remind(tx: Tx, at: datetime, before: timedelta, limit: int, skip: int) -> list[ConnectionRequest]:
    """As `lock_due`: requests that nobody has answered and that end within `before`, of which the recipient wasn't reminded yet."""
    return await _requests(
        tx,
        "state = 'pending' and not reminded and expires_at > $1 and expires_at <= $2"
        " order by expires_at, id limit $3 offset $4 for update skip locked",
        at,
        at + before,
        limit,
        skip,
    )


async def lock_to_weigh(tx: Tx, before: datetime, limit: int, skip: int) -> list[ConnectionRequest]:
    """As `lock_due`: requests of which the recipient said that she doesn't know the requester, whose end showed before that, and which
    weren't weighed since.
    """
    return await _requests(
        tx,
        "unknown and not weighed and coalesce(weighed_in, shown_at) < $1"
        " order by coalesce(weighed_in, shown_at), id limit $2 offset $3 for update skip locked",
        before,
        limit,
        skip,
    )


async def ends(tx: Tx, member_id: UUID, before: datetime) -> list[End]:
    """How all requests of hers ended that had by then, as she saw it, the oldest first."""
    showed = "(case when state in ('accepted', 'removed') then ended_at else shown_at end)"
    rows = await tx.fetch(
        f"select recipient_id, {showed} as shown_at, unknown from connection_requests where requester_id = $1 and {showed} < $2"
        " order by 2, asked_at, id",
        member_id,
        before,
    )
    return [End(**row) for row in rows]


async def first_requests(tx: Tx, begins_at: datetime, ends_at: datetime) -> int:
    """How many women sent their first one in that time."""
    count: int = await tx.fetchval(
        "select count(*) from (select min(asked_at) as at from connection_requests group by requester_id) as firsts"
        " where at >= $1 and at < $2",
        begins_at,
        ends_at,
    )
    return count


async def dealt_with(tx: Tx, member_id: UUID, since: datetime) -> set[UUID]:
    """With whom she had a request that was accepted since then, or looked open."""
    lately = "case when state = 'accepted' then ended_at else shown_at end > $2"
    rows = await tx.fetch(
        f"select recipient_id as who from connection_requests where requester_id = $1 and {lately}"
        f" union select requester_id from connection_requests where recipient_id = $1 and {lately}",
        member_id,
        since,
    )
    return {row["who"] for row in rows}
