"""The API of the shop: what is on, holding, ordering, paying, tickets."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call, Route
from contracts.actors import Role
from contracts.orders.api import (
    EventDetail,
    EventList,
    Hold,
    HoldAgain,
    HoldRequest,
    MollieWebhook,
    Order,
)
from contracts.orders.limits import LimitContested
from contracts.orders.money import PaymentMethods
from contracts.orders.tickets import TicketsSent
from services.gateway.domain.availability import Availability
from services.gateway.domain.session import Session
from services.gateway.entrypoints.bodies import GuestCheckout, LimitView
from services.gateway.entrypoints.passage import Outcome, begun, in_session, session_of, told
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.handlers.begin_visit import begin_visit
from services.gateway.handlers.check_out import Placing, check_out
from services.gateway.handlers.contest_limit import contest_limit
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.extend_hold import extend_hold
from services.gateway.handlers.hold_again import hold_again
from services.gateway.handlers.hold_places import Wanted, hold_places
from services.gateway.handlers.release_hold import release_hold
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined

VISITOR = frozenset({Role.VISITOR})
BUYERS = frozenset({Role.VISITOR, Role.BOX_OFFICE})
SLUG = "{slug:[a-z0-9-]{1,80}}"


class _Shop:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def free(self, call: Call) -> Outcome:
        return told(await self._desk.free.of(call.path["slug"]))

    async def hold(self, call: Call) -> Outcome:
        session, cookie = session_of(call), None
        if session is None:
            session, cookie = await begin_visit(self._desk)
        wanted = Wanted(call.body, call.language, call.idempotency_key)
        held = await hold_places(self._desk, session, wanted)
        if cookie is None:
            return told(held)
        return begun(told(held), cookie, 201)

    async def release(self, call: Call, session: Session) -> Outcome:
        refused = await release_hold(self._desk, session, UUID(call.path["hold"]), call.language)
        return Answer(None, 204) if refused is None else told(refused)

    async def extend(self, call: Call, session: Session) -> Outcome:
        return told(await extend_hold(self._desk, session, UUID(call.path["hold"]), call.language))

    async def again(self, call: Call, session: Session) -> Outcome:
        wanted: HoldAgain = call.body
        hold = UUID(call.path["hold"])
        return told(await hold_again(self._desk, session, hold, wanted, call.language))

    async def contest(self, call: Call, session: Session) -> Outcome:
        view: LimitView = call.body
        return told(
            await contest_limit(self._desk, session, UUID(call.path["hold"]), view.view, call.language)
        )

    async def order(self, call: Call, session: Session) -> Outcome:
        if call.idempotency_key is None:
            return Refused("idempotency-key-missing")
        typed: GuestCheckout = call.body
        placing = Placing(typed.for_orders(self._desk.public_url), call.idempotency_key, call.language)
        return told(await check_out(self._desk, session, placing))

    async def see(self, call: Call, session: Session) -> Outcome:
        return await self._about_order(call, session, "GET", "")

    async def pay_again(self, call: Call, session: Session) -> Outcome:
        return await self._about_order(call, session, "POST", "/payment")

    async def paper(self, call: Call, session: Session) -> Outcome:
        acting = await act_for_order(self._desk, session, UUID(call.path["order"]))
        path = f"/orders/{call.path['order']}/tickets.pdf"
        question = Question("notify", "GET", path, acting, language=call.language, reason=call.reason)
        got = await self._desk.neighbours.fetch(question)
        return told(got) if isinstance(got, Declined) else Answer(got.content, 200, got.content_type)

    async def wallet_pass(self, call: Call, session: Session) -> Outcome:
        acting = await act_for_order(self._desk, session, UUID(call.path["order"]))
        path = f"/orders/{call.path['order']}/tickets.pkpass"
        got = await self._desk.neighbours.fetch(
            Question("notify", "GET", path, acting, language=call.language)
        )
        return told(got) if isinstance(got, Declined) else Answer(got.content, 200, got.content_type)

    async def send_again(self, call: Call, session: Session) -> Outcome:
        order = UUID(call.path["order"])
        acting = await act_for_order(self._desk, session, order)
        path, key = f"/orders/{order}/tickets/again", call.idempotency_key
        question = Question(
            "orders", "POST", path, acting, language=call.language, key=key, reason=call.reason
        )
        return told(await self._desk.neighbours.ask(question, TicketsSent))

    async def webhook(self, call: Call) -> Outcome:
        """Mollie sends again whatever is not answered with 200."""
        question = Question("orders", "POST", "/webhooks/mollie", body=call.body, language=call.language)
        refused = await self._desk.neighbours.tell(question)
        return Answer(None, 200) if refused is None else told(refused)

    async def _about_order(self, call: Call, session: Session, method: str, tail: str) -> Outcome:
        order = UUID(call.path["order"])
        acting = await act_for_order(self._desk, session, order)
        path, key = f"/orders/{order}{tail}", call.idempotency_key
        question = Question(
            "orders", method, path, acting, language=call.language, key=key, reason=call.reason
        )
        return told(await self._desk.neighbours.ask(question, Order))


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of the shop."""
    shop = _Shop(desk)
    return [*_browsing(desk, shop), *_holding(desk, shop), *_ordering(desk, shop)]


def _browsing(desk: Desk, shop: _Shop) -> Sequence[Route]:
    guide = Table(desk, "order_guidance")
    one = "orders /events/{slug}"
    return [
        guide.passed("GET /events", "orders", "The season", EventList),
        guide.passed("GET /payment-methods", "orders", "How to pay", PaymentMethods),
        guide.passed(f"GET /events/{SLUG}", one, "One event with its free places", EventDetail),
        guide.row(
            f"GET /events/{SLUG}/availability", shop.free, "Which of its places are free", Availability
        ),
    ]


def _holding(desk: Desk, shop: _Shop) -> Sequence[Route]:
    anybody, buyers = Table(desk, "ticket_sale"), Table(desk, "ticket_sale", BUYERS)
    one, release = "/holds/{hold}", in_session(shop.release)
    extend, again = in_session(shop.extend), in_session(shop.again)
    limit, look = Table(desk, "purchase_limit", VISITOR), in_session(shop.contest)
    contest = "Ask a person to look at what a purchase limit decided"
    return [
        anybody.row(
            "POST /holds", shop.hold, "Hold places for a short while", Hold, body=HoldRequest, status=201
        ),
        buyers.passed(f"GET {one}", "orders", "A hold as it stands", Hold),
        buyers.row(f"DELETE {one}", release, "Give places back", status=204),
        buyers.row(f"PUT {one}/extension", extend, "Keep places longer, once", Hold),
        buyers.row(
            f"POST {one}/again",
            again,
            "The same places after their time, or as many that the house picks",
            Hold,
            body=HoldAgain,
            status=201,
        ),
        limit.row(f"POST {one}/contest", look, contest, LimitContested, body=LimitView, status=201),
    ]


def _ordering(desk: Desk, shop: _Shop) -> Sequence[Route]:
    sale, guide = Table(desk, "ticket_sale", VISITOR), Table(desk, "order_guidance", BUYERS)
    payment, provider = Table(desk, "payment", VISITOR), Table(desk, "payment")
    own = Table(desk, "order_guidance", VISITOR)
    order, pay_again, one = in_session(shop.order), in_session(shop.pay_again), "/orders/{order}"
    news = "Mollie says that something happened to a payment"
    return [
        sale.row(
            "POST /orders",
            order,
            "Order what is held; pay at checkout_url",
            Order,
            body=GuestCheckout,
            status=201,
        ),
        guide.row("GET " + one, in_session(shop.see), "An order", Order, looks="one"),
        payment.row(f"POST {one}/payment", pay_again, "Try again to pay", Order),
        own.row(f"GET {one}/tickets.pkpass", in_session(shop.wallet_pass), "Tickets for Apple Wallet"),
        guide.row(f"GET {one}/tickets.pdf", in_session(shop.paper), "Tickets on paper", looks="one"),
        guide.row(
            f"POST {one}/tickets/again",
            in_session(shop.send_again),
            "Send tickets again",
            TicketsSent,
            looks="one",
        ),
        provider.row("POST /webhooks/mollie", shop.webhook, news, body=MollieWebhook),
    ]
