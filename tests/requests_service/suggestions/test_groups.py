"""Women of one group are suggested to each other by the consent of both, whatever order it comes in."""

from itertools import permutations
from uuid import UUID

import pytest

from shared.contracts.events.members import MemberErased, MemberGrouped, MemberSuspended
from tests.requests_service.suggestions.conftest import Neighbourhood

pytestmark = pytest.mark.servers


def grouped(around: Neighbourhood, who: UUID, group: str, version: int = 1) -> MemberGrouped:
    return MemberGrouped(aggregate_id=who, aggregate_version=version, occurred_at=around.world.clock.at, group=group)


async def reasons(around: Neighbourhood, reader: UUID) -> dict[UUID, str]:
    found = (await around.world.get(reader, "/v1/suggestions")).json()["might_know"]
    return {UUID(one["member"]["id"]): one["group"] for one in found}


async def test_only_if_both_agreed_and_each_reads_her_own_words(around: Neighbourhood) -> None:
    her, other = await around.world.join("Her", "Other")
    await around.world.hear(grouped(around, her, "Cohort 2024"))
    assert await reasons(around, around.me) == await reasons(around, her) == {}
    await around.world.hear(grouped(around, around.me, "COHORT, 2024"), grouped(around, other, "Cohort 2025"))
    assert await reasons(around, around.me) == {her: "COHORT, 2024"}
    assert await reasons(around, her) == {around.me: "Cohort 2024"}
    assert await reasons(around, other) == {}


@pytest.mark.parametrize("who", ["she", "the reader"])
async def test_taken_back_by_either_it_is_over_for_both(around: Neighbourhood, who: str) -> None:
    [her] = await around.world.join("Her")
    await around.world.hear(grouped(around, her, "Cohort"), grouped(around, around.me, "Cohort"))
    back = grouped(around, her if who == "she" else around.me, "", 2)
    await around.world.hear(back)
    assert await reasons(around, around.me) == await reasons(around, her) == {}
    await around.world.hear(grouped(around, back.member_id, "Cohort"))  # it comes once more, late
    assert await reasons(around, around.me) == {}


async def test_it_is_one_more_reason_and_none_that_overrules_what_she_allows(around: Neighbourhood) -> None:
    her, gone = await around.world.join("Her", "Gone")
    for one in (her, gone, around.me):
        await around.world.hear(grouped(around, one, "Cohort"))
    await around.world.status(MemberErased, gone)
    await around.world.hear(grouped(around, gone, "Cohort", 3))
    assert await reasons(around, around.me) == {her: "Cohort"}
    await around.world.open(her, suggestible=False)
    assert await reasons(around, around.me) == {}
    await around.world.open(her, suggestible=True)
    await around.world.status(MemberSuspended, her)
    assert await reasons(around, around.me) == {}


async def test_in_whatever_order_it_is_heard_the_newest_word_of_each_counts(around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    for hers, suggested in (
        (["Cohort", ""], {}),
        (["Cohort", "", "Cohort"], {around.me: "Cohort"}),
        (["Fair", "Cohort"], {around.me: "Cohort"}),
    ):
        said = [grouped(around, her, group, version) for version, group in enumerate(hers, 1)]
        for order in permutations([*said, grouped(around, around.me, "Cohort")]):
            await around.world.pool.execute("delete from groups")
            await around.world.hear(*order)
            assert await reasons(around, her) == suggested, [event.group for event in order]
            assert bool(await reasons(around, around.me)) == bool(suggested)
