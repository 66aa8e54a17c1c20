"""notify goes last: one more letter, then nothing is left, whatever the mail server does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import PersonCorrectedV1
from contracts.actors import Actor, Role
from contracts.notify.receipts import ErasureCarriedOutV1
from contracts.retention.events import (
    AnonymisationOrderedV1,
    CopyOrderedV1,
    ErasureTellingV1,
    SweepOrderedV1,
)
from tests.accounts.premises import NOON
from tests.notify.conftest import COUNTER, GUEST, Notify, issued, named, published

PERSONAL = ("contact", "ticket_order", "ticket", "message", "inbox")
CASE = UUID("00000000-0000-4000-8000-0000000000ca")


def telling() -> ErasureTellingV1:
    return ErasureTellingV1(subject=GUEST, case=CASE, as_of=NOON)


async def bought(notify: Notify) -> None:
    await notify.door.hear(named(), published(), issued())
    await notify.send()
    await notify.door.said()
    notify.server.mails.clear()


async def left(notify: Notify) -> list[str]:
    """Tables with a trace of the guest, tombstone and forgetting's own letters aside."""
    found = []
    for table in PERSONAL:
        subject = "subject" if table == "inbox" else "subject_id"
        forgetting = " AND topic NOT LIKE 'retention.%'" if table == "inbox" else ""
        if await notify.door.rows(f"SELECT 1 FROM {table} WHERE {subject} = $1{forgetting}", GUEST):
            found.append(table)
    return found


@pytest.mark.requirement("W-42")
async def test_a_last_letter_comes_before_the_address_goes(notify: Notify) -> None:
    await bought(notify)
    await notify.door.hear(telling())
    assert "contact" in await left(notify)
    await notify.send_last()
    (mail,) = notify.server.mails
    assert mail["To"] == "Guusje Zeldzaam <guusje@zeldzaam.example>"
    assert await left(notify) == []
    (receipt,) = await notify.door.said()
    assert isinstance(receipt, ErasureCarriedOutV1)
    assert receipt.case == CASE
    assert receipt.counts["contact"] == receipt.counts["ticket_order"] == 1
    assert receipt.counts["ticket"] == receipt.counts["message"] == 2


async def test_an_order_to_tell_that_comes_again_sends_no_second_letter(notify: Notify) -> None:
    await bought(notify)
    await notify.door.hear(telling(), telling())
    await notify.send_last()
    await notify.door.hear(telling())
    await notify.send_last(timedelta(minutes=5))
    assert len(notify.server.mails) == 1
    first, again = await notify.door.said()
    assert first == again


async def test_who_has_no_address_here_is_erased_at_once(notify: Notify) -> None:
    await notify.door.hear(telling())
    (receipt,) = await notify.door.said()
    assert isinstance(receipt, ErasureCarriedOutV1)
    assert notify.server.mails == []


@pytest.mark.requirement("W-42")
async def test_a_mail_server_that_refuses_for_good_does_not_hold_the_erasure_up(notify: Notify) -> None:
    await bought(notify)
    notify.server.answers.append("550 no such mailbox")
    await notify.door.hear(telling())
    await notify.send_last()
    assert await left(notify) == []


async def test_a_mail_server_that_is_away_for_a_day_does_not_either(notify: Notify) -> None:
    await bought(notify)
    notify.server.answers.extend(["451 later"] * 50)
    await notify.door.hear(telling())
    await notify.send_last()
    assert "contact" in await left(notify)
    await notify.send_last(timedelta(hours=25))
    assert await left(notify) == []
    assert notify.server.mails == []


async def test_a_crash_after_the_letter_repeats_it_with_the_same_message_id(notify: Notify) -> None:
    await bought(notify)
    notify.server.lose_next_answer = True
    await notify.door.hear(telling())
    await notify.send_last()
    assert "contact" in await left(notify)
    await notify.send_last(timedelta(minutes=1))
    first, second = notify.server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert await left(notify) == []


async def test_late_events_raise_nobody(notify: Notify) -> None:
    await bought(notify)
    await notify.door.hear(telling())
    await notify.send_last()
    notify.server.mails.clear()
    await notify.door.hear(
        named(version=5), issued(order=uuid4()), PersonCorrectedV1(subject=GUEST, version=6, name="Guusje")
    )
    await notify.send(timedelta(minutes=1))
    assert await left(notify) == []
    assert notify.server.mails == []


@pytest.mark.requirement("W-40")
async def test_a_copy_shows_address_tickets_and_messages(notify: Notify) -> None:
    await bought(notify)
    request = uuid4()
    await notify.door.hear(CopyOrderedV1(subject=GUEST, request=request))
    status, part = await notify.door.call("GET", f"/copies/{request}", actor=Actor(Role.VISITOR, GUEST))
    assert status == 200
    assert part["tables"]["contact"]["rows"][0]["email"] == "guusje@zeldzaam.example"
    assert {"ticket_order", "ticket", "message"} <= set(part["tables"])
    status, _ = await notify.door.call("GET", f"/copies/{request}", actor=Actor(Role.VISITOR, uuid4()))
    assert status == 404


@pytest.mark.requirement("W-20")
async def test_ticket_papers_are_kept_until_thirty_days_after_the_event(notify: Notify) -> None:
    await notify.door.hear(issued(None, COUNTER), named(), published(), issued())
    await notify.door.hear(SweepOrderedV1(sweep=uuid4(), as_of=NOON + timedelta(days=40)))
    assert len(await notify.door.rows("SELECT 1 FROM ticket_order")) == 2
    await notify.door.hear(SweepOrderedV1(sweep=uuid4(), as_of=NOON + timedelta(days=41)))
    assert await notify.door.rows("SELECT 1 FROM ticket_order") == []
    assert await notify.door.rows("SELECT 1 FROM ticket") == []


async def test_a_term_follows_an_event_that_moved(notify: Notify) -> None:
    await notify.door.hear(published(), issued())
    later = published(version=2)
    moved = later.model_copy(update={"ends_at": later.ends_at + timedelta(days=100)})
    await notify.door.hear(moved, published())
    await notify.door.hear(SweepOrderedV1(sweep=uuid4(), as_of=NOON + timedelta(days=60)))
    assert len(await notify.door.rows("SELECT 1 FROM ticket")) == 2


@pytest.mark.requirement("G-41")
async def test_without_activity_for_seven_years_the_address_goes(notify: Notify) -> None:
    await bought(notify)
    await notify.door.hear(AnonymisationOrderedV1(subject=GUEST, sweep=uuid4(), as_of=NOON))
    assert await left(notify) == []
