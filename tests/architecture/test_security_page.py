"""docs/security.md answers every requirement of the standard it names, and names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
TO_LEVEL_2 = {
    # How many requirements of levels 1 and 2 each section has; they come first in it.
    **{"2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2},
    **{"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3},
    **{"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2},
    **{"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1},
    **{"9.1": 3, "9.2": 4},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1},
    **{"12.1": 3, "12.2": 2, "12.3": 4},
    **{"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5},
    **{"14.1": 2, "14.2": 4, "14.3": 3},
    **{"15.1": 3, "15.2": 3, "15.3": 7},
    **{"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3},
}


def test_every_requirement_has_its_row() -> None:
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| .+ \| (met|n\. a\.|operator|waits) \| .+ \|$", PAGE, re.MULTILINE)
    asked = [f"{section}.{number}" for section, count in TO_LEVEL_2.items() for number in range(1, count + 1)]
    assert [row[0] for row in rows] == asked


def test_what_is_met_names_its_test_unless_it_asks_for_a_document() -> None:
    asks_for_documents = re.compile(r"(2|5|6|7|8|11|13|14|15|16)\.1\.")
    met = re.findall(r"^\| (\d+\.\d+\.\d+) \| .+ \| met \| (.+) \|$", PAGE, re.MULTILINE)
    assert [id_ for id_, by in met if not asks_for_documents.match(id_) and not re.search(r"`[a-z_/]+/test_\w+\.py`", by)] == []


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(?:tests/)?([a-z_/]+/test_\w+\.py)`", PAGE))
    assert len(named) > 40
    assert {name for name in named if not (ROOT / "tests" / name).exists()} == set()
