"""Mails about a wish list: what they say, and the links by which they end (G-03, G-61)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notify.compose import Links
from services.notify.domain.contact import Addressee
from services.notify.letters import render
from services.notify.mail import Mail, Sender, Wired, on_the_wire
from services.notify.store.reminders import Reminder, Show
from services.notify.workroom import Workroom

PURPOSE = "wish_reminders"


class ReminderComposer:
    """Composes at sending time, from what is known then."""

    def __init__(self, house: Mapping[str, Any], links: Links, workroom: Workroom) -> None:
        """`house` holds the tables of deploy/house.toml."""
        mail = house["mail"]
        self._house = house
        self._sender = Sender(mail["from_name"], mail["from_address"], mail["reply_to"])
        self._links = links
        self._workroom = workroom

    async def __call__(self, letter: Reminder, show: Show, person: Addressee, now: datetime) -> Wired:
        """The mail of one letter, with a link to sign off from all of them in one click."""
        return await self._workroom.make(lambda: self._mail(letter, show, person, now))

    def _mail(self, letter: Reminder, show: Show, person: Addressee, now: datetime) -> Wired:
        sign_off = self._links.sign_off(person, PURPOSE, now)
        context = {
            "files": self._house,
            "name": person.name,
            "title": show.title.in_language(person.language),
            "hall": show.hall,
            "starts_at": show.starts_at,
            "before": letter.before,
            "event": self._links.event(show.slug),
            "sign_off": sign_off,
            **self._links.onward(self._links.of(person, now)),
        }
        made = render("wish", person.language, context, letter.template)
        mail = Mail(letter.id, person, made.subject, made.text, made.html, sign_off=sign_off)
        return on_the_wire(mail, self._sender, now)
