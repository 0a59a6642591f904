"""The lot and the reasons, alone."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from services.requests.people.domain.contact import Contact
from services.requests.suggestions.domain import lots, pairs, places

DAY = date(2026, 11, 26)
READER = UUID(int=1)


def contact(number: int, closeness: str = "know_well", met_at: str = "") -> Contact:
    return Contact(UUID(int=number), closeness, met_at, met_at.casefold(), None)  # type: ignore[arg-type]  # for the table's sake


def test_a_lot_is_the_readers_and_the_days_alone() -> None:
    ids = [uuid4() for _ in range(30)]
    drawn = lots(ids, READER, DAY)
    assert sorted(drawn) == sorted(ids)
    assert lots(ids[::-1], READER, DAY) == drawn
    assert lots(ids, READER, DAY + timedelta(days=1)) != drawn
    assert lots(ids, UUID(int=2), DAY) != drawn
    assert lots(ids[5:], READER, DAY) == [id_ for id_ in drawn if id_ in ids[5:]]


def test_no_place_in_the_lot_is_likelier_for_any_woman() -> None:
    """Whoever she is, over many days she stands first about as often as any other."""
    ids = [UUID(int=number) for number in range(5)]
    first = [lots(ids, READER, DAY + timedelta(days=days))[0] for days in range(1000)]
    assert all(150 < first.count(id_) < 250 for id_ in ids)


def test_places_are_the_readers_own_words() -> None:
    assert places([contact(1, met_at="The Fair"), contact(2), contact(3, met_at="Museum")]) == {"the fair": "The Fair", "museum": "Museum"}


def test_pairs_are_of_women_she_knows_better_than_met_and_first_those_she_met_at_one_place() -> None:
    hers = [
        contact(2, "worked_together", "Fair"),
        *(contact(number, "met", "Fair") for number in (3, 4)),
        *(contact(number) for number in (5, 6, 7)),
        contact(8, met_at="fair"),
        contact(9, "not_met"),
    ]
    found = [tuple(one.member_id.int for one in pair) for pair in pairs(hers, READER, DAY)]
    assert set(found[0]) == {2, 8}
    assert {number for pair in found for number in pair} == {2, 5, 6, 7, 8}
    assert pairs(hers[:1], READER, DAY) == []
