"""A person with a browser: Chromium as Debian ships it, its cookies, and everything that it asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, FrameLocator, Page, Request, async_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@dataclass
class Person:
    """A page with what it asked for and what went wrong in it."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def hosts(self) -> set[str]:
        """Every host and port that the browser asked for something."""
        return {urlsplit(url).netloc for url in self.asked if not url.startswith("data:")}

    async def overflow(self) -> int:
        """By how many pixels the page is wider than the screen."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await self.page.evaluate(script))


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """One browser for many people."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def person(
    browser: Browser, *, script: bool = True, language: str = "nl-BE", screen: dict[str, int] | None = None
) -> AsyncIterator[Person]:
    """Someone with a fresh profile."""
    settings: dict[str, Any] = {
        "java_script_enabled": script,
        "locale": language,
        "viewport": screen or DESK,
    }
    context = await browser.new_context(**settings)
    page = await context.new_page()
    someone = Person(page)
    page.on("request", lambda request: someone.asked.append(_url(request)))
    page.on("pageerror", lambda error: someone.complaints.append(str(error)))
    page.on("console", lambda line: someone.complaints.append(line.text) if line.type == "error" else None)
    page.set_default_timeout(10_000)
    try:
        yield someone
    finally:
        await context.close()


async def take_seats(page: Page | FrameLocator, seats: int = 1, zone: str = "") -> None:
    """Choose the first free seats, on the plan of the hall or, without a script, by their check boxes."""
    await page.locator("input[name=how][value=self]").check()
    if await page.locator("svg.plan").count():
        rows = f"svg.plan [role=group][aria-label$='{zone}']" if zone else "svg.plan"
        free = page.locator(f"{rows} [aria-disabled=false][aria-checked=false]")
        for _ in range(seats):
            await free.first.press("Space")
        return
    boxes = page.locator("input[name=seat]:enabled")
    for number in range(seats):
        await boxes.nth(number).check()


def _url(request: Request) -> str:
    return request.url
