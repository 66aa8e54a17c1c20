"""Places are kept for one person at a time, however many want them at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from tests.orders.stage import Evening, Stage, put_on, staff, visitor


async def timer(service: Service, name: str) -> None:
    """Run a timer of the service once, now."""
    await next(one for one in service.timers if one.name == name).run()


async def test_a_visitor_sees_the_season_and_keeps_two_seats(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    season = await stage.ask(noor, "GET", "/events")
    assert [one["slug"] for one in season.body["events"]] == ["storm-at-sea"]
    assert season.body["events"][0]["state"] == "on_sale"
    assert season.body["events"][0]["from_cents"] == 1200

    kept = await stage.hold(noor, evening, "A1", "A2")
    assert kept.status == 201
    assert [line["seat"] for line in kept.body["lines"]] == ["A1", "A2"]
    assert kept.body["total_cents"] == 4900
    assert kept.body["state"] == "held"

    detail = (await stage.ask(noor, "GET", "/events/storm-at-sea")).body
    assert [seat["label"] for seat in detail["seats"] if not seat["free"]] == ["A1", "A2"]
    assert detail["standing_free"] == 20
    again = await stage.ask(noor, "GET", f"/holds/{kept.body['id']}")
    assert again.body == kept.body


@pytest.mark.requirement("F-01")
async def test_two_hundred_who_want_forty_seats_at_once_get_each_seat_once(
    stage: Stage, evening: Evening
) -> None:
    labels = list(evening.seats)
    wishes = [stage.hold(visitor(), evening, labels[index % 40]) for index in range(200)]
    answers = await asyncio.gather(*wishes)
    got = [line["seat"] for one in answers if one.status == 201 for line in one.body["lines"]]
    assert sorted(got) == sorted(labels)
    refused = [one for one in answers if one.status != 201]
    assert len(refused) == 160
    assert {one.slug for one in refused} == {"seat-taken"}
    (row,) = await stage.look("SELECT count(*), count(DISTINCT hold_id) FROM seat WHERE hold_id IS NOT NULL")
    assert tuple(row) == (40, 40)


async def test_standing_places_are_never_oversold(stage: Stage, evening: Evening) -> None:
    answers = await asyncio.gather(*(stage.hold(visitor(), evening, standing=3) for _ in range(30)))
    assert sum(one.status == 201 for one in answers) == 6
    sold_out = next(one for one in answers if one.status != 201)
    assert sold_out.slug == "sold-out"
    assert sold_out.body["facts"] == {"left": 2, "wanted": 3}


async def test_a_wish_is_granted_whole_or_not_at_all(stage: Stage, evening: Evening, noor: Actor) -> None:
    await stage.hold(visitor(), evening, "B1")
    refused = await stage.hold(noor, evening, "B1", "B2")
    assert refused.slug == "seat-taken"
    assert refused.body["facts"] == {"taken": 1, "wanted": 2}
    assert (await stage.hold(noor, evening, "B2")).status == 201


async def test_an_expired_hold_is_free_for_the_next_one_without_a_timer(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    first = await stage.hold(visitor(), evening, "A1", standing=5)
    assert (await stage.hold(noor, evening, "A1")).slug == "seat-taken"
    clock.move(timedelta(seconds=600))
    assert (await stage.ask(noor, "GET", f"/holds/{first.body['id']}")).body["state"] == "expired"
    detail = (await stage.ask(noor, "GET", "/events/storm-at-sea")).body
    assert next(seat for seat in detail["seats"] if seat["label"] == "A1")["free"]
    assert (await stage.hold(noor, evening, "A1", standing=9)).status == 201


async def test_the_timer_frees_what_ran_out_and_drops_it_a_day_later(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    await stage.hold(noor, evening, "A1", standing=5)
    clock.move(timedelta(seconds=601))
    await timer(service, "expire_holds")
    assert (await stage.ask(noor, "GET", "/events/storm-at-sea")).body["standing_free"] == 20
    await timer(service, "purge_holds")
    assert len(await stage.look("SELECT FROM hold")) == 1
    clock.move(timedelta(days=1))
    await timer(service, "purge_holds")
    assert await stage.look("SELECT FROM hold") == []
    assert await stage.look("SELECT FROM hold_line") == []


async def test_places_that_are_given_back_are_free_at_once(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    kept = await stage.hold(noor, evening, "C3", standing=2)
    path = f"/holds/{kept.body['id']}"
    assert (await stage.ask(noor, "DELETE", path)).status == 204
    assert (await stage.ask(noor, "DELETE", path)).status == 204
    assert (await stage.hold(visitor(), evening, "C3", standing=9)).status == 201
    refused = await stage.order(noor, kept.body["id"])
    assert (refused.status, refused.slug) == (410, "hold-released")


async def test_a_double_click_keeps_places_once(stage: Stage, evening: Evening, noor: Actor) -> None:
    body = evening.wish("D1", standing=4)
    answers = await asyncio.gather(
        *(stage.ask(noor, "POST", "/holds", body, "one-click-only") for _ in range(3))
    )
    assert {one.status for one in answers} == {201}
    assert len({one.body["id"] for one in answers}) == 1
    (row,) = await stage.look("SELECT standing_taken FROM stock")
    assert row["standing_taken"] == 4


async def test_bad_wishes_get_their_own_answers(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    other = await put_on(stage.dsn, clock.now(), slug="other")

    async def slug(body: dict[str, object]) -> str:
        return (await stage.ask(noor, "POST", "/holds", body)).slug

    assert await slug(evening.wish()) == "nothing-chosen"
    assert await slug(evening.wish(standing=11)) == "too-many-places"
    assert await slug(evening.wish(standing=-1)) == "invalid-input"
    assert await slug(evening.wish(standing=10**9)) == "invalid-input"
    assert await slug(evening.wish() | {"event": str(uuid4())}) == "unknown-event"
    assert await slug(evening.wish("A1") | {"seat_price": str(evening.standing_price)}) == "wrong-price"
    assert await slug(evening.wish("A1") | {"seat_price": str(other.seat_price)}) == "unknown-price"
    assert await slug(other.wish("A1") | {"event": str(evening.event)}) == "unknown-price"
    mixed = evening.wish("A1") | {"seats": [str(other.seats["A1"])]}
    assert await slug(mixed) == "unknown-seat"
    assert (await stage.ask(noor, "GET", f"/holds/{uuid4()}")).slug == "unknown-hold"
    assert (await stage.ask(noor, "GET", "/events/no-such-thing")).slug == "not-found"


async def test_what_is_not_on_sale_is_not_kept(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    clock.move(timedelta(days=7, hours=1))
    assert (await stage.hold(noor, evening, "A1")).slug == "sale-closed"
    clock.move(timedelta(days=2))
    assert (await stage.ask(noor, "GET", "/events")).body["events"] == []
    planner = staff(Role.PLANNER)
    past = await stage.ask(planner, "GET", "/events?past=true")
    assert past.body["events"][0]["state"] == "past"
    clock.move(timedelta(days=-60))
    assert (await stage.hold(noor, evening, "A1")).slug == "not-on-sale"


async def test_new_events_are_announced_once(stage: Stage, service: Service, evening: Evening) -> None:
    await timer(service, "publish_events")
    await timer(service, "publish_events")
    (published,) = await stage.announced("orders.event.published.v1")
    assert published["slug"] == "storm-at-sea"
    assert published["hall"] == "Grote Zaal"
