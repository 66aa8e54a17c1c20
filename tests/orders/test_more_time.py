"""More time for what is held, the same places after their time, and terms that hold once they were shown."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decision import Accepted, Refused
from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from services.orders.domain.checkout import KeptPlaces
from services.orders.domain.extension import decide_extension
from tests.orders.stage import Answered, Evening, Stage, put_on, said, staff, visitor
from tests.orders.test_holding import timer

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
TEN = timedelta(minutes=10)
PLANNER = staff(Role.PLANNER)


def expires(answer: Answered) -> datetime:
    """When a hold ends."""
    return datetime.fromisoformat(answer.body["expires_at"])


@given(
    st.integers(-4000, 4000),
    st.sampled_from(("held", "ordered", "sold", "expired", "released")),
    st.booleans(),
)
def test_more_time_is_given_once_to_what_is_held_and_never_without_end(
    left: int, state: str, extended: bool
) -> None:
    ends = NOW + timedelta(seconds=left)
    decided = decide_extension(KeptPlaces(state, ends, (), extended), TEN, NOW)
    if state != "held" or left <= 0:
        assert isinstance(decided, Refused)
    elif extended:
        assert decided == Accepted(None)
    else:
        assert isinstance(decided, Accepted)
        assert decided.value is not None
        assert ends <= decided.value <= max(ends, NOW + 2 * TEN)


@pytest.mark.requirement("F-05")
async def test_a_hold_is_extended_once_however_often_one_asks(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    kept = await stage.hold(noor, evening, "A1", "A2")
    path = f"/holds/{kept.body['id']}/extension"
    assert kept.body["may_extend"]
    clock.move(timedelta(minutes=8))
    answers = await asyncio.gather(*(stage.ask(noor, "PUT", path) for _ in range(4)))
    assert {one.status for one in answers} == {200}
    assert {expires(one) for one in answers} == {expires(kept) + TEN}
    assert not answers[0].body["may_extend"]
    clock.move(timedelta(minutes=11))
    late = await stage.ask(noor, "PUT", path)
    assert expires(late) == expires(kept) + TEN, "asking again gives nothing more"
    clock.move(timedelta(minutes=2))
    over = await stage.ask(noor, "PUT", path)
    assert (over.status, over.slug) == (410, "hold-expired")
    assert (await stage.hold(visitor(), evening, "A1", "A2")).status == 201


@pytest.mark.requirement("F-05")
async def test_what_is_over_ordered_or_unknown_is_not_extended(
    stage: Stage, evening: Evening, noor: Actor, service: Service, clock: SetClock
) -> None:
    ordered = (await stage.hold(noor, evening, "A1")).body["id"]
    assert (await stage.order(noor, ordered)).status == 201
    released, expired = [(await stage.hold(noor, evening, seat)).body["id"] for seat in ("B1", "C1")]
    await stage.ask(noor, "DELETE", f"/holds/{released}")
    clock.move(timedelta(minutes=11))
    await timer(service, "expire_holds")
    wanted = {ordered: "hold-ordered", released: "hold-released", expired: "hold-expired"}
    for hold, slug in (wanted | {str(uuid4()): "unknown-hold"}).items():
        assert (await stage.ask(noor, "PUT", f"/holds/{hold}/extension")).slug == slug


@pytest.mark.requirement("F-05")
async def test_only_the_clock_that_is_handed_in_counts_when_it_jumps_during_a_hold(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    """Set back, the places stay and nobody gains hours by asking; set forward, they are free at once."""
    kept = await stage.hold(noor, evening, "A1", "A2")
    hold = f"/holds/{kept.body['id']}"
    clock.move(timedelta(hours=-1))
    assert (await stage.ask(noor, "GET", hold)).body["state"] == "held"
    assert (await stage.hold(visitor(), evening, "A1")).slug == "seat-taken"
    more = await stage.ask(noor, "PUT", hold + "/extension")
    assert expires(more) == expires(kept), "it lasts longer than twice its time already"
    clock.move(timedelta(hours=1, minutes=10))
    assert (await stage.ask(noor, "GET", hold)).body["state"] == "expired"
    assert (await stage.order(noor, kept.body["id"])).slug == "hold-expired"
    assert (await stage.hold(visitor(), evening, "A1", "A2")).status == 201
    clock.move(timedelta(minutes=-10))
    assert (await stage.order(noor, kept.body["id"])).slug == "hold-expired", (
        "what is over does not come back"
    )


@pytest.mark.requirement("F-05")
async def test_after_their_time_the_same_places_are_held_again_or_others_that_are_as_good(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    first = await stage.ask(noor, "POST", "/holds", evening.wish("A1", "A2", standing=1))
    path = f"/holds/{first.body['id']}/again"
    still = await stage.ask(noor, "POST", path, {"pick": "same"})
    assert still.body["id"] == first.body["id"], "nothing is over yet"
    clock.move(TEN)
    again, twice = [await stage.ask(noor, "POST", path, {"pick": "same"}) for _ in range(2)]
    assert (again.status, again.body["lines"]) == (201, first.body["lines"])
    assert twice.body == again.body
    assert expires(again) == clock.now() + TEN

    clock.move(TEN)
    assert (await stage.hold(visitor(), evening, "A2", "A3")).status == 201
    path = f"/holds/{again.body['id']}/again"
    gone = await stage.ask(noor, "POST", path, {"pick": "same"})
    assert (gone.status, gone.slug) == (409, "seat-taken")
    best = await stage.ask(noor, "POST", path, {"pick": "best"})
    assert best.status == 201, best.body
    assert [line["seat"] for line in best.body["lines"]] == ["B5", "B6", None]
    assert best.body["total_cents"] == first.body["total_cents"]
    assert (await stage.order(noor, best.body["id"])).status == 201
    ordered = await stage.ask(noor, "POST", f"/holds/{best.body['id']}/again", {"pick": "same"})
    assert ordered.slug == "hold-ordered"


@pytest.mark.requirement("F-07")
async def test_the_code_of_a_hold_that_is_over_counts_again_as_long_as_it_is_valid(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    valid = {"valid_from": (clock.now() - TEN).isoformat()}
    code = {"code": "ZILT", "kind": "percent", "value": 50, "uses": 1, **valid}
    assert (await stage.ask(PLANNER, "POST", "/planning/vouchers", code)).status == 201
    kept = await stage.ask(noor, "POST", "/holds", evening.wish("A1", "A2") | {"code": "zilt"})
    assert kept.body["total_cents"] == 2450
    clock.move(TEN)
    again = await stage.ask(noor, "POST", f"/holds/{kept.body['id']}/again", {"pick": "best"})
    assert (again.body["total_cents"], again.body["discount_cents"]) == (2450, 2450)


@pytest.mark.requirement("F-07")
async def test_a_code_with_one_use_that_two_type_at_once_is_used_once(
    stage: Stage, evening: Evening, clock: SetClock
) -> None:
    """Also at two events at once, which have different writers."""
    other = await put_on(stage.dsn, clock.now(), slug="ebb")
    code = {
        "code": "EEN",
        "kind": "amount",
        "value": 500,
        "uses": 1,
        "valid_from": (clock.now() - TEN).isoformat(),
    }
    assert (await stage.ask(PLANNER, "POST", "/planning/vouchers", code)).status == 201
    wishes = [show.wish(standing=1) | {"code": "EEN"} for show in (evening, other) for _ in range(3)]
    answers = await asyncio.gather(*(stage.ask(visitor(), "POST", "/holds", wish) for wish in wishes))
    assert sorted(one.status for one in answers) == [201, 409, 409, 409, 409, 409]
    assert {one.slug for one in answers if one.status == 409} == {"code-used-up"}
    assert "EEN" not in str([one.body for one in answers])


@pytest.mark.requirement("F-06")
async def test_the_price_that_was_shown_holds_while_the_planner_changes_it(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    kept = await stage.hold(noor, evening, "A1", "A2")
    dearer = {
        "id": str(evening.seat_price),
        "title": {"nl": "Stoel", "fr": "Siège", "en": "Seat"},
        "place": "seat",
        "cents": 9900,
    }
    prices = f"/planning/events/{evening.event}/prices"
    await stage.look(
        "UPDATE event SET production_id = $2 WHERE event_id = $1", evening.event, await _made(stage)
    )
    changed = await stage.ask(PLANNER, "PUT", prices, {"prices": [dearer]})
    assert changed.status == 200, changed.body
    more = await stage.ask(noor, "PUT", f"/holds/{kept.body['id']}/extension")
    assert more.body["total_cents"] == 4900
    order = await stage.order(noor, kept.body["id"])
    assert (order.status, order.body["total_cents"]) == (201, 4900)
    payment = await stage.payment_of(order.body["id"])
    assert payment["cents"] == 4900
    assert (await stage.hold(visitor(), evening, "B1")).body["total_cents"] == 9900


async def _made(stage: Stage) -> UUID:
    production = uuid4()
    await stage.look(
        "INSERT INTO production (production_id, organisation_id, title, blurb) VALUES ($1, $2, $3, $3)",
        production,
        uuid4(),
        said("Storm"),
    )
    return production


@pytest.mark.requirement("F-17")
async def test_when_money_is_given_back_is_told_before_anybody_pays_in_the_organisers_own_words(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    """The terms of the house stand in house.toml; an organisation that has its own is read with them."""
    kept = await stage.hold(noor, evening, "A1")
    event, house = f"/events/{evening.slug}", kept.body["refund_policy"]
    assert set(house) == {"nl", "fr", "en"}
    assert (await stage.ask(noor, "GET", event)).body["refund_policy"] == house

    (row,) = await stage.look("SELECT organisation_id FROM event")
    organiser = row["organisation_id"]
    own = {"nl": "Altijd ruilen.", "fr": "Échange toujours.", "en": "Exchange at any time."}
    path = f"/planning/refund-policies/{organiser}"
    unknown = await stage.ask(PLANNER, "PUT", path, {"said": own})
    assert (unknown.status, unknown.slug) == (404, "not-found")
    await stage.look("INSERT INTO organisation VALUES ($1, 'Kantelpunt', 1)", organiser)
    told = await stage.ask(PLANNER, "PUT", path, {"said": own})
    assert told.body["policies"] == [{"organisation": str(organiser), "name": "Kantelpunt", "said": own}]
    assert (await stage.ask(noor, "GET", event)).body["refund_policy"] == own
    assert (await stage.ask(noor, "GET", f"/holds/{kept.body['id']}")).body["refund_policy"] == own
    assert (await stage.hold(noor, evening, "B1")).body["refund_policy"] == own
    assert (await stage.ask(noor, "PUT", path, {"said": own})).status == 403

    assert (await stage.ask(PLANNER, "PUT", path, {})).status == 200
    everybody = await stage.ask(PLANNER, "GET", "/planning/refund-policies")
    assert everybody.body["house"] == house
    assert everybody.body["policies"][0]["said"] is None
    assert (await stage.ask(noor, "GET", event)).body["refund_policy"] == house


@pytest.mark.requirement("F-01")
async def test_two_clerks_and_a_visitor_at_one_seat_one_gets_it_and_the_others_hear_what_is_free(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    """Whoever comes too late reads how many of the seats are gone, and sees the others as free."""
    wish = evening.wish("A1", "A2")
    clerks = [
        stage.ask(staff(Role.BOX_OFFICE), "POST", "/counter/sales", wish, uuid4().hex) for _ in range(2)
    ]
    answers = await asyncio.gather(*clerks, stage.hold(noor, evening, "A1", "A2"))
    assert sorted(one.status for one in answers) == [201, 409, 409]
    late = [one for one in answers if one.status == 409]
    assert {one.slug for one in late} == {"seat-taken"}
    assert all(one.body["facts"] == {"taken": 2, "wanted": 2} for one in late)
    detail = await stage.ask(noor, "GET", f"/events/{evening.slug}")
    taken = [seat["label"] for seat in detail.body["seats"] if not seat["free"]]
    assert taken == ["A1", "A2"]
    (row,) = await stage.look("SELECT count(DISTINCT hold_id) AS holders FROM seat WHERE hold_id IS NOT NULL")
    assert row["holders"] == 1
