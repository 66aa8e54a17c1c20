"""Makes the mails and papers of this house: who is written to, with which words, and what goes along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.purposes import known_purposes
from chassis.speech import Formats
from chassis.tokens import LinkSigner
from chassis.work import Work
from services.notify.domain.contact import Addressee
from services.notify.domain.messages import ABOUT_MONEY, Template
from services.notify.letters import render, word
from services.notify.mail import Attachment, Mail, Sender, Wired, on_the_wire
from services.notify.paper import Press, TicketPaper
from services.notify.store import contacts, happenings, money_letters, papers
from services.notify.store.happenings import Happening
from services.notify.store.messages import Claimed
from services.notify.store.money_letters import MoneyFacts
from services.notify.store.notices import Notice
from services.notify.store.papers import PaperOrder
from services.notify.store.review_letters import ReviewLetter
from services.notify.workroom import Workroom


class Links:
    """The signed links by which people reach their orders and their rights (W-40 to W-45)."""

    def __init__(self, signer: LinkSigner, public_url: str, days: int) -> None:
        self._signer = signer
        self._public_url = public_url.rstrip("/")
        self._days = days

    def of(self, person: Addressee, now: datetime) -> str:
        """A link that speaks for one person; it counts for the number of days that was set."""
        token = self._signer.sign(person.subject, person.language, now, self._days)
        return f"{self._public_url}/l/{token}"

    def sign_off(self, person: Addressee, purpose: str, now: datetime) -> str:
        """A link that ends mails of one purpose and opens nothing else (RFC 8058)."""
        token = self._signer.sign_off(person.subject, person.language, purpose, now, self._days)
        return f"{self._public_url}/u/{token}"

    def event(self, slug: str | None) -> str:
        """The page of an event; the season where its address is not known."""
        return f"{self._public_url}/e/{slug}" if slug else f"{self._public_url}/"

    @staticmethod
    def onward(link: str) -> dict[str, str]:
        """The link of a letter, and where else it leads: who looked, and what one says yes to."""
        return {"link": link, "looks": f"{link}?to=looks", "choices": f"{link}?to=choices"}


@dataclass(frozen=True, slots=True)
class About:
    """Whom a message goes to and what it is about, as known at the time of sending."""

    person: Addressee
    happening: Happening
    order: PaperOrder | None
    money: MoneyFacts | None = None


async def look_up(tx: Work, claimed: Sequence[Claimed]) -> list[About | None]:
    """What each message is about, or None where its person, event or order is not known any more."""
    people = await contacts.find_all(tx, [one.subject for one in claimed])
    events = await happenings.find_all(tx, list({one.event for one in claimed if one.event}))
    orders = await papers.find_all(
        tx, [one.order for one in claimed if one.order and one.template is Template.TICKETS]
    )
    money = await money_letters.find_all(tx, [one.id for one in claimed if one.template in ABOUT_MONEY])
    return [_about(one, people, events, orders, money) for one in claimed]


def _about(
    claimed: Claimed,
    people: Mapping[UUID, Addressee],
    events: Mapping[UUID, Happening],
    orders: Mapping[UUID, PaperOrder],
    money: Mapping[UUID, MoneyFacts],
) -> About | None:
    person = people.get(claimed.subject)
    happening = events.get(claimed.event) if claimed.event else None
    order = orders.get(claimed.order) if claimed.order else None
    facts = money.get(claimed.id)
    lacks = {Template.TICKETS: order is None} | {one: facts is None for one in ABOUT_MONEY}
    if person is None or happening is None or lacks.get(claimed.template, False):
        return None
    return About(person, happening, order, facts)


class Composer:
    """Composes at sending time, from what is known then. Drawing computes, so it happens in the workroom."""

    def __init__(self, house: Mapping[str, Any], links: Links, workroom: Workroom, press: Press) -> None:
        """`house` holds the tables of deploy/house.toml."""
        mail = house["mail"]
        self._house = house
        self._sender = Sender(mail["from_name"], mail["from_address"], mail["reply_to"])
        self._links = links
        self._workroom = workroom
        self._press = press

    async def of_claimed(self, claimed: Claimed, about: About, now: datetime) -> Wired:
        """A mail of order_guidance."""
        return await self._workroom.make(lambda: self._of_claimed(claimed, about, now))

    def _of_claimed(self, claimed: Claimed, about: About, now: datetime) -> Wired:
        if about.order is not None and claimed.template is Template.TICKETS:
            return self._confirmation(claimed, about.person, about.order, about.happening, now)
        if about.money is not None:
            return self._about_money(claimed, about, about.money, now)
        context = self._words(about.happening, about.person, now)
        return self._mail(claimed.id, claimed.template, about.person, context, now)

    def _confirmation(
        self, claimed: Claimed, person: Addressee, order: PaperOrder, happening: Happening, now: datetime
    ) -> Wired:
        pdf = self._press.tickets(self._paper(order, happening, person.language, person.name or None))
        whole = {
            **self._words(happening, person, now),
            "number": order.number,
            "order": order.id,
            "tickets": order.tickets,
            "total_cents": order.total_cents,
            "co_presenters": happening.co_presenters,
        }
        attachment = Attachment(f"tickets-{order.number}.pdf", pdf)
        return self._mail(claimed.id, Template.TICKETS, person, whole, now, attachment)

    def _about_money(self, claimed: Claimed, about: About, money: MoneyFacts, now: datetime) -> Wired:
        person = about.person
        zone = ZoneInfo(self._house["house"]["time_zone"])
        amount = Formats(person.language, zone, money.currency).money(money.cents)
        known = self._words(about.happening, person, now)
        whole = {"files": self._house, **known, "number": money.number, "amount": amount}
        words = "_".join(filter(None, (claimed.template.value, money.reason)))
        letter = render("money", person.language, whole, words)
        mail = Mail(claimed.id, person, letter.subject, letter.text, letter.html, ())
        return on_the_wire(mail, self._sender, now)

    async def last_letter(self, message: UUID, person: Addressee, now: datetime) -> Wired:
        """The letter that says that everything was erased. It has no link: there is nothing left to see."""
        context = {"name": person.name}
        return await self._workroom.make(lambda: self._mail(message, Template.ERASED, person, context, now))

    async def notice(self, notice: Notice, person: Addressee, now: datetime) -> Wired:
        """A letter that tells what was decided about somebody's rights."""
        link = self._links.of(person, now)
        context: dict[str, object] = {"name": person.name, "as_of": notice.as_of, **self._links.onward(link)}
        if notice.purpose is not None:
            context["what"] = known_purposes()[notice.purpose].title.in_language(person.language)
        if notice.grounds is not None:
            context["grounds"] = word(person.language, f"grounds.{notice.grounds}")
        return await self._workroom.make(lambda: self._mail(notice.id, notice.template, person, context, now))

    async def review(self, letter: ReviewLetter, now: datetime) -> Wired:
        """What a person decided about an automated decision; its reader's address is known."""
        person = letter.person
        assert person is not None, "nobody is written to without an address"
        link = self._links.of(person, now)
        context = {
            "name": person.name,
            "title": letter.title.in_language(person.language),
            "granted": letter.granted,
            "reasons": letter.reasons,
            **self._links.onward(link),
        }
        return await self._workroom.make(
            lambda: self._mail(letter.id, Template.REVIEWED, person, context, now)
        )

    async def pdf(self, order: PaperOrder, happening: Happening, language: str) -> bytes:
        """The tickets of one order as PDF, a page each, with the names that its buyer put on them."""
        paper = self._paper(order, happening, language, None)
        return await self._workroom.make(lambda: self._press.tickets(paper))

    def _paper(
        self, order: PaperOrder, happening: Happening, language: str, holder: str | None
    ) -> TicketPaper:
        return TicketPaper(
            house=self._house,
            language=language,
            number=order.number,
            title=happening.title.in_language(language),
            hall=happening.hall,
            doors_at=happening.doors_at,
            starts_at=happening.starts_at,
            tickets=order.tickets,
            holder=holder,
            holders=order.holders,
        )

    def _words(self, happening: Happening, person: Addressee, now: datetime) -> dict[str, object]:
        link = self._links.of(person, now)
        return {**_about_event(happening, person), **self._links.onward(link)}

    def _mail(
        self,
        id: UUID,
        template: Template,
        person: Addressee,
        context: Mapping[str, object],
        now: datetime,
        *attachments: Attachment,
    ) -> Wired:
        letter = render(template.value, person.language, {"files": self._house, **context})
        mail = Mail(id, person, letter.subject, letter.text, letter.html, attachments)
        return on_the_wire(mail, self._sender, now)


def _about_event(happening: Happening, person: Addressee) -> dict[str, object]:
    return {
        "name": person.name,
        "title": happening.title.in_language(person.language),
        "hall": happening.hall,
        "doors_at": happening.doors_at,
        "starts_at": happening.starts_at,
        "ends_at": happening.ends_at,
    }
