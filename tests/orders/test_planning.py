"""A planner draws a hall, plans a production with dates and prices, and puts it on sale; others cannot."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from tests.orders.stage import Answered, Stage, staff, visitor
from tests.orders.test_holding import timer

PLANNER = staff(Role.PLANNER)
HOUSE = UUID(int=7)


def words(text: str) -> dict[str, str]:
    return {"nl": text, "fr": text, "en": text}


async def plan(stage: Stage, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
    """What the planner gets; with `status`, that this was the answer's."""
    answer = await stage.ask(PLANNER, method, "/planning" + path, body)
    wanted = status or (201 if method == "POST" and not path.endswith(("/state", "/marks")) else 200)
    assert answer.status == wanted, answer.body
    return answer.body


async def refused(stage: Stage, method: str, path: str, body: Any) -> str:
    answer: Answered = await stage.ask(PLANNER, method, "/planning" + path, body)
    assert answer.status >= 400, answer.body
    return answer.slug


def block(**facts: Any) -> dict[str, Any]:
    return {"zone": "stalls", "title": words("Stalls"), "rows": 2, "seats": 10} | facts


@pytest.fixture
async def house(stage: Stage) -> None:
    """The organisation that plans, as accounts says it."""
    connection = await asyncpg.connect(stage.dsn)
    await connection.execute("INSERT INTO organisation VALUES ($1, 'De Vloedlijn', 1)", HOUSE)
    await connection.close()


async def a_hall(stage: Stage, *blocks: dict[str, Any], standing: int = 0) -> Any:
    hall = await plan(stage, "POST", "/halls", {"name": "Grote Zaal", "standing": standing})
    for one in blocks or (block(),):
        hall = await plan(stage, "POST", f"/halls/{hall['id']}/blocks", one)
    return hall


def dates(now: datetime, **facts: Any) -> dict[str, Any]:
    """An evening next week, on sale since yesterday."""
    starts = now + timedelta(days=7)
    times = {
        "doors_at": starts - timedelta(minutes=45),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "on_sale_from": now - timedelta(days=1),
    }
    return {name: at.isoformat() for name, at in times.items()} | facts


async def a_draft(stage: Stage, now: datetime, hall: Any, **facts: Any) -> Any:
    production = await plan(
        stage,
        "POST",
        "/productions",
        {"organisation": str(HOUSE), "title": words("Élan & zee"), "blurb": words("Dans.")},
    )
    body = dates(now, production=production["id"], hall=hall["id"], **facts)
    return await plan(stage, "POST", "/events", body)


def price(**facts: Any) -> dict[str, Any]:
    return {"title": words("Basis"), "place": "seat", "cents": 2000} | facts


async def on_sale(stage: Stage, event: Any, *prices: dict[str, Any]) -> Any:
    """The event with these prices, sold to everybody."""
    one = f"/events/{event['id']}"
    await plan(stage, "PUT", one + "/prices", {"prices": prices or (price(),)})
    for state in ("published", "on_sale"):
        event = await plan(stage, "POST", one + "/state", {"state": state})
    return event


async def seats_of(stage: Stage, slug: str, actor: Actor | None = None) -> dict[str, Any]:
    detail = await stage.ask(actor or visitor(), "GET", f"/events/{slug}")
    return {seat["label"]: seat for seat in detail.body["seats"]}


@pytest.mark.requirement("F-03")
async def test_a_hall_of_four_hundred_seats_is_drawn_with_two_blocks(stage: Stage) -> None:
    hall = await a_hall(
        stage,
        block(rows=14, seats=20, aisles=[10]),
        block(zone="balcony", title=words("Balcony"), rows=6, seats=20, prefix="B"),
    )
    assert len(hall["seats"]) == 400
    assert [(zone["zone"], zone["seats"]) for zone in hall["zones"]] == [("stalls", 280), ("balcony", 120)]
    by_label = {seat["label"]: seat for seat in hall["seats"]}
    assert by_label["A11"]["x"] - by_label["A10"]["x"] == 2
    assert by_label["BA1"]["y"] > by_label["N20"]["y"]
    assert by_label["A1"]["x"] == -by_label["A20"]["x"]


async def test_seats_are_numbered_as_halls_number_them(stage: Stage) -> None:
    odd = await a_hall(stage, block(rows=1, seats=4, numbering="odd", from_right=True, first_row="Z"))
    assert [seat["label"] for seat in odd["seats"]] == ["Z7", "Z5", "Z3", "Z1"]
    path = f"/halls/{odd['id']}/blocks"
    assert await refused(stage, "POST", path, block(rows=2, seats=1, first_row="Z")) == "label-twice"
    numbered = await plan(stage, "POST", path, block(rows=2, seats=1, first_row="9"))
    assert [seat["label"] for seat in numbered["seats"]][4:] == ["9-1", "10-1"]
    lettered = await plan(stage, "POST", path, block(rows=2, seats=1, first_row="Z", prefix="x"))
    assert [seat["label"] for seat in lettered["seats"]][6:] == ["xZ1", "xAA1"]


@pytest.mark.requirement("F-03")
async def test_seats_are_marked_by_range_by_row_and_by_hand(stage: Stage) -> None:
    hall = await a_hall(stage)
    path, ids = f"/halls/{hall['id']}/marks", {seat["label"]: seat["id"] for seat in hall["seats"]}
    await plan(stage, "POST", path, {"kind": "wheelchair", "labels": "A1-A2; b4", "seats": [ids["B10"]]})
    await plan(stage, "POST", path, {"kind": "gap", "labels": "A3–5"})
    hall = await plan(stage, "POST", path, {"kind": "restricted", "labels": "B6-9"})
    kinds = {seat["label"]: seat["kind"] for seat in hall["seats"]}
    assert [one for one, kind in kinds.items() if kind == "wheelchair"] == ["A1", "A2", "B4", "B10"]
    assert not {"A3", "A4", "A5"} & set(kinds)
    assert await refused(stage, "POST", path, {"kind": "normal", "labels": "Q7"}) == "unknown-seats"
    assert await refused(stage, "POST", path, {"kind": "normal"}) == "nothing-named"
    gone = await plan(stage, "POST", path, {"kind": "gap", "labels": "A, B"})
    assert gone["zones"] == []


@pytest.mark.requirement("F-53")
async def test_a_draft_is_seen_by_nobody_until_it_is_published_and_sold_when_it_is_put_on_sale(
    stage: Stage, service: Service, clock: SetClock, house: None
) -> None:
    event = await a_draft(stage, clock.now(), await a_hall(stage))
    assert event["slug"] == "elan-zee-2026-11-28"
    assert event["state"] == "draft"
    one, slug = f"/events/{event['id']}", event["slug"]
    assert (await stage.ask(visitor(), "GET", f"/events/{slug}")).status == 404
    await timer(service, "publish_events")
    assert await stage.announced("orders.event.published.v1") == []

    move = one + "/state"
    assert await refused(stage, "POST", move, {"state": "on_sale"}) == "no-such-move"
    await plan(stage, "POST", move, {"state": "published"})
    await plan(stage, "POST", move, {"state": "published"})
    assert await refused(stage, "POST", move, {"state": "on_sale"}) == "no-price"
    shown = (await stage.ask(visitor(), "GET", f"/events/{slug}")).body
    assert shown["event"]["state"] == "announced"
    priced = await plan(stage, "PUT", one + "/prices", {"prices": [price()]})
    wish = {
        "event": event["id"],
        "seats": [shown["seats"][0]["id"]],
        "seat_price": priced["prices"][0]["id"],
    }
    assert (await stage.ask(visitor(), "POST", "/holds", wish)).slug == "not-on-sale"
    await plan(stage, "POST", move, {"state": "on_sale"})
    assert (await stage.ask(visitor(), "POST", "/holds", wish)).status == 201

    await timer(service, "publish_events")
    assert (await stage.announced("orders.event.published.v1"))[-1]["slug"] == slug
    assert [told["slug"] for told in await stage.announced("orders.sale.opened.v1")] == [slug]
    await timer(service, "publish_events")
    assert len(await stage.announced("orders.sale.opened.v1")) == 1

    await plan(stage, "POST", move, {"state": "closed"})
    late = wish | {"seats": [shown["seats"][1]["id"]]}
    assert (await stage.ask(visitor(), "POST", "/holds", late)).slug == "sale-closed"


@pytest.mark.requirement("G-23")
async def test_ticket_holders_hear_of_another_hour_and_drafts_are_changed_in_silence(
    stage: Stage, clock: SetClock, house: None
) -> None:
    hall = await a_hall(stage, standing=50)
    event = await a_draft(stage, clock.now(), hall, standing=50)
    one = f"/events/{event['id']}"
    earlier = dates(clock.now() - timedelta(hours=1), production=event["production"], hall=hall["id"])
    assert await refused(stage, "PUT", one, earlier) == "changed-meanwhile"
    event = await plan(stage, "PUT", one, earlier | {"version": event["version"], "standing": 50})
    assert await stage.announced("orders.event.changed.v1") == []

    event = await plan(stage, "POST", one + "/state", {"state": "published"})
    back = dates(clock.now(), production=event["production"], hall=hall["id"], version=event["version"])
    await plan(stage, "PUT", one, back)
    (told,) = await stage.announced("orders.event.changed.v1")
    assert set(told["changed"]) == {"doors_at", "starts_at", "ends_at"}
    assert told["starts_at_before"] == event["starts_at"]
    other = await a_hall(stage)
    elsewhere = back | {"hall": other["id"], "version": told["version"]}
    assert await refused(stage, "PUT", one, elsewhere) == "hall-fixed"
    backwards = back | {"ends_at": back["doors_at"], "version": told["version"]}
    assert await refused(stage, "PUT", one, backwards) == "wrong-times"


@pytest.mark.requirement("F-53")
async def test_dates_of_a_production_know_each_other_and_share_its_texts(
    stage: Stage, clock: SetClock, house: None
) -> None:
    season = await plan(
        stage,
        "POST",
        "/seasons",
        {"title": words("26-27"), "first_day": "2026-09-01", "last_day": "2027-06-30"},
    )
    series = await plan(stage, "POST", "/series", {"title": words("Dans aan zee")})
    hall = await a_hall(stage)
    first = await on_sale(stage, await a_draft(stage, clock.now(), hall))
    again = dates(clock.now() + timedelta(days=1), production=first["production"], hall=hall["id"])
    second = await on_sale(stage, await plan(stage, "POST", "/events", again))
    draft = await plan(stage, "POST", "/events", again)
    assert draft["slug"] == second["slug"] + "-2"
    shown = (await stage.ask(visitor(), "GET", f"/events/{first['slug']}")).body
    assert [one["slug"] for one in shown["dates"]] == [second["slug"]]

    texts = {"organisation": str(HOUSE), "title": words("Nieuw"), "blurb": words("Anders.")}
    belongs = {"season": season["id"], "series": series["id"]}
    changed = await plan(stage, "PUT", f"/productions/{first['production']}", texts | belongs)
    assert changed["dates"] == 3
    shown = (await stage.ask(visitor(), "GET", f"/events/{second['slug']}")).body
    assert shown["event"]["title"]["nl"] == "Nieuw"
    assert shown["event"]["version"] == second["version"] + 1
    assert shown["series"] == {"id": series["id"], "title": words("Dans aan zee")}
    listed = (await stage.ask(visitor(), "GET", "/events")).body
    together = [{"id": series["id"], "title": words("Dans aan zee"), "events": [first["id"], second["id"]]}]
    assert listed["series"] == together
    assert [(one["id"], one["events"]) for one in listed["seasons"]] == [
        (season["id"], together[0]["events"])
    ]


@pytest.mark.requirement("F-06")
async def test_a_price_somebody_holds_stays_and_a_basket_keeps_the_price_that_was_shown(
    stage: Stage, clock: SetClock, house: None
) -> None:
    event = await on_sale(stage, await a_draft(stage, clock.now(), await a_hall(stage)))
    one = f"/events/{event['id']}/prices"
    known, seats = event["prices"][0], await seats_of(stage, event["slug"])
    wish = {"event": event["id"], "seats": [seats["A1"]["id"]], "seat_price": known["id"]}
    held = (await stage.ask(visitor(), "POST", "/holds", wish)).body
    assert await refused(stage, "PUT", one, {"prices": [price()]}) == "price-in-use"
    await plan(stage, "PUT", one, {"prices": [known | {"cents": 9900}]})
    assert (await stage.ask(visitor(), "GET", f"/holds/{held['id']}")).body["total_cents"] == 2000
    dearer = wish | {"seats": [seats["A2"]["id"]]}
    assert (await stage.ask(visitor(), "POST", "/holds", dearer)).body["total_cents"] == 9900
    silly = {"prices": [known | {"least": 4, "most": 2}]}
    assert await refused(stage, "PUT", one, silly) == "wrong-conditions"
    strange = {"prices": [known, price(id=str(uuid4()))]}
    assert await refused(stage, "PUT", one, strange) == "unknown-price"


@pytest.mark.requirement("F-35")
async def test_kept_seats_are_the_counters_and_free_for_all_after_their_time(
    stage: Stage, clock: SetClock, house: None
) -> None:
    hall = await a_hall(stage)
    await plan(stage, "POST", f"/halls/{hall['id']}/marks", {"kind": "wheelchair", "labels": "B1"})
    until = clock.now() + timedelta(days=1)
    event = await on_sale(stage, await a_draft(stage, clock.now(), hall, wheelchair_until=until.isoformat()))
    kept = f"/events/{event['id']}/kept"
    await plan(stage, "PUT", kept, {"kept_for": "counter", "labels": "A1-A3", "until": until.isoformat()})
    event = await plan(stage, "PUT", kept, {"kept_for": "nobody", "labels": "A10"})
    assert [(one["kept_for"], one["seats"]) for one in event["kept"]] == [
        ("counter", ["A1", "A2", "A3"]),
        ("nobody", ["A10"]),
    ]
    slug, clerk, noor = event["slug"], staff(Role.BOX_OFFICE), visitor()
    seats = await seats_of(stage, slug)
    assert [label for label, seat in seats.items() if not seat["free"]] == ["A1", "A2", "A3", "A10"]
    at_counter = await seats_of(stage, slug, clerk)
    assert [label for label, seat in at_counter.items() if not seat["free"]] == ["A10"]

    def wish(label: str) -> dict[str, Any]:
        return {
            "event": event["id"],
            "seats": [seats[label]["id"]],
            "seat_price": event["prices"][0]["id"],
        }

    assert (await stage.ask(noor, "POST", "/holds", wish("A1"))).slug == "seat-taken"
    assert (await stage.ask(clerk, "POST", "/counter/sales", wish("A1"), "sale-number-1")).status == 201
    assert (
        await stage.ask(clerk, "POST", "/counter/sales", wish("A10"), "sale-number-2")
    ).slug == "seat-taken"
    assert (await stage.ask(noor, "POST", "/holds", wish("B1"))).slug == "wheelchair-place"
    assert (await stage.ask(noor, "POST", "/holds", wish("B1") | {"wheelchair": True})).status == 201
    clock.set(until)
    assert (await stage.ask(noor, "POST", "/holds", wish("A2"))).status == 201
    assert (await stage.ask(noor, "POST", "/holds", wish("B1"))).status == 201


@pytest.mark.requirement("F-07")
async def test_a_code_for_one_use_is_used_once_however_many_type_it_at_once(
    stage: Stage, clock: SetClock, house: None
) -> None:
    hall = await a_hall(stage)
    events = [await on_sale(stage, await a_draft(stage, clock.now(), hall)) for _ in range(2)]
    voucher: dict[str, Any] = {"code": "zee 26", "kind": "percent", "value": 50, "uses": 1}
    voucher["valid_from"] = clock.now().isoformat()
    codes = await plan(stage, "POST", "/vouchers", voucher)
    assert codes["vouchers"][0]["code"] == "ZEE26"
    assert await refused(stage, "POST", "/vouchers", voucher) == "code-taken"
    assert await refused(stage, "POST", "/vouchers", voucher | {"value": 101}) == "wrong-discount"

    def wish(event: Any, seat: Any) -> dict[str, Any]:
        return {
            "event": event["id"],
            "seats": [seat["id"]],
            "seat_price": event["prices"][0]["id"],
            "code": "Zee26",
        }

    seats = list((await seats_of(stage, events[0]["slug"])).values())
    wishes = [wish(event, seat) for seat in seats[:8] for event in events]
    answers = await asyncio.gather(*(stage.ask(visitor(), "POST", "/holds", one) for one in wishes))
    (held,) = [one for one in answers if one.status == 201]
    assert (held.body["total_cents"], held.body["discount_cents"]) == (1000, 1000)
    assert {one.slug for one in answers if one.status != 201} == {"code-used-up"}

    clock.move(timedelta(seconds=901))
    again = await stage.ask(visitor(), "POST", "/holds", wish(events[1], seats[9]))
    assert again.status == 201
    listed = await plan(stage, "GET", "/vouchers")
    assert listed["vouchers"][0]["used"] == 1
    ended = await plan(stage, "DELETE", f"/vouchers/{listed['vouchers'][0]['id']}")
    assert ended["vouchers"][0]["valid_until"] is not None


async def test_what_a_code_took_off_is_taken_off_tickets_and_books(
    stage: Stage, clock: SetClock, house: None
) -> None:
    event = await on_sale(stage, await a_draft(stage, clock.now(), await a_hall(stage)))
    voucher = {"code": "MIN5", "kind": "amount", "value": 500, "valid_from": clock.now().isoformat()}
    await plan(stage, "POST", "/vouchers", voucher)
    seats = await seats_of(stage, event["slug"])
    sale = {
        "event": event["id"],
        "seats": [seats["A1"]["id"], seats["A2"]["id"]],
        "seat_price": event["prices"][0]["id"],
        "code": "MIN5",
    }
    sold = await stage.ask(staff(Role.BOX_OFFICE), "POST", "/counter/sales", sale, "sale-number-1")
    assert [ticket["cents"] for ticket in sold.body["tickets"]] == [1750, 1750]
    books = (await stage.ask(staff(Role.FINANCE), "GET", "/books")).body
    assert books["balanced"]
    assert books["tickets_cents"] == 3500


async def test_a_hall_that_an_event_uses_is_drawn_on_in_a_copy(
    stage: Stage, clock: SetClock, house: None
) -> None:
    hall = await a_hall(stage)
    await a_draft(stage, clock.now(), hall)
    more = block(first_row="C")
    assert await refused(stage, "POST", f"/halls/{hall['id']}/blocks", more) == "hall-in-use"
    copied = await plan(stage, "POST", f"/halls/{hall['id']}/copy", {"name": "Grote Zaal, lente"})
    drawn = await plan(stage, "POST", f"/halls/{copied['id']}/blocks", more)
    assert len(drawn["seats"]) == 40
    assert len((await plan(stage, "GET", f"/halls/{hall['id']}"))["seats"]) == 20


@pytest.mark.requirement("F-49")
async def test_an_organiser_has_a_ticket_page_of_its_own(stage: Stage, clock: SetClock, house: None) -> None:
    event = await on_sale(stage, await a_draft(stage, clock.now(), await a_hall(stage)))
    look = {"slug": "vloedlijn", "wordmark": "De Vloedlijn", "accent": "#aa3300"}
    await plan(stage, "PUT", f"/brands/{HOUSE}", look)
    page = (await stage.ask(visitor(), "GET", "/brands/vloedlijn")).body
    assert page["brand"]["name"] == "De Vloedlijn"
    assert [one["slug"] for one in page["events"]] == [event["slug"]]
    assert (await stage.ask(PLANNER, "PUT", f"/planning/brands/{uuid4()}", look)).slug == "slug-taken"
    unknown = await stage.ask(PLANNER, "PUT", f"/planning/brands/{uuid4()}", look | {"slug": "ander"})
    assert unknown.status == 404


@pytest.mark.requirement("W-11")
async def test_planners_see_no_books_no_orders_and_no_person_and_nobody_else_plans(
    stage: Stage, service: Service, house: None
) -> None:
    for path in ("/books", f"/orders/{uuid4()}", "/my/orders"):
        assert (await stage.ask(PLANNER, "GET", path)).status == 403
    for role in (Role.BOX_OFFICE, Role.FINANCE, Role.MARKETING, Role.ADMINISTRATOR):
        assert (await stage.ask(staff(role), "GET", "/planning/events")).status == 403
    for table in ("book_entry", "placed_order", "order_person", "ticket", "payment"):
        (row,) = await stage.look(
            "SELECT has_any_column_privilege('orders__season_planning', $1, 'SELECT') AS may", table
        )
        assert not row["may"], f"planners can read {table}"
