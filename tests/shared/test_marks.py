"""A member's mark follows from her id alone, for ever."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared import marks

EXAMPLE = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")


def test_the_example_never_changes() -> None:
    drawn = marks.of(EXAMPLE)
    assert drawn.glaze == 1
    assert drawn.discs == ((24, 0, 16, True, True), (24, 48, 16, True, False))
    assert drawn.lines[:2] == ((24, 24, 8, False, False), (24, 24, 16, False, False))


@given(st.uuids())
def test_lines_end_where_those_of_the_next_cell_may_go_on(member_id: UUID) -> None:
    for x, y, radius, right, down in marks.of(member_id).lines:
        for end in ((x + (radius if right else -radius), y), (x, y + (radius if down else -radius))):
            assert all(0 <= place <= marks.SIZE for place in end)
            assert {place % 24 for place in end} in ({0, 8}, {0, 16})


@given(st.uuids())
def test_a_mark_is_drawn_by_the_last_digits_of_the_id_alone(member_id: UUID) -> None:
    assert 1 <= len(marks.of(member_id).discs) <= 4
    assert marks.of(UUID(int=member_id.int & 0xFFFFFFFF)) == marks.of(member_id)
