"""Mails about an account: what they say, and links that only the reader of the mailbox can use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.tokens import LinkSigner
from services.notify.domain.contact import Addressee, one_line
from services.notify.letters import render
from services.notify.mail import Mail, Sender, Wired, on_the_wire
from services.notify.store.account_letters import AccountLetter
from services.notify.workroom import Workroom

LINKED = frozenset({"register", "reset", "email_new", "email_old"})
"""Letters whose link may be used once; the others lead to a page that asks who is there."""


class AccountComposer:
    """Composes at sending time; the signature is what makes a link of a letter's id."""

    def __init__(
        self, house: Mapping[str, Any], signer: LinkSigner, public_url: str, workroom: Workroom
    ) -> None:
        """`house` holds the tables of deploy/house.toml."""
        mail = house["mail"]
        self._house = house
        self._sender = Sender(mail["from_name"], mail["from_address"], mail["reply_to"])
        self._signer = signer
        self._workroom = workroom
        self._public_url = public_url.rstrip("/")

    async def __call__(self, letter: AccountLetter, now: datetime) -> Wired:
        """The mail of one letter."""
        return await self._workroom.make(lambda: self._mail(letter, now))

    def _mail(self, letter: AccountLetter, now: datetime) -> Wired:
        person = Addressee(letter.subject, one_line(letter.name or ""), letter.email, letter.locale)
        context = {"files": self._house, "name": person.name, "link": self._link(letter, now)}
        words = f"account_{letter.kind}"
        made = render("account", letter.locale, context, words)
        mail = Mail(letter.id, person, made.subject, made.text, made.html)
        return on_the_wire(mail, self._sender, now)

    def _link(self, letter: AccountLetter, now: datetime) -> str:
        if letter.kind in LINKED:
            return f"{self._public_url}/a/{self._signer.sign_letter(letter.id, now, letter.expires_at)}"
        return self._public_url + ("/login" if letter.kind == "exists" else "/account")
