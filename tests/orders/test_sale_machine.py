"""A sale in which anything happens in any order, on the real PostgreSQL: its laws hold after every step."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

import aiohttp
import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chassis.service import Service
from chassis.testing import SetClock, running
from contracts.actors import Actor, Role
from services.orders.app import compose
from services.orders.settings import OrdersSettings
from tests.orders.conftest import Ground
from tests.orders.laws import broken
from tests.orders.stage import Answered, Evening, Stage, empty, put_on, staff, visitor

T = TypeVar("T")
SEATS = tuple(f"A{number}" for number in range(1, 7))
STANDING = 7
CLERKS = (staff(Role.BOX_OFFICE), staff(Role.BOX_OFFICE))
TIMERS = ("expire_holds", "reconcile_payments", "refund_late_payments", "find_chargebacks")
ENDINGS = ("paid", "paid", "paid", "failed", "canceled", "expired")
SOME = st.integers(0, 50)


class House:
    """The service that all sales of this test run on, in a loop of its own."""

    def __init__(self, ground: Ground, told: OrdersSettings, clock: SetClock) -> None:
        self._ground, self._told, self.clock = ground, told, clock
        self.mollie = told.mollie_endpoint
        self._loop = asyncio.new_event_loop()
        self._open = AsyncExitStack()
        self.service: Service
        self.stage: Stage
        self.sql: Any

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this now."""
        return self._loop.run_until_complete(work)

    async def open(self) -> None:
        """Start the service on its real roles and empty tables."""
        await empty(self._ground.dsn)
        self.service, process = await self._open.enter_async_context(running(compose, self._told, self.clock))
        session = await self._open.enter_async_context(aiohttp.ClientSession())
        self.sql = await asyncpg.connect(self._ground.dsn)
        self._open.push_async_callback(self.sql.close)
        base = f"http://127.0.0.1:{process.port}"
        self.stage = Stage(self._ground.dsn, base, self._ground.secrets, self.clock, session)

    def close(self) -> None:
        """Stop it again."""
        self.run(self._open.aclose())
        self._loop.close()

    async def evening(self) -> Evening:
        """A new event, of which nothing is sold: six seats and seven standing places."""
        slug = f"sale-{uuid4().hex[:12]}"
        now = self.clock.now()
        return await put_on(self.stage.dsn, now, slug=slug, seats=len(SEATS), standing=STANDING)


class Sale(RuleBasedStateMachine):
    """Visitors, two clerks, a payment provider that says everything twice, and a clock that jumps."""

    house: ClassVar[House]

    @initialize()
    def doors_open(self) -> None:
        self.evening = self.house.run(self.house.evening())
        self.holds: list[tuple[Actor, str]] = []
        self.orders: list[tuple[Actor, dict[str, Any]]] = []
        self.taken: dict[str, str] = {}

    @rule(seats=st.sets(st.sampled_from(SEATS), max_size=3), standing=st.integers(0, 4))
    def hold(self, seats: set[str], standing: int) -> None:
        who = visitor()
        self._held(who, self._run(self._stage.hold(who, self.evening, *sorted(seats), standing=standing)))

    @rule(count=st.integers(1, 4), people=st.integers(1, 3))
    def the_house_picks(self, count: int, people: int) -> None:
        who = [visitor() for _ in range(people)]
        best = {"seats": [{"price": str(self.evening.seat_price), "quantity": count}]}
        wish = {"event": str(self.evening.event), "best": best}

        async def at_once() -> list[Answered]:
            return await asyncio.gather(*(self._stage.ask(one, "POST", "/holds", wish) for one in who))

        for one, answer in zip(who, self._run(at_once()), strict=True):
            self._held(one, answer)

    @precondition(lambda self: self.holds)
    @rule(which=SOME)
    def ask_for_more_time(self, which: int) -> None:
        who, hold = self.holds[which % len(self.holds)]
        path = f"/holds/{hold}/extension"

        async def click() -> list[Answered]:
            return await asyncio.gather(*(self._stage.ask(who, "PUT", path) for _ in range(2)))

        assert all(answer.status < 500 for answer in self._run(click()))

    @precondition(lambda self: self.holds)
    @rule(which=SOME, pick=st.sampled_from(("same", "best")))
    def take_it_again(self, which: int, pick: str) -> None:
        who, hold = self.holds[which % len(self.holds)]
        answer = self._run(self._stage.ask(who, "POST", f"/holds/{hold}/again", {"pick": pick}))
        self._held(who, answer)

    @rule(seat=st.sampled_from(SEATS), standing=st.integers(0, 3))
    def two_clerks_and_visitors_want_the_same(self, seat: str, standing: int) -> None:
        people = [visitor() for _ in range(3)]
        wish = self.evening.wish(seat, standing=standing)

        async def rush() -> list[Answered]:
            asked = [self._stage.hold(who, self.evening, seat, standing=standing) for who in people]
            sold = [self._counter(clerk, wish) for clerk in CLERKS]
            return await asyncio.gather(*asked, *sold)

        answers = self._run(rush())
        for who, answer in zip(people, answers, strict=False):
            self._held(who, answer)
        assert sum(answer.status == 201 for answer in answers) <= 1, "one seat is one person's"

    @precondition(lambda self: self.holds)
    @rule(which=SOME, twice=st.booleans())
    def order(self, which: int, twice: bool) -> None:
        who, hold = self.holds[which % len(self.holds)]
        key = uuid4().hex

        async def click() -> list[Answered]:
            return await asyncio.gather(*(self._stage.order(who, hold, key) for _ in range(1 + twice)))

        placed = [answer.body for answer in self._run(click()) if answer.status == 201]
        assert len({one["id"] for one in placed}) <= 1
        self.orders += [(who, one) for one in placed[:1]]

    @precondition(lambda self: self.holds)
    @rule(which=SOME)
    def give_back(self, which: int) -> None:
        who, hold = self.holds[which % len(self.holds)]
        self._run(self._stage.ask(who, "DELETE", f"/holds/{hold}"))

    @precondition(lambda self: self.orders)
    @rule(which=SOME, ending=st.sampled_from(ENDINGS), told=st.integers(0, 3))
    def pay(self, which: int, ending: str, told: int) -> None:
        """The buyer decides at the provider, who says so never, once, or several times at once."""
        _, order = self.orders[which % len(self.orders)]
        self._run(self._decided(order["id"], ending))
        self._run(self._webhooks(order["id"], told))

    @precondition(lambda self: self.orders)
    @rule(which=SOME)
    def pay_again(self, which: int) -> None:
        who, order = self.orders[which % len(self.orders)]
        path = f"/orders/{order['id']}/payment"
        self._run(self._stage.ask(who, "POST", path, key=uuid4().hex))

    @precondition(lambda self: self.orders)
    @rule(which=SOME, told=st.integers(1, 2))
    def pay_another_amount(self, which: int, told: int) -> None:
        """What was asked for is not what the provider speaks of."""
        _, order = self.orders[which % len(self.orders)]
        more = "UPDATE payment SET cents = cents + 1 WHERE order_id = $1 AND state = 'open'"
        self._run(self._sql.execute(more, UUID(order["id"])))
        self._run(self._decided(order["id"], "paid"))
        self._run(self._webhooks(order["id"], told))

    @precondition(lambda self: self.orders)
    @rule(which=SOME, told=st.integers(1, 2), noticed=st.booleans())
    def pay_too_late(self, which: int, told: int, noticed: bool) -> None:
        """The places are gone when the money comes, whether or not a timer noticed."""
        _, order = self.orders[which % len(self.orders)]
        self.house.clock.move(timedelta(seconds=4000))
        if noticed:
            self.timer("expire_holds")
        self._run(self._decided(order["id"], "paid"))
        self._run(self._webhooks(order["id"], told))

    @precondition(lambda self: self.orders)
    @rule(which=SOME, told=st.integers(0, 2), back=st.booleans())
    def a_bank_takes_back(self, which: int, told: int, back: bool) -> None:
        """All that an order was paid with, and brings it again, or not."""
        _, order = self.orders[which % len(self.orders)]
        for payment in self._run(self._known(order["id"])):
            method, path = (
                ("DELETE", f"/{self.taken[payment]}") if back and payment in self.taken else ("POST", "")
            )
            self._run(self._bank(method, payment, path))
        self._run(self._webhooks(order["id"], told))

    @rule(no_balance=st.integers(0, 2), refund_fails=st.integers(0, 1))
    def the_provider_is_short_of_money(self, no_balance: int, refund_fails: int) -> None:
        faults = {"no_balance": no_balance, "refund_fails": refund_fails}
        self._run(self._simulator("POST", "faults", faults))

    @rule()
    def forged(self) -> None:
        assert self._run(self._stage.mollie_calls("tr_forged0000")).status == 200

    @rule(seconds=st.sampled_from((-120, 5, 300, 601, 1100, 4000)))
    def clock_jumps(self, seconds: int) -> None:
        self.house.clock.move(timedelta(seconds=seconds))

    @rule(name=st.sampled_from(TIMERS))
    def a_timer_comes_by(self, name: str) -> None:
        self.timer(name)

    def timer(self, name: str) -> None:
        """One run of a timer of the service."""
        self._run(next(one for one in self.house.service.timers if one.name == name).run())

    @invariant()
    def laws_hold(self) -> None:
        if hasattr(self, "evening"):
            assert self._run(broken(self._sql)) == []

    @invariant()
    def nobody_loses_a_hold(self) -> None:
        if getattr(self, "holds", None):
            ids = [UUID(hold) for _, hold in self.holds]
            kept = self._run(self._sql.fetchval("SELECT count(*) FROM hold WHERE hold_id = ANY ($1)", ids))
            assert kept == len(set(ids))

    @property
    def _stage(self) -> Stage:
        return self.house.stage

    @property
    def _sql(self) -> Any:
        return self.house.sql

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.house.run(work)

    def _held(self, who: Actor, answer: Answered) -> None:
        assert answer.status < 500, answer.body
        if answer.status == 201:
            self.holds.append((who, answer.body["id"]))

    async def _counter(self, clerk: Actor, wish: dict[str, Any]) -> Answered:
        return await self._stage.ask(clerk, "POST", "/counter/sales", wish, uuid4().hex)

    async def _decided(self, order: str, ending: str) -> None:
        payment = await self._stage.payment_of(order)
        if payment["checkout_url"]:
            data = {"status": ending}
            async with self._stage.session.post(payment["checkout_url"], data=data, allow_redirects=False):
                return

    async def _known(self, order: str) -> list[str]:
        rows = await self._sql.fetch("SELECT provider_id FROM payment WHERE order_id = $1", UUID(order))
        return [row["provider_id"] for row in rows if row["provider_id"]]

    async def _bank(self, method: str, payment: str, path: str) -> None:
        made = await self._simulator(method, f"payments/{payment}/chargebacks{path}")
        if method == "DELETE":
            del self.taken[payment]
        elif "id" in made:
            self.taken[payment] = made["id"]

    async def _simulator(self, method: str, path: str, body: dict[str, int] | None = None) -> Any:
        address = f"{self.house.mollie}/_simulator/{path}"
        async with self._stage.session.request(method, address, json=body) as answer:
            return await answer.json(content_type=None)

    async def _webhooks(self, order: str, told: int) -> None:
        known = await self._known(order)
        await asyncio.gather(*(self._stage.mollie_calls(one) for one in known for _ in range(told)))


@pytest.mark.requirement("G-20")
def test_whatever_happens_in_a_sale_its_laws_hold(
    ground: Ground, settings: OrdersSettings, clock: SetClock
) -> None:
    Sale.house = House(ground, settings, clock)
    Sale.house.run(Sale.house.open())
    try:
        run_state_machine_as_test(Sale, settings=FEW)
    finally:
        Sale.house.close()


FEW = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
