"""The API of the shop: what is on, holding, ordering, paying, tickets."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call, Route
from contracts.actors import Role
from contracts.orders.api import EventDetail, EventList, Hold, HoldRequest, MollieWebhook, Order
from services.gateway.domain.session import Session
from services.gateway.entrypoints.bodies import GuestCheckout
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.passage import Outcome, in_session, passage, session_of, told
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.handlers.begin_visit import begin_visit
from services.gateway.handlers.check_out import Placing, check_out
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.hold_places import Wanted, hold_places
from services.gateway.handlers.release_hold import release_hold
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined

VISITOR = frozenset({Role.VISITOR})
BUYERS = frozenset({Role.VISITOR, Role.BOX_OFFICE})
SLUG = "{slug:[a-z0-9-]{1,80}}"
OPEN: frozenset[Role] = frozenset()


class _Shop:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def hold(self, call: Call) -> Outcome:
        session, cookie = session_of(call), None
        if session is None:
            session, cookie = await begin_visit(self._desk)
        wanted = Wanted(call.body, call.language, call.idempotency_key)
        held = await hold_places(self._desk, session, wanted)
        if isinstance(held, Declined) or cookie is None:
            return told(held)
        return Answer(held, 201, headers=set_cookie(cookie))

    async def release(self, call: Call, session: Session) -> Outcome:
        refused = await release_hold(self._desk, session, UUID(call.path["hold"]), call.language)
        return Answer(None, 204) if refused is None else told(refused)

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
        question = Question("notify", "GET", path, acting, language=call.language)
        got = await self._desk.neighbours.fetch(question)
        return told(got) if isinstance(got, Declined) else Answer(got.content, 200, got.content_type)

    async def webhook(self, call: Call) -> Outcome:
        """Mollie sends again whatever is not answered with 200."""
        question = Question("orders", "POST", "/webhooks/mollie", body=call.body, language=call.language)
        refused = await self._desk.neighbours.tell(question)
        return Answer(None, 200) if refused is None else told(refused)

    async def _about_order(self, call: Call, session: Session, method: str, tail: str) -> Outcome:
        order = UUID(call.path["order"])
        acting = await act_for_order(self._desk, session, order)
        path, key = f"/orders/{order}{tail}", call.idempotency_key
        question = Question("orders", method, path, acting, language=call.language, key=key)
        return told(await self._desk.neighbours.ask(question, Order))


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of the shop."""
    shop = _Shop(desk)
    return [*_browsing(desk), *_holding(desk, shop), *_ordering(shop)]


def _browsing(desk: Desk) -> Sequence[Route]:
    listed = passage(desk, ("orders", "GET", "/events"), EventList)
    one = passage(desk, ("orders", "GET", "/events/{slug}"), EventDetail)
    return [
        Route(
            "GET",
            "/events",
            "order_guidance",
            OPEN,
            listed,
            answer=EventList,
            open=True,
            summary="The season",
        ),
        Route(
            "GET",
            "/events/" + SLUG,
            "order_guidance",
            OPEN,
            one,
            answer=EventDetail,
            open=True,
            summary="One event with its free places",
        ),
    ]


def _holding(desk: Desk, shop: _Shop) -> Sequence[Route]:
    kept = passage(desk, ("orders", "GET", "/holds/{hold}"), Hold)
    return [
        Route(
            "POST",
            "/holds",
            "ticket_sale",
            OPEN,
            shop.hold,
            body=HoldRequest,
            answer=Hold,
            status=201,
            open=True,
            summary="Hold places for a short while",
        ),
        Route(
            "GET", "/holds/{hold}", "ticket_sale", BUYERS, kept, answer=Hold, summary="A hold as it stands"
        ),
        Route(
            "DELETE",
            "/holds/{hold}",
            "ticket_sale",
            BUYERS,
            in_session(shop.release),
            status=204,
            summary="Give places back",
        ),
    ]


def _ordering(shop: _Shop) -> Sequence[Route]:
    return [
        Route(
            "POST",
            "/orders",
            "ticket_sale",
            VISITOR,
            in_session(shop.order),
            body=GuestCheckout,
            answer=Order,
            status=201,
            summary="Order what is held; pay at checkout_url",
        ),
        Route(
            "GET",
            "/orders/{order}",
            "order_guidance",
            BUYERS,
            in_session(shop.see),
            answer=Order,
            summary="An order",
        ),
        Route(
            "POST",
            "/orders/{order}/payment",
            "payment",
            VISITOR,
            in_session(shop.pay_again),
            answer=Order,
            summary="Try again to pay",
        ),
        Route(
            "GET",
            "/orders/{order}/tickets.pdf",
            "order_guidance",
            BUYERS,
            in_session(shop.paper),
            summary="Tickets on paper",
        ),
        Route(
            "POST",
            "/webhooks/mollie",
            "payment",
            OPEN,
            shop.webhook,
            body=MollieWebhook,
            open=True,
            summary="Mollie says that something happened to a payment",
        ),
    ]
