"""Whoever is shielded is in nobody's feed, and what recipients got before is recalled (F-70)."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from contracts.accounts.events import ProtectionSetV1
from contracts.orders.events import AttendeeCorrectedV1
from tests.sharing.conftest import EVENING, GUEST, TROUPES_CLERK, Sharing, registered
from tests.sharing.test_restriction import door_list

BEGINS = ProtectionSetV1(subject=GUEST, protection=UUID(int=0xF70), protected=True, version=1)
ENDS = ProtectionSetV1(subject=GUEST, protection=UUID(int=0xF70), protected=False, version=2)


@pytest.mark.requirement("F-70")
async def test_of_whoever_is_shielded_nothing_is_taken_up_and_nothing_leaves(sharing: Sharing) -> None:
    await sharing.door.hear(BEGINS, registered())
    await sharing.deliver()
    assert sharing.post.bodies == []
    assert await door_list(sharing) == []
    for table in ("attendee", "attendee_door", "attendee_news", "delivery"):
        assert await sharing.door.rows(f"SELECT 1 FROM {table}") == []


@pytest.mark.requirement("F-70")
async def test_what_waits_to_leave_stays_and_what_left_is_recalled_once(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    assert len(sharing.post.attendees()) == 1
    await sharing.door.hear(AttendeeCorrectedV1(subject=GUEST, version=2, name="Guusje Zeldzame"))
    await sharing.door.hear(BEGINS, BEGINS)
    assert await door_list(sharing) == []
    for _ in range(3):
        await sharing.deliver()
    assert sharing.post.attendees() == []
    assert sharing.post.kinds() == ["attendee.registered", "attendee.erased"]
    assert "Zeldzame" not in json.dumps([body.decode() for body in sharing.post.bodies])
    recalls = await sharing.door.rows("SELECT case_id, state FROM recall")
    assert recalls == [{"case_id": BEGINS.protection, "state": "acknowledged"}]


@pytest.mark.requirement("F-70")
async def test_once_it_ended_what_orders_tells_again_is_shared_again(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.hear(BEGINS)
    await sharing.deliver()
    await sharing.door.hear(ENDS, registered(), BEGINS)
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert held["name"] == "Guusje Zeldzaam"
    status, listed = await sharing.door.call("GET", f"/attendees?event={EVENING}", actor=TROUPES_CLERK)
    assert (status, len(listed["attendees"])) == (200, 1)
