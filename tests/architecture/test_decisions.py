"""No two decisions have one number, and each stands in the index."""

import re
from pathlib import Path

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions"
PAGES = sorted(DECISIONS.glob("0*.md"))


def test_no_number_is_given_twice() -> None:  # holes may be: those who write at the same time take numbers apart
    numbers = [page.name[:4] for page in PAGES]
    assert len(set(numbers)) == len(numbers)


def test_the_index_has_one_line_for_each() -> None:
    listed = re.findall(r"^\| \[(\d{4})\]\((\d{4}-[\w-]+\.md)\) \| \S", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [(page.name[:4], page.name) for page in PAGES]
