"""A recipient that may hold data counts as holding it: an answer can be lost on its way back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from aiohttp import web

from contracts.accounts.events import ChoiceSetV1
from contracts.retention.events import ErasureOrderedV1
from services.sharing.domain.purposes import CO_PRESENTATION
from tests.sharing.conftest import GUEST, TROUPE, Sharing, registered

LATER = timedelta(seconds=3)


async def told_but_the_answer_was_lost(sharing: Sharing) -> None:
    """The recipient got someone's data, its yes did not arrive, and meanwhile the person objected to all."""
    sharing.post.answers.append(web.Response(status=500))
    await sharing.door.hear(registered())
    await sharing.deliver()
    assert len(sharing.post.attendees()) == 1
    for purpose in CO_PRESENTATION:
        choice = ChoiceSetV1(
            subject=GUEST,
            purpose=purpose,
            organisation=TROUPE,
            channel="email",
            state="objected",
            version=2,
        )
        await sharing.door.hear(choice)


@pytest.mark.requirement("X-02")
async def test_an_objection_reaches_who_may_hold_the_data(sharing: Sharing) -> None:
    await told_but_the_answer_was_lost(sharing)
    for _ in range(4):
        await sharing.deliver_later(LATER)
    assert sharing.post.kinds()[1:] == ["attendee.objected"] * len(CO_PRESENTATION)


@pytest.mark.requirement("X-02")
async def test_an_erasure_recalls_from_who_may_hold_the_data(sharing: Sharing) -> None:
    await told_but_the_answer_was_lost(sharing)
    await sharing.deliver_later(LATER)
    await sharing.door.hear(ErasureOrderedV1(subject=GUEST, case=uuid4(), as_of=sharing.door.clock.now()))
    await sharing.deliver_later(timedelta(minutes=1))
    assert sharing.post.kinds()[-1] == "attendee.erased"
