"""Decisions about somebody are told to them, also while their data is only stored (Art. 12(3), 18(3))."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from contracts.notify.events import MessageSentV1
from contracts.retention.events import ObjectionDecidedV1, RestrictionEndingV1, RestrictionSetV1
from tests.accounts.premises import NOON
from tests.notify.conftest import GUEST, Notify, named

CASE = UUID("00000000-0000-4000-8000-0000000000ca")


async def sent(notify: Notify) -> list[str]:
    await notify.door.run_timer("send_notices")
    return [one.template for one in await notify.door.said() if isinstance(one, MessageSentV1)]


@pytest.mark.requirement("W-43")
async def test_who_is_restricted_reads_before_it_ends_and_once(notify: Notify) -> None:
    ending = RestrictionEndingV1(subject=GUEST, case=CASE, lifts_at=NOON + timedelta(days=3))
    await notify.door.hear(named(), RestrictionSetV1(subject=GUEST, restricted=True, version=1), ending)
    assert await sent(notify) == ["restriction_ending"]
    assert await sent(notify) == []
    (mail,) = notify.server.mails
    assert mail["To"] == "Guusje Zeldzaam <guusje@zeldzaam.example>"
    text = mail.get_body(("plain",))
    assert text is not None
    assert "24 novembre" in text.get_content()
    assert "?to=choices" in text.get_content()


@pytest.mark.requirement("W-45")
@pytest.mark.parametrize(
    ("grounds", "words"),
    [(None, "est maintenue"), ("legal_claims", "un droit en justice")],
)
async def test_who_objected_reads_what_was_decided_and_why(
    notify: Notify, grounds: str | None, words: str
) -> None:
    decided = ObjectionDecidedV1(
        subject=GUEST,
        case=CASE,
        purpose="co_presentation_door_list",
        organisation=None,
        stands=grounds is None,
        grounds=grounds,
    )
    notify.server.answers.append("450 later")
    await notify.door.hear(named(), decided)
    assert await sent(notify) == []
    notify.door.clock.move(timedelta(minutes=1))
    assert len(await sent(notify)) == 1
    text = notify.server.mails[0].get_body(("plain",))
    assert text is not None
    assert words in text.get_content()
    assert "Liste d" in text.get_content()
