"""The confirmation and the other mails: when they leave, what is in them, what a bad mail server changes."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from pypdf import PdfReader

from chassis.tokens import LinkReader, read_keys
from contracts.accounts.events import ContactSetV1, PersonCorrectedV1
from contracts.actors import Actor, Role
from contracts.notify.events import MessageSentV1
from contracts.orders.events import HoldersNamedV1, TicketsSentAgainV1
from services.notify.handlers.name_holders import TicketsNotHere
from tests.accounts.premises import NOON
from tests.notify.conftest import COUNTER, EVENING, GUEST, ORDER, Notify, failed, issued, named, published

ME = Actor(Role.VISITOR, GUEST)
CLERK = Actor(Role.BOX_OFFICE, uuid4())
LATER = timedelta(seconds=3)
WHOLE = (named(), published(), issued())


@pytest.mark.requirement("G-21")
async def test_the_confirmation_comes_in_the_visitors_language_with_the_tickets(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    await notify.send()
    (mail,) = notify.server.mails
    assert mail["To"] == "Guusje Zeldzaam <guusje@zeldzaam.example>"
    assert "La tempête approche" in mail["Subject"]
    assert mail["Content-Language"] == "fr"
    assert mail["List-Unsubscribe"] is None
    text = mail.get_body(("plain",))
    html = mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Rij 3, stoel 4" in text.get_content()
    (pdf,) = mail.iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_filename() == "tickets-AK-2026-0042.pdf"
    pages = PdfReader(io.BytesIO(pdf.get_content())).pages
    assert len(pages) == 2
    assert "Rij 3, stoel 4" in pages[0].extract_text()


async def test_the_link_in_the_mail_speaks_for_its_reader(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    await notify.send()
    body = notify.server.mails[0].get_body(("plain",))
    assert body is not None
    found = re.search(r"http://localhost:8080/l/(\S+)", body.get_content())
    assert found is not None
    keys = read_keys(notify.door.premises.folder / "accounts" / "keys")
    notify_keys = read_keys(notify.door.premises.folder / "notify" / "keys")
    link = LinkReader((*keys, *notify_keys)).read(found[1], NOON)
    assert link is not None
    assert (link.subject, link.locale) == (GUEST, "fr")


async def test_what_comes_together_is_mailed_once_each(notify: Notify) -> None:
    other, orders = uuid4(), [uuid4() for _ in range(10)]
    await notify.door.hear(published())
    await notify.door.hear_together(named(), named(subject=other, email="ander@zeldzaam.example"))
    await notify.door.hear_together(
        issued(), issued(None, COUNTER), *(issued(other, order) for order in orders), issued(other, orders[0])
    )
    await notify.send()
    await notify.send(LATER)
    assert len(notify.server.mails) == 11
    assert len({mail["Message-ID"] for mail in notify.server.mails}) == 11
    said = [one for one in await notify.door.said() if isinstance(one, MessageSentV1)]
    assert len(said) == 11
    assert (await pdf(notify, orders[3], Actor(Role.VISITOR, other)))[0] == 200


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_no_order_of_arrival_matters(notify: Notify, order: tuple[int, ...]) -> None:
    for place in order:
        assert notify.server.mails == []
        await notify.door.hear(WHOLE[place])
        await notify.send(LATER)
    assert len(notify.server.mails) == 1


async def test_told_twice_mailed_once(notify: Notify) -> None:
    await notify.door.hear(*WHOLE, *WHOLE)
    await notify.send()
    await notify.send(LATER)
    assert len(notify.server.mails) == 1
    said = [one for one in await notify.door.said() if isinstance(one, MessageSentV1)]
    assert [(one.subject, one.template) for one in said] == [(GUEST, "tickets")]


async def test_a_correction_that_overtakes_the_name_wins(notify: Notify) -> None:
    await notify.door.hear(
        PersonCorrectedV1(subject=GUEST, version=2, name="Guusje Zeldzame"), published(), issued()
    )
    await notify.send()
    assert notify.server.mails == []
    await notify.door.hear(named())
    await notify.send(LATER)
    assert notify.server.mails[0]["To"] == "Guusje Zeldzame <guusje@zeldzaam.example>"


async def test_an_older_contact_does_not_undo_a_newer_one(notify: Notify) -> None:
    newer = ContactSetV1(subject=GUEST, version=3, name="Guusje", email="nieuw@zeldzaam.example", locale="nl")
    await notify.door.hear(newer, *WHOLE)
    await notify.send()
    (mail,) = notify.server.mails
    assert mail["To"] == "Guusje <nieuw@zeldzaam.example>"
    assert mail["Content-Language"] == "nl"


async def test_a_name_cannot_smuggle_a_header(notify: Notify) -> None:
    # The contract refuses such a name; a mail must not depend on that.
    smuggler = named().model_copy(update={"name": "Guusje\r\nBcc: ander@example.com"})
    await notify.door.hear(smuggler, published(), issued())
    await notify.send()
    (mail,) = notify.server.mails
    assert mail["Bcc"] is None


async def test_a_line_to_the_mail_server_carries_more_than_one_letter(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    await notify.send()
    await notify.door.hear(issued(order=uuid4()))
    await notify.send()
    assert (len(notify.server.mails), len(notify.server.lines)) == (2, 1)


async def test_a_line_that_the_mail_server_ended_costs_no_letter_a_moment(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    await notify.send()
    notify.server.hang_up()
    await notify.door.hear(issued(order=uuid4()))
    await notify.send()
    assert (len(notify.server.mails), len(notify.server.lines)) == (2, 2)


async def test_a_refused_letter_leaves_its_line_to_the_next(notify: Notify) -> None:
    notify.server.answers.append("550 no such mailbox")
    await notify.door.hear(*WHOLE)
    await notify.send()
    await notify.door.hear(issued(order=uuid4()))
    await notify.send()
    assert (len(notify.server.mails), len(notify.server.lines)) == (1, 1)


@pytest.mark.parametrize("answer", ["451 later", "421 busy"])
async def test_a_mail_server_that_refuses_for_now_gets_the_mail_again(notify: Notify, answer: str) -> None:
    notify.server.answers.append(answer)
    await notify.door.hear(*WHOLE)
    await notify.send()
    assert notify.server.mails == []
    await notify.send(LATER)
    assert len(notify.server.mails) == 1


async def test_a_mail_server_that_is_away_loses_nothing(notify: Notify) -> None:
    before = notify.server.answers
    notify.server.answers.extend(["451 later"] * 6)
    await notify.door.hear(*WHOLE)
    for _ in range(8):
        await notify.send(timedelta(minutes=5))
    assert before == []
    assert len(notify.server.mails) == 1


async def test_a_mail_that_is_refused_for_good_is_not_tried_again_and_is_said(notify: Notify) -> None:
    notify.server.answers.append("550 no such mailbox")
    await notify.door.hear(*WHOLE)
    await notify.send()
    await notify.send(timedelta(hours=2))
    assert notify.server.mails == []
    _, own = await notify.door.call("GET", "/my/messages", actor=ME)
    assert [(one["template"], one["state"]) for one in own["messages"]] == [("tickets", "failed")]


async def test_a_repeat_after_a_crash_carries_the_same_message_id(notify: Notify) -> None:
    """The mail server took the mail, and its answer or our commit was lost: at least once, never lost."""
    notify.server.lose_next_answer = True
    await notify.door.hear(*WHOLE)
    await notify.send()
    await notify.send(timedelta(minutes=1))
    first, second = notify.server.mails
    assert first["Message-ID"] == second["Message-ID"]
    _, own = await notify.door.call("GET", "/my/messages", actor=ME)
    assert [one["state"] for one in own["messages"]] == ["sent"]


async def test_a_sender_that_died_gives_its_message_back(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    await notify.door.rows(
        "UPDATE message SET state = 'sending', attempts = 1, next_try = $1", NOON + timedelta(seconds=20)
    )
    await notify.send()
    assert notify.server.mails == []
    await notify.send(timedelta(seconds=21))
    assert len(notify.server.mails) == 1


async def test_a_failed_payment_is_told(notify: Notify) -> None:
    await notify.door.hear(named(locale="en"), published(), failed())
    await notify.send()
    (mail,) = notify.server.mails
    assert "Storm coming" in mail["Subject"]
    assert list(mail.iter_attachments()) == []


async def test_no_mail_names_an_outside_host(notify: Notify) -> None:
    await notify.door.hear(*WHOLE, failed())
    await notify.send()
    for mail in notify.server.mails:
        html = mail.get_body(("html",))
        assert html is not None
        fetched = re.findall(r"(?:src|background)=\"(http[^\"]+)|url\((http[^)]+)", html.get_content())
        assert fetched == []


async def test_a_visitor_gets_their_own_tickets_and_nobody_elses(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    assert (await pdf(notify, ORDER, ME))[0] == 200
    stranger = Actor(Role.VISITOR, uuid4())
    assert (await pdf(notify, ORDER, stranger))[0] == 404
    assert (await pdf(notify, uuid4(), ME))[0] == 404


@pytest.mark.requirement("G-15")
async def test_the_counter_prints_what_it_sold_without_a_name_and_mails_nobody(notify: Notify) -> None:
    await notify.door.hear(published(), issued(None, COUNTER), issued())
    status, content = await pdf(notify, COUNTER, CLERK)
    assert status == 200
    assert content.startswith(b"%PDF-")
    assert (await pdf(notify, ORDER, CLERK))[0] == 404
    await notify.send()
    assert notify.server.mails == []


async def pdf(notify: Notify, order: object, actor: Actor) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {notify.door.token(actor)}", "Access-Reason": "customer-asked"}
    url = f"{notify.door.base}/orders/{order}/tickets.pdf"
    async with notify.door.session.get(url, headers=headers) as answer:
        return answer.status, await answer.read()


def holders(version: int, *names: str | None) -> HoldersNamedV1:
    told = [{"ticket": one.ticket, "name": name} for one, name in zip(issued().tickets, names, strict=False)]
    return HoldersNamedV1.model_validate(
        {"subject": GUEST, "order": ORDER, "version": version, "holders": told}
    )


@pytest.mark.requirement("F-18")
async def test_a_name_stands_on_the_paper_only_where_its_buyer_gave_one(notify: Notify) -> None:
    with pytest.raises(TicketsNotHere):
        await notify.door.hear(holders(1, "Lore"))
    await notify.door.hear(*WHOLE)
    for told, seen in (
        (holders(2, "Lore", "Wies"), ("Lore", "Wies")),
        (holders(1, "Iemand anders"), ("Lore", "Wies")),
        (holders(3, None), (None, "Wies")),
    ):
        await notify.door.hear(told, told)
        _, content = await pdf(notify, ORDER, ME)
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
        for page, name in zip(pages, seen, strict=True):
            assert ("Lore" in page, "Wies" in page) == (name == "Lore", name == "Wies")


def again(times: int, code: str) -> TicketsSentAgainV1:
    codes = tuple({"ticket": one.ticket, "code": code} for one in issued().tickets)
    return TicketsSentAgainV1.model_validate(
        {"subject": GUEST, "order": ORDER, "event": EVENING, "times": times, "codes": codes}
    )


@pytest.mark.requirement("F-32")
async def test_tickets_sent_again_are_a_mail_of_their_own_with_the_codes_of_today(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    await notify.send()
    await notify.door.hear(again(1, "AVK1.renewed"), again(1, "AVK1.renewed"))
    await notify.send()
    first, second = notify.server.mails
    assert first["Message-ID"] != second["Message-ID"]
    assert (first["Subject"], first["To"]) == (second["Subject"], second["To"])
    (attached,) = second.iter_attachments()
    assert attached.get_content().startswith(b"%PDF-")
    rows = await notify.door.rows("SELECT DISTINCT code FROM ticket")
    assert [row["code"] for row in rows] == ["AVK1.renewed"]
    await notify.door.hear(again(2, "AVK1.renewed"))
    await notify.send()
    assert len(notify.server.mails) == 3
