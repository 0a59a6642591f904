"""A synthetic ledger, made in PostgreSQL itself; the same for the same sizes and seed.

Members came by paths of very different sizes, over four years. An *outcome* is what one side of an introduction answered, and is kept as
two ratings: of the voucher and of the other side. Both sides answer, and 93 of 100 answers are good. A few women are asked and met far more
often than others: the first hundredth of the vouchers has a fifth of the introductions (an index is a uniform number to the power of three;
of sides, of one and a half). Introductions have ids that sort by time, as the product's have, and arrive in that order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.indexes import without_indexes
from shared.postgres.database import Connection

Progress = Callable[[int], None]
"""`progress(done)`: how many outcomes are there."""
AT_ONCE = 200_000
DAYS = 1_000
"""So many days of introductions."""
ANCHORS = 10
GOOD = 0.93
PER_BRANCH = 50

_PEOPLE = """
with drawn as materialized (
    select md5('member ' || place)::uuid as member_id, floor($2 * power(random(), 2))::int as branch, (random() * 1500)::int as days
    from generate_series(0, $1 - 1) as place
),
known as (insert into members (member_id, name, headline, profile_version) select member_id, 'Ana', '', 1 from drawn)
insert into placements (member_id, branch, joined_on) select member_id, md5('branch ' || branch)::uuid, $3::date - days from drawn
"""
_RATINGS = f"""
with drawn as materialized (
    select number, floor($3 * power(random(), 3))::int as voucher, floor($3 * power(random(), 1.5))::int as one,
        floor($3 * power(random(), 1.5))::int as other, random() < {GOOD} as one_says, random() < {GOOD} as other_says,
        $4::timestamptz + (number - $1)::float8 / ($2 - $1) * $5::interval as at
    from generate_series($1::int, $2::int - 1) as number
),
people as materialized (
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || substr(md5(number::text), 1, 20))::uuid as introduction_id,
        md5('event ' || number)::uuid as event_id, md5('member ' || voucher)::uuid as voucher, md5('member ' || one)::uuid as one,
        md5('member ' || other)::uuid as other, case when one_says then 'good' else 'bad' end as one_says,
        case when other_says then 'good' else 'bad' end as other_says, at
    from drawn where voucher <> one and voucher <> other and one <> other
)
insert into ratings (member_id, introduction_id, rater_id, event_id, role, value, revealed_at, counted, live, excluding)
select about, introduction_id, rater, event_id, role, says, at, true, true, true
from people cross join lateral (
    values (voucher, one, 'voucher', one_says), (other, one, 'side', one_says), (voucher, other, 'voucher', other_says),
        (one, other, 'side', other_says)
) as each (about, rater, role, says)
"""


@dataclass(frozen=True)
class Ledger:
    """So many members, about so many outcomes in the thousand days before `until`."""

    members: int
    outcomes: int
    until: datetime
    seed: int = 7

    @property
    def introductions(self) -> int:
        return self.outcomes // 2

    def at(self, number: int) -> datetime:
        """When what was said of that introduction was revealed."""
        return self.until - timedelta(days=DAYS) * (1 - number / self.introductions)


async def fill(connection: Connection, ledger: Ledger, progress: Progress) -> None:
    """All of it, and ten anchors. The tables must be empty."""
    await connection.execute("set maintenance_work_mem = '1GB'; set synchronous_commit = off")
    await connection.execute("select setseed($1)", ledger.seed / 1_000)
    async with without_indexes(connection, "members"), without_indexes(connection, "placements"):
        await connection.execute(_PEOPLE, ledger.members, max(10, ledger.members // PER_BRANCH), ledger.until)
    anchors = f"insert into anchors select md5('member ' || place)::uuid, $1 from generate_series(0, {ANCHORS - 1}) as place"
    await connection.execute(anchors, ledger.until)
    async with without_indexes(connection, "ratings"):
        for begin in range(0, ledger.introductions, AT_ONCE):
            end = min(begin + AT_ONCE, ledger.introductions)
            await _introductions(connection, ledger, begin, end)
            progress(2 * end)


async def a_day_more(connection: Connection, ledger: Ledger) -> None:
    """The introductions of the day after `until`, as many as on any other, with the indexes there."""
    await _introductions(connection, ledger, ledger.introductions, ledger.introductions + max(1, ledger.introductions // DAYS))


async def _introductions(connection: Connection, ledger: Ledger, begin: int, end: int) -> None:
    since = ledger.at(begin)
    await connection.execute(_RATINGS, begin, end, ledger.members, since, ledger.at(end) - since)
