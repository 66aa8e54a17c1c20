"""A mailbox of the local inbox, as someone reads it: the newest letter, and the link in it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp

from tests.conftest import House

LINK = re.compile(r"http://localhost:\d+/a/\S+")
OWN = re.compile(r"http://localhost:\d+/l/\S+")
PATIENCE = 30.0


async def letter(house: House, email: str, subject: str) -> dict[str, Any]:
    """The newest mail to an address whose subject has these words, once it arrived."""
    inbox = f"{house.endpoints['inbox'].rstrip('/')}/api/messages"
    async with aiohttp.ClientSession() as http:
        for _ in range(int(PATIENCE / 0.2)):
            async with http.get(inbox, params={"to": email}) as answer:
                found = [mail["id"] for mail in await answer.json() if subject in mail["subject"]]
            if found:
                async with http.get(f"{inbox}/{found[0]}") as answer:
                    return dict(await answer.json())
            await asyncio.sleep(0.2)
    raise AssertionError(f"no mail about {subject}")


async def letters(house: House, email: str, subject: str, count: int) -> None:
    """Wait until exactly so many mails to an address have these words in their subject."""
    inbox = f"{house.endpoints['inbox'].rstrip('/')}/api/messages"
    there = -1
    async with aiohttp.ClientSession() as http:
        for _ in range(int(PATIENCE / 0.2)):
            async with http.get(inbox, params={"to": email}) as answer:
                there = sum(subject in mail["subject"] for mail in await answer.json())
            if there >= count:
                break
            await asyncio.sleep(0.2)
    assert there == count


async def own_link(house: House, email: str, subject: str) -> str:
    """The link in that mail that leads to one's own data."""
    found = OWN.search((await letter(house, email, subject))["text"])
    assert found is not None
    return found[0]


async def link(house: House, email: str, subject: str) -> str:
    """The link that may be used once, in that mail."""
    found = LINK.search((await letter(house, email, subject))["text"])
    assert found is not None
    return found[0]
