"""Who wishes to see an event hears of its sale, another date and few places: asked for, true, and once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import permutations
from typing import Any

import pytest

from contracts.accounts.events import ChoiceSetV1, WishAddedV1, WishRemovedV1
from contracts.envelope import Event
from contracts.notify.events import MessageSentV1
from contracts.orders.events import AvailabilityChangedV1, EventChangedV1, SaleOpenedV1
from contracts.retention.events import RestrictionSetV1
from tests.accounts.premises import NOON
from tests.notify.conftest import EVENING, GUEST, Notify, issued, named, published

OPENED = SaleOpenedV1(event=EVENING, slug="storm")
ALL = ("on_sale", "moved", "nearly_full")


def wished(version: int = 1, kinds: tuple[Any, ...] = ALL) -> WishAddedV1:
    return WishAddedV1(subject=GUEST, event=EVENING, kinds=kinds, version=version)


def chosen(state: str = "given", version: int = 1) -> ChoiceSetV1:
    return ChoiceSetV1(
        subject=GUEST,
        purpose="wish_reminders",
        organisation=None,
        channel="email",
        state=state,
        version=version,
    )


def few(nearly_full: bool = True, version: int = 1) -> AvailabilityChangedV1:
    return AvailabilityChangedV1(event=EVENING, version=version, nearly_full=nearly_full)


def moved(version: int, **changed: datetime) -> EventChangedV1:
    was = published()
    return EventChangedV1(
        event=EVENING,
        version=version,
        changed=tuple(changed) or ("starts_at",),
        doors_at_before=was.doors_at,
        starts_at_before=was.starts_at,
        ends_at_before=was.ends_at,
        hall_before=was.hall,
    )


async def posted(notify: Notify, later: timedelta = timedelta(0)) -> list[EmailMessage]:
    notify.door.clock.move(later)
    await notify.door.run_timer("send_reminders")
    return notify.server.mails


async def after(notify: Notify, *said: Event) -> list[str]:
    """Subjects of what was mailed after these were heard."""
    await notify.door.hear(*said)
    return [str(mail["Subject"]) for mail in await posted(notify)]


KNOWN = (named(), published(), wished(), chosen())


@pytest.mark.requirement("F-12")
@pytest.mark.requirement("G-03")
async def test_whoever_asked_is_told_once_that_the_sale_began_and_can_stop_it_in_one_click(
    notify: Notify,
) -> None:
    assert await after(notify, *KNOWN, OPENED, OPENED) == ["La tempête approche : la vente a commencé"]
    await posted(notify, timedelta(minutes=1))
    (mail,) = notify.server.mails
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "http://localhost:8080/e/storm" in text
    (link,) = re.findall(r"http://localhost:8080/u/(\S+)", text)
    assert mail["List-Unsubscribe"] == f"<http://localhost:8080/u/{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "?to=choices" in text
    assert await notify.door.rows("SELECT id FROM reminder") == []
    assert [one.template for one in await notify.door.said() if isinstance(one, MessageSentV1)] == [
        "wish_on_sale"
    ]


@pytest.mark.requirement("G-03")
@pytest.mark.parametrize(
    "lacking",
    [
        [named(), published(), wished(), OPENED],
        [*KNOWN, chosen("withdrawn", 2), OPENED],
        [*KNOWN, OPENED, chosen("withdrawn", 2)],
        [*KNOWN, RestrictionSetV1(subject=GUEST, restricted=True, version=1), OPENED],
        [*KNOWN, WishRemovedV1(subject=GUEST, event=EVENING, version=2), OPENED],
        [*KNOWN, OPENED, WishRemovedV1(subject=GUEST, event=EVENING, version=2)],
        [*KNOWN, wished(2, ("moved",)), OPENED],
        [*KNOWN, issued(), OPENED],
        [*KNOWN, OPENED, issued()],
        [*KNOWN, few(), few(nearly_full=False, version=2)],
        [*KNOWN, few(nearly_full=False, version=2), few()],
    ],
    ids=[
        "no consent",
        "withdrawn before",
        "withdrawn after",
        "restricted",
        "taken back before",
        "taken back after",
        "other kinds",
        "a ticket before",
        "a ticket after",
        "places came free",
        "in the wrong order",
    ],
)
async def test_nobody_is_told_what_they_did_not_ask_or_what_is_no_longer_true(
    notify: Notify, lacking: list[Event]
) -> None:
    assert await after(notify, *lacking) == []
    assert await after(notify) == []


@pytest.mark.requirement("G-03")
async def test_nothing_is_told_of_an_event_that_is_over(notify: Notify) -> None:
    await notify.door.hear(*KNOWN, OPENED, few())
    assert await posted(notify, timedelta(days=11)) == []
    assert await notify.door.rows("SELECT id FROM reminder") == []


@pytest.mark.requirement("G-03")
async def test_few_places_are_told_once_however_often_it_changes(notify: Notify) -> None:
    assert await after(notify, *KNOWN, few()) == ["La tempête approche est presque complet"]
    assert len(await after(notify, few(nearly_full=False, version=2), few(version=3))) == 1


@pytest.mark.requirement("G-03")
async def test_another_date_waits_for_the_new_one_and_the_last_of_two_moves_is_told(notify: Notify) -> None:
    later = published(version=3)
    later = later.model_copy(update={"starts_at": later.starts_at + timedelta(days=1, minutes=30)})
    assert await after(notify, *KNOWN, moved(2), moved(3)) == []
    await notify.door.hear(later)
    (mail,) = await posted(notify, timedelta(seconds=3))
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert "Mercredi 2 décembre, 14 h 30" in text
    assert "et non plus le mardi 1er décembre, 14 h 00" in text
    assert len(await after(notify, moved(4), later.model_copy(update={"version": 4}))) == 2
    assert len(await after(notify, moved(5, doors_at=NOON))) == 2, "when doors open is for ticket holders"


@pytest.mark.requirement("F-77")
@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_wishes_may_be_told_in_any_order(notify: Notify, order: tuple[int, ...]) -> None:
    told = [wished(1), WishRemovedV1(subject=GUEST, event=EVENING, version=2), wished(3, ("moved",))]
    await notify.door.hear(*(told[place] for place in order))
    (row,) = await notify.door.rows("SELECT kinds, version FROM wish")
    assert row == {"kinds": ["moved"], "version": 3}


@pytest.mark.requirement("W-20")
async def test_a_wish_goes_with_its_event_whenever_its_end_is_heard_of(notify: Notify) -> None:
    ends = published().ends_at
    await notify.door.hear(wished(), published())
    assert [row["kept_until"] for row in await notify.door.rows("SELECT kept_until FROM wish")] == [ends]
    moved_on = published(version=2).model_copy(update={"ends_at": ends + timedelta(days=3)})
    await notify.door.hear(RestrictionSetV1(subject=GUEST, restricted=True, version=1), moved_on)
    assert [row["kept_until"] for row in await notify.door.rows("SELECT kept_until FROM wish")] == [
        ends + timedelta(days=3)
    ]
    await notify.door.hear(wished(2, ("moved",)))
    assert [row["kept_until"] for row in await notify.door.rows("SELECT kept_until FROM wish")] == [
        ends + timedelta(days=3)
    ]
