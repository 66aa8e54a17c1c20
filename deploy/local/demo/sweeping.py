"""Step 8: on an instance of its own, a sweep seven years later anonymises those without activity only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from deploy.local.demo.doors import Browser
from deploy.local.demo.expecting import expect, until
from deploy.local.demo.second_house import retention, second_house
from deploy.local.demo.story import Story
from deploy.local.season.programme import read_season

YEARS = 7


async def sweep_later(story: Story) -> str:
    """A house of its own, swept as of seven years later; the answer says who was left."""
    async with second_house(story.house.folder) as house:
        return await sweep(Story(house, story.wire, story.patience))


Command = Callable[..., Awaitable[str]]
"""Runs retention's command line at a house: the house, then the arguments; what it printed."""


async def sweep(story: Story, command: Command = retention) -> str:
    """The sweep itself, at a house that nobody used since its first start."""
    officer = await story.staff("privacy_officer")
    visitor = await story.staff("visitor")
    address = (await visitor.get("/me"))["email"]
    earlier = [regular.email for regular in read_season(story.now()).regulars]
    before = await _found(officer, earlier)
    expect(len(before) == len(earlier), "everyone who came in earlier years is known before")
    books = await officer.get("/books")
    report = await _swept(story, officer, command)
    quiet = report["without_activity"]
    expect(quiet == len(earlier), "those who came in earlier years are counted as without activity")
    expect(report["anonymised"] == quiet, "all of those without activity are anonymised")
    expect(report["with_activity"] > 0, "someone had activity")
    expect(await _found(officer, earlier) == set(), "none of them can be found any more")
    expect(await _found(officer, [address]), "who logged in is found as before")
    me = await visitor.get("/me")
    expect(me["email"] == address and me["name"], "who logged in still has all data")
    after = await officer.get("/books")
    expect(after["balanced"] and after["tickets_cents"] == books["tickets_cents"], "the books still add up")
    return f"{quiet} without activity are anonymised, {report['with_activity']} with activity are untouched"


async def _found(officer: Browser, addresses: list[str]) -> set[str]:
    """Those of the addresses behind which the privacy desk finds somebody."""
    found = set()
    for address in addresses:
        if (await officer.post("/privacy/subjects", {"email": address}))["subjects"]:
            found.add(address)
    return found


async def _swept(story: Story, officer: Browser, command: Command) -> dict[str, Any]:
    today = story.now().date()
    later = today.replace(year=today.year + YEARS, day=min(today.day, 28))
    await command(story.house, "sweep", "--as-of", f"{later.isoformat()}T00:00:00+00:00")

    async def look() -> dict[str, Any] | None:
        newest: dict[str, Any] = (await officer.get("/privacy/sweeps"))["sweeps"][0]
        return newest if newest["done"] else None

    report = await until(look, "every service carried out the sweep", story.patience)
    expect(report["as_of"].startswith(later.isoformat()), "the sweep looks seven years ahead")
    expect(not report["dry_run"], "the sweep is no dry run")
    return report
