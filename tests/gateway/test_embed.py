"""Tickets on a popular site: a crowd that looks at the same frame asks orders once a second."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from chassis.testing import SetClock
from contracts.orders.planning import Brand, BrandPage
from services.gateway.entrypoints.pages.embed import Embed
from services.gateway.entrypoints.pages.frame import Frame
from services.gateway.neighbours.caller import Question
from tests.gateway.plausible import NOW, PARTNER, a_detail, an_event, pages

BRAND = Brand(organisation=PARTNER.organisation, name="Koor", slug="koor", wordmark="Koor", accent="#e8a200")


class Orders:
    """Answers as orders does, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def ask(self, question: Question, _: object) -> Any:
        self.asked.append(question.path)
        if question.path.startswith("/brands/"):
            return BrandPage(brand=BRAND, events=(an_event(),))
        return a_detail()


@pytest.mark.requirement("F-48")
async def test_many_who_look_at_a_frame_at_once_are_one_question() -> None:
    orders, clock = Orders(), SetClock(NOW)
    quiet = SimpleNamespace(limits=SimpleNamespace(lobby=timedelta(minutes=30)), busy=lambda _: None)
    desk: Any = SimpleNamespace(clock=clock, neighbours=orders, waiting=quiet)
    unused: Any = None
    embed = Embed(Frame(desk, pages(), unused, unused))

    async def look(page: Any, path: str, **named: str) -> str:
        answer = await page(make_mocked_request("GET", path, match_info=named))
        return str(answer.text)

    for _ in range(2):
        framed = [look(embed.event, "/embed/zout?organiser=koor", slug="zout") for _ in range(20)]
        own = [look(embed.season, "/embed?organiser=koor") for _ in range(20)]
        shown = await asyncio.gather(*framed, *own)
        assert all('href="/o/koor/look.css"' in page for page in shown)
        clock.move(timedelta(seconds=2))
    assert sorted(orders.asked) == ["/brands/koor"] * 2 + ["/events/zout"] * 2
