"""The rows of the directory: which member has which word, how many have it, and who looked when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.members import visibility
from services.members.accounts import store as accounts
from services.members.directory.domain import HOUR, Candidate, Searches, place_of, swapped
from services.members.profiles import store as profiles
from shared.clock import machine_now
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx

KEPT = timedelta(hours=2)
MOST_LIKE_IT = 8
MOST_OF_ONE_WORD = 60
"""Candidates that are looked at for one word."""
FARTHEST = 20_000
"""Members with one word who are asked for the others; so many have all of them only if all are common, and then more are met on the way."""
READ_FOR_ONE_ASKED = 10
"""Entries that are read one after the other in the time that it takes to ask for one by its key."""


async def take_turn(tx: Tx, member_id: UUID, at: datetime) -> Searches:
    """When she looked within the hour, with her account locked, so that two at once count as two."""
    await accounts.lock(tx, member_id)
    rows = await tx.fetch("select at from searches where member_id = $1 and at > $2 order by at", member_id, at - HOUR)
    return Searches(tuple(row["at"] for row in rows))


async def keep_search(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Count one more; for what she sought there is no column."""
    await tx.execute("insert into searches (member_id, at) values ($1, $2)", member_id, at)


async def keep(tx: Tx, member_id: UUID, words: frozenset[str]) -> None:
    """Let her be found by these words and no others; none: she isn't found. Her account is locked."""
    before = frozenset(await tx.fetchval("select words from directory_members where member_id = $1", member_id) or ())
    if words == before:
        return
    gone, new = sorted(before - words), sorted(words - before)
    # In one order, whatever else is kept meanwhile.
    await tx.execute("select from directory_words where word = any($1::text[]) order by word for update", [*gone, *new])
    await tx.execute("update directory_words set members = members - 1 where word = any($1::text[])", gone)
    await tx.execute("delete from directory_words where word = any($1::text[]) and members < 1", gone)
    await tx.execute(
        "insert into directory_words (word, members) select word, 1 from unnest($1::text[]) as word order by word"
        " on conflict (word) do update set members = directory_words.members + 1",
        new,
    )
    place = place_of(member_id)
    await tx.execute("delete from directory_entries where word = any($1::text[]) and place = $2 and member_id = $3", gone, place, member_id)
    await tx.execute(
        "insert into directory_entries (word, place, member_id) select word, $2, $3 from unnest($1::text[]) as word", new, place, member_id
    )
    await tx.execute("delete from directory_members where member_id = $1", member_id)
    if words:
        await tx.execute("insert into directory_members (member_id, words) values ($1, $2)", member_id, sorted(words))


async def having(tx: Tx, words: Sequence[str]) -> Mapping[str, int]:
    """How many members have each of these words, as far as any has it."""
    rows = await tx.fetch("select word, members from directory_words where word = any($1::text[])", words)
    return {row["word"]: row["members"] for row in rows}


async def like(tx: Tx, words: Sequence[str]) -> Sequence[Mapping[str, tuple[float, int]]]:
    """For each, the words that are spelt nearly so, with how near they are, from 0 to 1, and how many members have them."""
    rows = await tx.fetch(
        "select place, word, nearness, members from unnest($1::text[]) with ordinality as sought(wanted, place) cross join lateral ("
        "(select word, similarity(word, wanted) as nearness, members from directory_words"
        f" where word % wanted order by nearness desc, word limit {MOST_LIKE_IT})"
        " union select word, greatest(similarity(word, wanted), 0.5), members from directory_words"
        " where word in (select slip from unnest($2::text[], $3::int[]) as slips(slip, of) where slips.of = sought.place)) as found",
        words,
        [slip for word in words for slip in swapped(word)],
        [place for place, word in enumerate(words, 1) for _ in swapped(word)],
    )
    best: list[dict[str, tuple[float, int]]] = [{} for _ in words]
    for row in rows:
        of = best[row["place"] - 1]
        of[row["word"]] = max(of.get(row["word"], (0.0, 0)), (row["nearness"], row["members"]))
    return best


async def look(
    tx: Tx, reader: UUID, rarest: Mapping[str, int], others: Sequence[Mapping[str, int]], start: int, *, after: bool
) -> list[Candidate]:
    """Members with one of the words `rarest` and one of each of `others`, as the ring turns on from `start`, or up to it, for each word.

    With each word stands how many have it. Only who exists for the reader. The entries of each of `rarest` are walked in the ring's order
    and asked for the others: for one word by its key, for several, if they aren't had by many more, of a list that is read once.
    No list is read to its end because a word is common.
    """
    # Not `exists`: a planner could turn that into a join that reads all who have a common word.
    by_key = (
        "(select true from directory_entries as other where other.word = any(${}::text[]) and other.place = one.place"
        " and other.member_id = one.member_id limit 1)"
    )
    by_list = "(one.member_id in (select member_id from directory_entries where word = any(${}::text[]))) is true"
    most = min(READ_FOR_ONE_ASKED * sum(rarest.values()), 2 * FARTHEST)
    also = "".join(
        f" and {(by_key if len(words) == 1 or sum(words.values()) > most else by_list).format(place)}"
        for place, words in enumerate(others, 4)
    )
    way = ">=" if after else "<"
    rows = await tx.fetch(
        "select found.member_id, found.place, directory_members.words"
        " from unnest($2::text[]) as rare cross join lateral ("
        "select member_id, place from (select member_id, place from directory_entries"
        f" where word = rare and place {way} $3 order by place limit {FARTHEST}) as one"
        f" where member_id <> $1{also} and {visibility.visible('$1', 'one.member_id')} order by place limit {MOST_OF_ONE_WORD}) as found"
        " join directory_members using (member_id)",
        reader,
        [*rarest],
        start,
        *([*words] for words in others),
    )
    cards = await profiles.cards(tx, [row["member_id"] for row in rows])
    return [Candidate(cards[row["member_id"]], row["place"], frozenset(row["words"])) for row in rows]


async def clean(pool: Pool) -> None:
    """Forget who looked when; work for a timer."""
    await pool.execute("delete from searches where at < $1", machine_now() - KEPT)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """By which words she is found, and when she looked lately."""
    return await found(
        tx,
        member_id,
        found_by="select words from directory_members where member_id = $1",
        searches="select at from searches where member_id = $1 order by at",
    )


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member is found by no word, and a word that she alone had is gone."""
    await keep(tx, member_id, frozenset())
    await tx.execute("delete from searches where member_id = $1", member_id)
