"""How a story ended: what must be the same, whatever died on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from deploy.local.demo.expecting import Patience, until
from deploy.local.demo.looking import attendee_of, has_paper, mails
from deploy.local.demo.playing import Outcome
from deploy.local.demo.story import Story
from tests.conftest import House

QUIET = Patience(news=90.0)


@dataclass(frozen=True)
class Ending:
    """What a story left: which steps hold, what the books gained, which mails came, what waits somewhere."""

    why: tuple[str, ...]
    gained: Mapping[str, int]
    balanced: bool
    with_tickets: int
    without: int
    held_by_co_presenter: bool
    waiting: int


async def books_of(story: Story) -> dict[str, int]:
    """The sums of the books, one number for each."""
    finance = await story.staff("finance")
    books: dict[str, Any] = await finance.get("/books")
    sums = {name: books[name] for name in ("paid_orders", "tickets", "tickets_cents")}
    for line in books["lines"]:
        sums |= {f"{line['kind']} count": line["count"], f"{line['kind']} cents": line["cents"]}
    return sums


async def _balanced(story: Story) -> bool:
    return bool((await (await story.staff("finance")).get("/books"))["balanced"])


async def ending(
    story: Story, house: House, before: Mapping[str, int], outcomes: Iterable[Outcome]
) -> Ending:
    """Look when all is quiet: what waits after 90 s still, stays there."""

    async def look() -> bool | None:
        return True if await waiting(house) == 0 else None

    try:
        await until(look, "nothing waits any more", QUIET)
    finally:
        after = await books_of(story)
    letters = await mails(story)
    papers = sum(has_paper(mail) for mail in letters)
    return Ending(
        tuple(outcome.why for outcome in outcomes),
        {name: amount - before.get(name, 0) for name, amount in after.items()},
        await _balanced(story),
        papers,
        len(letters) - papers,
        await attendee_of(story) is not None,
        await waiting(house),
    )


async def waiting(house: House) -> int:
    """Messages that are not sent or not handled yet, in all databases."""
    count = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM parked)"
    rows = 0
    for url in house.endpoints["databases"].values():
        connection = await asyncpg.connect(url)
        rows += await connection.fetchval(count)
        await connection.close()
    return rows
