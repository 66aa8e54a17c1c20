"""Someone restricts processing (Art. 18): what comes is stored, nothing leaves, and nothing is lost by it."""

from __future__ import annotations

import json

import pytest

from contracts.accounts.events import ChoiceSetV1
from contracts.orders.events import AttendeeCorrectedV1
from contracts.retention.events import RestrictionSetV1
from contracts.sharing.events import DisclosureMadeV1
from services.sharing.domain.purposes import ADMINISTRATION, DOOR_LIST
from tests.sharing.conftest import EVENING, GUEST, TROUPE, TROUPES_CLERK, Sharing, registered

BEGINS = RestrictionSetV1(subject=GUEST, restricted=True, version=1)
ENDS = RestrictionSetV1(subject=GUEST, restricted=False, version=2)


async def door_list(sharing: Sharing) -> list[str]:
    status, body = await sharing.door.call("GET", f"/attendees?event={EVENING}", actor=TROUPES_CLERK)
    assert status == 200
    return [one["name"] for one in body["attendees"]]


@pytest.mark.requirement("W-43")
async def test_what_comes_during_a_restriction_is_stored_and_leaves_when_it_ends(sharing: Sharing) -> None:
    await sharing.door.hear(BEGINS, registered(), registered())
    await sharing.deliver()
    assert sharing.post.bodies == []
    assert await door_list(sharing) == []
    await sharing.door.hear(ENDS)
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert (held["name"], held["email"]) == ("Guusje Zeldzaam", "guusje@zeldzaam.example")
    assert await door_list(sharing) == ["Guusje Zeldzaam"]


@pytest.mark.requirement("W-43")
async def test_news_of_someone_known_is_taken_up_while_they_are_restricted(sharing: Sharing) -> None:
    await sharing.door.hear(registered((ADMINISTRATION,)))
    await sharing.deliver()
    await sharing.door.hear(BEGINS, registered(), registered())
    await sharing.door.hear(AttendeeCorrectedV1(subject=GUEST, version=2, name="Guusje Zeldzame"))
    await sharing.deliver()
    assert sharing.post.kinds() == ["attendee.registered", "attendee.restricted"]
    await sharing.door.hear(ENDS)
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert (held["name"], held["seats"]) == ("Guusje Zeldzame", ["Rij 3, stoel 4", "Rij 3, stoel 5"])


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("X-02")
async def test_corrections_and_objections_reach_recipients_during_a_restriction(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    objection = ChoiceSetV1(
        subject=GUEST, purpose=DOOR_LIST, organisation=TROUPE, channel="email", state="objected", version=1
    )
    correction = AttendeeCorrectedV1(subject=GUEST, version=2, email="guusje@nieuw.example")
    await sharing.door.hear(BEGINS, correction, objection)
    await sharing.deliver()
    await sharing.deliver()
    told = ["attendee.registered", "attendee.restricted", "attendee.corrected", "attendee.objected"]
    assert sharing.post.kinds() == told


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("W-40")
async def test_who_got_what_is_known_even_if_the_restriction_came_while_it_left(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    sharing.post.on_arrival = lambda: sharing.door.hear(BEGINS)
    await sharing.deliver()
    said = [one for one in await sharing.door.said() if isinstance(one, DisclosureMadeV1)]
    assert [one.recipient for one in said] == [TROUPE]
    rows = await sharing.door.rows("SELECT state FROM delivery WHERE kind = 'registered'")
    assert [row["state"] for row in rows] == ["delivered"]


@pytest.mark.requirement("G-51")
async def test_who_objects_to_being_counted_stays_on_the_door_list(sharing: Sharing) -> None:
    objection = ChoiceSetV1(
        subject=GUEST,
        purpose=ADMINISTRATION,
        organisation=TROUPE,
        channel="email",
        state="objected",
        version=1,
    )
    await sharing.door.hear(objection, registered((DOOR_LIST,)), registered())
    await sharing.deliver()
    await sharing.deliver()
    assert [json.loads(body)["data"]["purposes"][0] for body in sharing.post.bodies] == [DOOR_LIST, DOOR_LIST]
    assert await door_list(sharing) == ["Guusje Zeldzaam"]


@pytest.mark.requirement("X-02")
async def test_recipients_hear_of_a_restriction_and_of_its_end_as_it_stands_then(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.hear(BEGINS, BEGINS)
    await sharing.deliver()
    assert sharing.post.kinds()[1:] == ["attendee.restricted"]
    assert json.loads(sharing.post.bodies[-1])["data"]["restricted"] is True
    await sharing.door.hear(ENDS, BEGINS)
    await sharing.deliver()
    told = [json.loads(body)["data"]["restricted"] for body in sharing.post.bodies[1:]]
    assert told == [True, False]


@pytest.mark.requirement("W-33")
async def test_who_never_got_anything_hears_of_no_restriction(sharing: Sharing) -> None:
    await sharing.door.hear(registered(), BEGINS)
    await sharing.deliver()
    assert sharing.post.bodies == []
