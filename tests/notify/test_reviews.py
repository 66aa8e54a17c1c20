"""Who contested an automated decision is told by mail what a person decided (W-46, Art. 22(3))."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.notify.events import MessageSentV1
from contracts.retention.events import DecisionReviewedV1, RestrictionSetV1
from contracts.texts import Text
from tests.notify.conftest import GUEST, Notify, named

TITLE = Text(nl="Storm op komst", fr="La tempête approche", en="Storm coming")


def reviewed(granted: int = 3, case: UUID | None = None) -> DecisionReviewedV1:
    return DecisionReviewedV1(
        subject=GUEST,
        case=case or uuid4(),
        decision=uuid4(),
        title=TITLE,
        granted=granted,
        reasons="Une classe vient ensemble <ok>.",
    )


async def posted(notify: Notify, later: timedelta = timedelta(0)) -> list[str]:
    notify.door.clock.move(later)
    await notify.door.run_timer("send_reviews")
    bodies = [mail.get_body(("plain",)) for mail in notify.server.mails]
    return [body.get_content() for body in bodies if body is not None]


@pytest.mark.requirement("W-46")
async def test_the_answer_is_sent_once_with_its_reasons_and_nothing_of_it_stays(notify: Notify) -> None:
    said = reviewed()
    await notify.door.hear(named(), RestrictionSetV1(subject=GUEST, restricted=True, version=1), said, said)
    for _ in range(2):
        bodies = await posted(notify)
    (body,) = bodies
    assert "Vous recevez 3 places de plus pour La tempête approche." in body
    assert "Une classe vient ensemble <ok>." in body
    assert "/l/" in body
    assert await notify.door.rows("SELECT id FROM review_letter") == []
    (message,) = await notify.door.rows("SELECT template, state FROM message")
    assert message == {"template": "reviewed", "state": "sent"}
    assert [one.template for one in await notify.door.said() if isinstance(one, MessageSentV1)] == [
        "reviewed"
    ]


@pytest.mark.requirement("W-46")
async def test_an_answer_waits_for_an_address_and_for_a_mail_server(notify: Notify) -> None:
    await notify.door.hear(reviewed(granted=0))
    assert await posted(notify) == []
    await notify.door.hear(named())
    notify.server.answers.append("451 later")
    assert await posted(notify, timedelta(seconds=3)) == []
    (body,) = await posted(notify, timedelta(seconds=10))
    assert "le maximum par acheteur reste valable" in body
