"""Whoever the house suspends is told of no more buyers; what serves rights goes on (W-01)."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.accounts.events import OrganisationChangedV1, OrganisationSuspendedV1, OrganisationVerifiedV1
from contracts.orders.events import AttendeeCorrectedV1
from tests.sharing.conftest import GUEST, TROUPE, TROUPES_CLERK, Sharing, registered

ABOUT: dict[str, Any] = {"organisation": TROUPE, "name": "De Branding"}


@pytest.mark.requirement("W-01")
async def test_who_is_suspended_gets_no_buyers_and_sees_no_door_list(sharing: Sharing) -> None:
    await sharing.door.hear(OrganisationSuspendedV1(**ABOUT, version=2), registered())
    await sharing.deliver()
    assert sharing.post.bodies == []
    status, refused = await sharing.door.call("GET", "/attendees", actor=TROUPES_CLERK)
    assert (status, refused["type"].rsplit("/")[-1]) == (403, "organisation-suspended")
    # News that is older changes nothing.
    await sharing.door.hear(OrganisationVerifiedV1(**ABOUT, version=1))
    await sharing.deliver()
    assert sharing.post.bodies == []
    await sharing.door.hear(OrganisationVerifiedV1(**ABOUT, version=3))
    await sharing.deliver()
    assert [one["name"] for one in sharing.post.attendees()] == ["Guusje Zeldzaam"]
    assert (await sharing.door.call("GET", "/attendees", actor=TROUPES_CLERK))[0] == 200


@pytest.mark.requirement("W-41")
async def test_a_correction_reaches_who_is_suspended(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.hear(OrganisationSuspendedV1(**ABOUT, version=2))
    await sharing.door.hear(AttendeeCorrectedV1(subject=GUEST, version=2, name="Guusje Anders", email=None))
    await sharing.deliver()
    assert [one["name"] for one in sharing.post.attendees()] == ["Guusje Anders"]


async def test_another_name_is_shown(sharing: Sharing) -> None:
    await sharing.door.hear(OrganisationChangedV1(**ABOUT, version=2))
    _, terms = await sharing.door.call("GET", "/agreements", actor=TROUPES_CLERK)
    assert terms["organisation_name"] == "De Branding"
