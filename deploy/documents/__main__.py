"""`python -m deploy.documents` writes the pages of docs/ that follow from the code; a test fails if one is out of date."""

from deploy.documents import PAGES, ROOT

for name, render in PAGES.items():
    (ROOT / "docs" / name).write_text(render(), encoding="utf-8")
