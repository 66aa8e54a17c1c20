"""What is known so far: the house's addresses, the people of this evening, what they bought."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.demo.doors import Browser
from deploy.local.demo.expecting import Patience
from deploy.local.demo.wire import Wire

LANGUAGE = "fr"
"""The buyer's. Not the house's own, so that a language that got lost on the way is noticed."""


@dataclass(frozen=True)
class House:
    """What `<run>/endpoints.json` says, and the folder it stands in."""

    folder: Path
    endpoints: Mapping[str, Any]

    @staticmethod
    def read(folder: Path) -> House:
        """Raises FileNotFoundError where no house is ready."""
        return House(folder, json.loads((folder / "endpoints.json").read_text()))

    def login(self, role: str) -> Mapping[str, str]:
        """User and password of a demo log-in."""
        found: Mapping[str, str] = self.endpoints["logins"][role]
        return found


@dataclass(frozen=True)
class Buyer:
    """Someone who was never here before; the names are random, so that an evening can be played again."""

    name: str
    corrected: str
    email: str
    phone: str

    @staticmethod
    def new() -> Buyer:
        """A new one. The phone number is a Belgian mobile one."""
        first, second = _letters(7), _letters(7)
        digits = "".join(random.choices(string.digits, k=7))  # noqa: S311 - nothing is kept secret by it.
        return Buyer(
            name=f"Maud {first.capitalize()}",
            corrected=f"Maud Van {second.capitalize()}",
            email=f"maud.{first}@example.org",
            phone=f"+3247{digits}",
        )


@dataclass
class Story:
    """The evening as it goes. What a step learns, the following ones may use."""

    house: House
    wire: Wire
    patience: Patience = field(default_factory=Patience)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    buyer: Buyer = field(default_factory=Buyer.new)
    at_work: dict[str, dict[str, str]] = field(default_factory=dict)
    visitor: Browser = field(init=False)
    letter: Browser = field(init=False)
    event: dict[str, Any] = field(default_factory=dict)
    partner: str = ""
    order: dict[str, Any] = field(default_factory=dict)
    link: str = ""
    subject: str = ""
    attendee: str = ""
    copy: dict[str, Any] = field(default_factory=dict)
    case: str = ""
    books: dict[str, Any] = field(default_factory=dict)
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.now()
        self.visitor = self.at_shop(LANGUAGE)
        self.letter = self.at_shop(LANGUAGE)

    def at_shop(self, language: str = "nl") -> Browser:
        """A browser that was never at the shop before."""
        return Browser(self.wire, self.house.endpoints["shop"], self.patience, language)

    def at(self, door: str) -> Browser:
        """A look into "inbox", "receiver" or "mollie"."""
        return Browser(self.wire, self.house.endpoints[door], self.patience)

    async def staff(self, role: str) -> Browser:
        """Someone of the house, or an organiser, who logs in once an evening: a code works once."""
        browser = self.at_shop()
        if role in self.at_work:
            browser.cookies = self.at_work[role]
            return browser
        await browser.log_in(self.house.login(role))
        self.at_work[role] = browser.cookies
        return browser

    @property
    def seats(self) -> list[str]:
        """Labels of the seats that were bought."""
        return [line["seat"] for line in self.order["lines"]]

    @property
    def codes(self) -> list[str]:
        """Codes of the tickets that were bought."""
        return [ticket["code"] for ticket in self.order["tickets"]]


def _letters(count: int) -> str:
    return "".join(random.choices(string.ascii_lowercase, k=count))  # noqa: S311 - nothing is kept secret by it.
