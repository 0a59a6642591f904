"""Looks at a page as every woman may see it, small and large, light and dark, and collects what the browser complains of."""

import os
from pathlib import Path
from typing import Literal

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import ConsoleMessage, Error, Page

SIZES = ((360, 740), (1280, 800))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SERIOUS = {"serious", "critical"}
AXE = str(Axe().axe_script)
ALL_RULES = ""
# Colours are all that differs between the schemes.
CONTRAST = ", runOnly: ['color-contrast']"
PICTURES = os.environ.get("JOURNEY_PICTURES")
"""A folder for a picture of every page that is looked at; none are made if this isn't set."""

# Inline text links are exempt from the size of a target (WCAG 2.5.8); an option's target is its label, a row's link has the row.
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")]
  .map((target) => target.closest("label.option") ?? (target.matches(".hit") ? target.closest("li") : target))
  .filter((target) => target.checkVisibility() && !target.closest("p:not(:has(> .tap))") && !target.matches(".skip, .hidden"))
  .filter((target) => target.getBoundingClientRect().height < 47.5)
  .map((target) => target.outerHTML.slice(0, 120))"""


class Watch:
    """What is wrong with the pages of one browser, as sentences."""

    def __init__(self, page: Page, seen: set[str], *, scripts: bool) -> None:
        """`seen` are the names of pages that were looked at already, in any browser of the journey."""
        self.page, self.scripts = page, scripts
        self.wrong: list[str] = []
        self.expected: list[str] = []
        """Parts of complaints that a step brings about on purpose."""
        self._seen = seen
        page.on("console", self._heard)
        page.on("pageerror", self._failed)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(part in message.text for part in self.expected):
            self.wrong.append(f"{self.page.url}: {message.text}")

    def _failed(self, error: Error) -> None:
        self.wrong.append(f"{self.page.url}: {error}")

    async def look(self, name: str) -> None:
        """Check the page as it is now in all sizes and schemes, once a name."""
        if name in self._seen or not self.scripts:
            return
        self._seen.add(name)
        before = self.page.viewport_size
        for width, height in SIZES:
            await self.page.set_viewport_size({"width": width, "height": height})
            await self._fits(name, width)
            for scheme in SCHEMES:
                await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                await self._accessible(f"{name} {width} {scheme}", ALL_RULES if scheme == "light" else CONTRAST)
                await self._picture(f"{name}-{width}-{scheme}")
        if before:
            await self.page.set_viewport_size(before)

    async def _fits(self, name: str, width: int) -> None:
        over = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.wrong.append(f"{name} scrolls sideways by {over} px at {width}")
        self.wrong += [f"{name} has a small target at {width}: {target}" for target in await self.page.evaluate(SMALL)]

    async def _accessible(self, name: str, rules: str) -> None:
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE)
        for violation in await self.page.evaluate(f"axe.run({{resultTypes: ['violations']{rules}}}).then((found) => found.violations)"):
            if violation["impact"] in SERIOUS:
                nodes = [node["html"][:150] for node in violation["nodes"][:3]]
                self.wrong.append(f"{name}: {violation['id']}: {violation['help']}: {nodes}")

    async def _picture(self, name: str) -> None:
        if PICTURES:
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
