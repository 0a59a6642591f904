"""Draws the icons, and the picture of a link that is shared, into the web's static files: `python -m deploy.icons`. Needs a Chromium."""

import struct
from pathlib import Path
from shutil import which

from playwright.sync_api import Page, sync_playwright

from services.web.assets import FOLDER
from services.web.drawing import STORY, mark

GROUND, PAPER, GOLD = "#143d47", "#f6f2e9", "#f4bf4f"
ICON = (FOLDER / "icon.svg").read_text()
CARD = f"""<svg viewBox="0 0 1200 630" fill="none" stroke="{GOLD}" stroke-width="7" stroke-linecap="round">
<rect width="1200" height="630" fill="{PAPER}" stroke="none"/><rect width="1200" height="512" fill="{GROUND}" stroke="none"/>
<path d="M160 452A220 176 0 0 1 600 452A220 176 0 0 1 1040 452M160 452A440 352 0 0 1 1040 452"/></svg>"""
PILLARS = "".join(f'<div class="pillar at{place}">{mark(woman)}</div>' for place, woman in enumerate(STORY.values()))
STYLE = f"""body {{ margin: 0; background: {GROUND}; }} body > svg {{ display: block; width: 100vw; }}
.pillar {{ position: absolute; top: 452px; --t: 120px; }} .at0 {{ left: 100px; }} .at1 {{ left: 540px; }} .at2 {{ left: 980px; }}"""


def draw(page: Page, body: str, width: int, height: int) -> bytes:
    """A PNG of that size."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(f"<!doctype html><style>{(FOLDER / 'madrina.css').read_text()}{STYLE}</style><body>{body}")
    return page.screenshot()


def icon_file(pictures: dict[int, bytes]) -> bytes:
    """An .ico of PNGs by their size."""
    head, offset = struct.pack("<3H", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, png in pictures.items():
        head += struct.pack("<4B2H2I", size, size, 0, 0, 1, 32, len(png), offset)
        offset += len(png)
    return head + b"".join(pictures.values())


def main(folder: Path = FOLDER) -> None:
    """Write the files."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        (folder / "card.png").write_bytes(draw(page, CARD + PILLARS, 1200, 630))
        (folder / "touch-icon.png").write_bytes(draw(page, ICON, 180, 180))
        (folder / "favicon.ico").write_bytes(icon_file({size: draw(page, ICON, size, size) for size in (16, 32, 48)}))
        browser.close()


if __name__ == "__main__":
    main()
