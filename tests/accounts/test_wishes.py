"""A wish list: what stands on it, what is told of it, and the link by which others read it (G-03, F-12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import WishAddedV1, WishRemovedV1
from contracts.actors import Actor, Role
from contracts.orders.events import EventPublishedV1
from contracts.retention.events import ErasureOrderedV1, RestrictionSetV1
from contracts.texts import Text
from tests.accounts.premises import NOON, Open

ME, OTHER = Actor(Role.VISITOR, uuid4()), Actor(Role.VISITOR, uuid4())
STORM, SALT = UUID(int=0xE1), UUID(int=0xE2)
LIST, KINDS, LINK = "/people/me/wishes", "/people/me/wish-kinds", "/people/me/wish-link"
ALL = ("on_sale", "moved", "nearly_full")


async def done(door: Open, method: str, path: str, body: Any = None, who: Actor = ME) -> dict[str, Any]:
    status, answer = await door.call(method, path, body, who)
    assert status == 200, answer
    return dict(answer)


async def wish(door: Open, *events: UUID, who: Actor = ME) -> dict[str, Any]:
    return await done(door, "POST", LIST, {"events": [str(one) for one in events]}, who)


def published(event: UUID = STORM, version: int = 1, days: int = 10) -> EventPublishedV1:
    at = NOON + timedelta(days=days)
    return EventPublishedV1(
        event=event,
        version=version,
        slug="storm",
        organisation=UUID(int=1),
        co_presenters=(),
        title=Text(nl="Storm", fr="Tempête", en="Storm"),
        hall="Grote zaal",
        doors_at=at,
        starts_at=at,
        ends_at=at + timedelta(hours=2),
    )


@pytest.mark.requirement("G-03")
async def test_a_wish_is_told_once_and_its_end_with_a_higher_number(accounts: Open) -> None:
    assert await done(accounts, "GET", LIST) == {"events": [], "kinds": list(ALL), "link": None}
    await wish(accounts, STORM, SALT)
    assert (await wish(accounts, SALT, STORM))["events"] == [str(STORM), str(SALT)]
    assert (await done(accounts, "DELETE", f"{LIST}/{STORM}"))["events"] == [str(SALT)]
    await done(accounts, "DELETE", f"{LIST}/{STORM}")
    said = await accounts.said()
    assert said == [
        WishAddedV1(subject=ME.id, event=STORM, kinds=ALL, version=1),
        WishAddedV1(subject=ME.id, event=SALT, kinds=ALL, version=2),
        WishRemovedV1(subject=ME.id, event=STORM, version=3),
    ]
    assert (await done(accounts, "GET", LIST, who=OTHER))["events"] == []


@pytest.mark.requirement("G-03")
async def test_of_what_one_hears_is_told_anew_for_every_wish(accounts: Open) -> None:
    await wish(accounts, STORM, SALT)
    await accounts.said()
    for _ in range(2):
        listed = await done(accounts, "PUT", KINDS, {"kinds": ["moved", "on_sale", "moved"]})
        assert listed["kinds"] == ["on_sale", "moved"]
    told = [one for one in await accounts.said() if isinstance(one, WishAddedV1)]
    assert [(one.event, one.kinds, one.version) for one in told] == [
        (STORM, ("on_sale", "moved"), 3),
        (SALT, ("on_sale", "moved"), 4),
    ]
    status, _ = await accounts.call("PUT", KINDS, {"kinds": ["gossip"]}, ME)
    assert status == 422


@pytest.mark.requirement("G-03")
async def test_a_list_holds_fifty_and_takes_what_fits(accounts: Open) -> None:
    many = [uuid4() for _ in range(50)]
    await wish(accounts, STORM)
    assert len((await wish(accounts, *many))["events"]) == 50
    status, problem = await accounts.call("POST", LIST, {"events": [str(SALT)]}, ME)
    assert (status, problem["type"]) == (409, "/problems/wish-list-full")
    assert len((await wish(accounts, STORM))["events"]) == 50


@pytest.mark.requirement("G-03")
async def test_a_link_shows_events_and_nobody_until_it_is_taken_back_or_over(accounts: Open) -> None:
    await wish(accounts, STORM)
    first = (await done(accounts, "POST", LINK))["link"]["token"]
    assert (await done(accounts, "GET", LIST))["link"]["token"] == first
    status, shown = await accounts.call("POST", "/wish-lists", {"token": first})
    assert (status, shown) == (200, {"events": [str(STORM)]})
    second = (await done(accounts, "POST", LINK))["link"]["token"]
    forged = ("A" if second[0] != "A" else "B") + second[1:]
    for dead in (first, forged, "x", second[:-1]):
        status, problem = await accounts.call("POST", "/wish-lists", {"token": dead})
        assert (status, problem["type"]) == (404, "/problems/wish-list-gone"), dead
    assert (await done(accounts, "DELETE", LINK))["link"] is None
    third = (await done(accounts, "POST", LINK))["link"]["token"]
    await accounts.hear(RestrictionSetV1(subject=ME.id, restricted=True, version=1))
    assert (await done(accounts, "GET", LIST))["events"] == [str(STORM)], "one's own list stays one's own"
    assert (await accounts.call("POST", "/wish-lists", {"token": third}))[0] == 404
    await accounts.hear(RestrictionSetV1(subject=ME.id, restricted=False, version=2))
    assert (await accounts.call("POST", "/wish-lists", {"token": third}))[0] == 200
    for dead in (second,):
        assert (await accounts.call("POST", "/wish-lists", {"token": dead}))[0] == 404
    accounts.clock.move(timedelta(days=90))
    assert (await accounts.call("POST", "/wish-lists", {"token": third}))[0] == 404


@pytest.mark.requirement("W-20")
@pytest.mark.requirement("W-42")
async def test_a_wish_ends_with_its_event_and_goes_with_its_person(accounts: Open) -> None:
    await accounts.hear(published())
    await wish(accounts, STORM, SALT)
    await accounts.hear(published(SALT), published(version=2, days=20), published(version=1))
    rows = await accounts.rows("SELECT event_id, ends_at FROM wish")
    assert {row["event_id"]: row["ends_at"] for row in rows} == {
        STORM: NOON + timedelta(days=20, hours=2),
        SALT: NOON + timedelta(days=10, hours=2),
    }
    await done(accounts, "POST", LINK)
    await accounts.hear(ErasureOrderedV1(subject=ME.id, case=uuid4(), as_of=NOON))
    for table in ("wish", "wish_list", "wish_link"):
        assert await accounts.rows(f"SELECT subject_id FROM {table}") == []
    status, problem = await accounts.call("POST", LIST, {"events": [str(STORM)]}, ME)
    assert problem["type"] == "/problems/person-unknown", status
