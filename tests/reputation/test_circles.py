"""Groups that nobody but themselves praises."""

from itertools import permutations

import pytest

from services.reputation.trust.circles import _leading_back, circles

RING = list(permutations("abc", 2))


@pytest.mark.parametrize(
    ("praise", "most", "group"),
    [
        ([], 3, None),  # nobody praises her: there is nothing to look at
        (RING, 3, "abc"),
        (RING, 2, None),  # larger than what is looked for
        ([*RING, ("d", "a")], 4, "abcd"),
        ([*RING, ("d", "c"), ("e", "d"), ("f", "e")], 5, None),  # one word of a woman whose own praise leads on
        ([*RING, ("a", "d"), ("a", "e")], 3, "abc"),  # whom they praise is no matter
        ([("b", "a"), ("c", "b")], 3, "abc"),  # a chain that leads nowhere
        ([("a", "a")], 3, None),
        ([("b", "a"), ("b", "a")], 2, "ab"),
    ],
)
def test_a_group_is_everybody_to_whom_praise_leads_back(praise: list[tuple[str, str]], most: int, group: str | None) -> None:
    assert circles(praise, "a", most) == ({"a": frozenset(group)} if group else {})


def test_each_of_the_members_asked_for_has_her_own_group() -> None:
    praise = [*RING, ("a", "x"), *((f"w{number + 1}", f"w{number}") for number in range(50)), ("w0", "y")]
    assert circles(praise, "axyz", 5) == {"a": frozenset("abc"), "x": frozenset("abcx")}


def test_however_much_praise_there_is_a_search_ends_at_the_bound() -> None:
    class Counted(dict[int, set[int]]):
        asked = 0

        def get(self, key: int, default: object = None) -> set[int]:
            Counted.asked += 1
            return {key + 1, key + 2}

    assert len(_leading_back(0, Counted(), 12)) == 13
    assert Counted.asked <= 12
