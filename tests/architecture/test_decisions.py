"""Decisions are numbered without holes, and each stands in the index."""

import re
from pathlib import Path

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions"
PAGES = sorted(DECISIONS.glob("0*.md"))


def test_numbers_have_no_holes() -> None:
    assert [page.name[:4] for page in PAGES] == [f"{number:04}" for number in range(1, len(PAGES) + 1)]


def test_the_index_has_one_line_for_each() -> None:
    listed = re.findall(r"^\| \[(\d{4})\]\((\d{4}-[\w-]+\.md)\) \| \S", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [(page.name[:4], page.name) for page in PAGES]
