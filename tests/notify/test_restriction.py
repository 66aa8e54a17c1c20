"""Someone restricts processing (Art. 18): nobody writes to them, and what comes is kept until that ends."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.accounts.events import ContactSetV1
from contracts.actors import Actor, Role
from contracts.looks import REASON_HEADER
from contracts.retention.events import RestrictionSetV1
from tests.accounts.premises import NOON
from tests.notify.conftest import GUEST, ORDER, Notify, issued, named, published

BEGINS = RestrictionSetV1(subject=GUEST, restricted=True, version=1)
ENDS = RestrictionSetV1(subject=GUEST, restricted=False, version=2)
LATER = timedelta(seconds=3)


@pytest.mark.requirement("W-43")
async def test_nobody_writes_to_who_is_restricted_and_the_letter_leaves_when_that_ends(
    notify: Notify,
) -> None:
    await notify.door.hear(BEGINS, named(), published(), issued())
    await notify.send()
    await notify.send(LATER)
    assert notify.server.mails == []
    await notify.door.hear(ENDS)
    await notify.send(LATER)
    assert len(notify.server.mails) == 1


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("W-41")
async def test_an_address_is_kept_up_to_date_during_a_restriction(notify: Notify) -> None:
    await notify.door.hear(named(), published(), BEGINS, issued())
    moved = ContactSetV1(
        subject=GUEST, version=2, name="Guusje Zeldzame", email="guusje@nieuw.example", locale="nl"
    )
    await notify.door.hear(moved, named())
    await notify.door.hear(ENDS)
    await notify.send(LATER)
    assert notify.server.mails[0]["To"] == "Guusje Zeldzame <guusje@nieuw.example>"


@pytest.mark.requirement("W-43")
async def test_whoever_is_restricted_fetches_their_own_tickets_and_nobody_else_does(notify: Notify) -> None:
    await notify.door.hear(named(), published(), issued(), BEGINS)
    path = f"/orders/{ORDER}/tickets.pdf"
    assert await status(notify, path, Actor(Role.VISITOR, GUEST)) == 200
    assert await status(notify, path, Actor(Role.VISITOR, uuid4())) == 404
    assert await status(notify, path, Actor(Role.BOX_OFFICE, uuid4())) == 404


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("W-20")
async def test_the_term_of_papers_runs_during_a_restriction(notify: Notify) -> None:
    await notify.door.hear(BEGINS, named(), issued(), published())
    for table in ("ticket_order", "ticket"):
        rows = await notify.door.rows(f"SELECT DISTINCT ends_at FROM {table}")
        assert [row["ends_at"] for row in rows] == [NOON + timedelta(days=10, hours=3)]


async def status(notify: Notify, path: str, actor: Actor) -> int:
    headers = {"Authorization": f"Bearer {notify.door.token(actor)}", REASON_HEADER: "customer-asked"}
    async with notify.door.session.get(notify.door.base + path, headers=headers) as answer:
        return answer.status
