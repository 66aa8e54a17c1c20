"""The basket and the guest's checkout: from held places to paying."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import as_uuid
from chassis.wordings import newest
from contracts.orders.api import Choice, Hold, HoldAgain
from contracts.orders.limits import LimitContested
from contracts.orders.money import PaymentMethods
from services.gateway.domain.draft import Typed
from services.gateway.domain.session import Session
from services.gateway.entrypoints.bodies import GuestCheckout
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, session_of, with_session
from services.gateway.handlers.check_out import Placing, check_out
from services.gateway.handlers.contest_limit import contest_limit
from services.gateway.handlers.extend_hold import extend_hold
from services.gateway.handlers.hold_again import hold_again
from services.gateway.handlers.keep_typed import keep_typed
from services.gateway.handlers.release_hold import release_hold
from services.gateway.handlers.see_basket import Basket, order_of_hold, see_basket
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

WAITS = frozenset({"waiting", "waiting-early"})
"""Refusals of the waiting room, which has a page of its own."""
NEWS = newest("checkout.co_presentation_news")
CHOICE = "choice."
FIELDS = ("name", "email", "phone", "language")
LONGEST = 254
"""Characters of a field that are kept: no field takes more."""
LIMITS = {"purchase-limit": "event", "purchase-limit-of-production": "production"}
NUMBERS = ("most", "counted", "asked", "left")
NOTHING_SAID = Declined.ours("nothing-said", 422)
Fields = Sequence[tuple[str, str]]
Errors = Sequence[dict[str, str]]


class Baskets:
    """The basket's page and its forms."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def basket(self, request: web.Request) -> web.Response:
        """GET /basket"""
        return await self._show(request, None, (), 200)

    async def release(self, request: web.Request) -> web.Response:
        """POST /basket/release"""
        session = with_session(request)
        found = await self._found(request, session)
        if found is None or found.order is not None:
            return see(path("basket"))
        granted(await release_hold(self._desk, session, found.hold.id, self._frame.language(request)))
        return see(path("event", slug=found.draft.event_slug))

    async def extend(self, request: web.Request) -> web.Response:
        """POST /basket/extend: the page again with more time, and with what was typed until then."""
        session, fields = with_session(request), await fields_of(request)
        found = await self._typed(request, session, fields)
        if found is None:
            return see(path("basket"))
        held = await extend_hold(self._desk, session, found.hold.id, self._frame.language(request))
        return await self._answer(request, fields, held)

    async def again(self, request: web.Request) -> web.Response:
        """POST /basket/again: the page with the same places or, with `pick`, with others as good."""
        session, fields = with_session(request), await fields_of(request)
        found = await self._typed(request, session, fields)
        if found is None:
            return see(path("basket"))
        wanted = HoldAgain(pick="best" if ("pick", "best") in fields else "same")
        language = self._frame.language(request)
        held = await hold_again(self._desk, session, found.hold.id, wanted, language)
        if isinstance(held, Declined) and held.slug in WAITS:
            return see(path("wait", slug=found.draft.event_slug))
        return await self._answer(request, fields, held)

    async def _typed(self, request: web.Request, session: Session, fields: Fields) -> Basket | None:
        """The basket that a form is about, with what stands in it kept; None where there is none to hold."""
        found = await self._found(request, session)
        if found is None or found.order is not None:
            return None
        await self._keep(session, found, fields)
        return found

    async def _keep(self, session: Session, found: Basket, fields: Fields) -> None:
        """What stands in a form is kept as it is, so that it is there in another language too."""
        values = dict(fields)
        facts = (values.get(name, "")[:LONGEST] for name in FIELDS)
        await keep_typed(self._desk, session, found.hold.id, Typed(*facts))

    async def _answer(self, request: web.Request, fields: Fields, held: Hold | Declined) -> web.Response:
        if isinstance(held, Declined):
            wrong = self._frame.refused_fields(request, held)
            return await self._show(request, form_of(fields), wrong, held.status)
        return await self._show(request, form_of(fields), (), 200)

    async def pay(self, request: web.Request) -> web.Response:
        """POST /basket/pay"""
        session = with_session(request)
        fields = await fields_of(request)
        found = await self._found(request, session)
        if found is None:
            return see(path("basket"))
        if found.order is not None:
            return see(path("order", order=found.order))
        try:
            guest = checkout_of(found.hold.id, fields)
        except ValidationError as error:
            await self._keep(session, found, fields)
            wrong = self._frame.wrong_fields(request, error, GuestCheckout)
            return await self._show(request, form_of(fields), wrong, 422)
        return await self._place(request, session, guest, fields)

    async def _place(
        self, request: web.Request, session: Session, guest: GuestCheckout, fields: Fields
    ) -> web.Response:
        """Place the order. The same form, sent twice, has the same key; another one finds what it became."""
        key = hashlib.sha256(guest.model_dump_json().encode()).hexdigest()
        placing = Placing(guest.for_orders(self._desk.public_url), key, self._frame.language(request))
        order = await check_out(self._desk, session, placing)
        if not isinstance(order, Declined):
            return see(order.checkout_url or path("order", order=order.id))
        if order.slug == "hold-ordered":
            placed = await order_of_hold(self._desk, session, guest.hold)
            if placed is not None:
                return see(path("order", order=placed))
        # That the time is over is what the page says of itself.
        wrong = () if order.slug == "hold-expired" else self._frame.refused_fields(request, order)
        return await self._show(request, form_of(fields), wrong, order.status, limit=limit_of(order))

    async def contest(self, request: web.Request) -> web.Response:
        """POST /basket/contest"""
        session = with_session(request)
        fields = dict(await fields_of(request))
        view = fields.get("view", "").strip()
        found = await self._found(request, session)
        if found is None:
            return see(path("basket"))
        language = self._frame.language(request)
        asked: LimitContested | Declined = NOTHING_SAID
        if view:
            asked = await contest_limit(self._desk, session, found.hold.id, view, language)
        if not isinstance(asked, Declined):
            return see(path("basket") + "?asked=yes")
        wrong = [{"field": "view", "message": self._frame.said(request, asked)}]
        return await self._show(request, None, wrong, asked.status, limit=limit_in(fields), view=view)

    async def _show(
        self,
        request: web.Request,
        typed: dict[str, object] | None,
        errors: Errors,
        status: int,
        **limit: object,
    ) -> web.Response:
        session = session_of(request)
        found = None if session is None else await self._found(request, session)
        alike = {"errors": errors, "news": NEWS, "limit": None, "view": "", **limit}
        if found is None or found.order is not None:
            nothing = {"means": None, "hold": None, "seconds_left": 0, "form": typed or form_from(Typed())}
            return await self._frame.show(request, "basket", status, **nothing, **alike)
        held = {
            "means": await self._means(request),
            "hold": found.hold,
            "seconds_left": found.seconds_left(self._desk.clock.now()),
            "form": typed or form_from(found.draft.typed),
            "asked": request.query.get("asked") == "yes",
        }
        return await self._frame.show(request, "basket", status, **held, **alike)

    async def _means(self, request: web.Request) -> PaymentMethods | None:
        """How to pay; None where that cannot be known just now, and Mollie's own page asks."""
        asked = await self._frame.ask(request, ("orders", "GET", "/payment-methods"), PaymentMethods)
        return None if isinstance(asked, Declined) else asked

    async def _found(self, request: web.Request, session: Session) -> Basket | None:
        return granted(await see_basket(self._desk, session, self._frame.language(request)))


def limit_of(declined: Declined) -> dict[str, object] | None:
    """The purchase limit that refused an order, with its numbers; None where something else did."""
    kind = LIMITS.get(declined.slug)
    return None if kind is None else {"kind": kind, **declined.facts}


def limit_in(fields: Mapping[str, str]) -> dict[str, object] | None:
    """The same as its form brings it back, to be shown again; None where the form is not ours."""
    known = {name: fields.get(name, "") for name in NUMBERS}
    if fields.get("kind") not in LIMITS.values() or not all(one.isdigit() for one in known.values()):
        return None
    return {"kind": fields["kind"], **{name: int(one[:9]) for name, one in known.items()}}


def form_from(typed: Typed) -> dict[str, object]:
    """The form as it was kept; choices are never ticked beforehand (G-60)."""
    return {
        "name": typed.name,
        "email": typed.email,
        "phone": typed.phone,
        "language": typed.locale,
        "choices": (),
        "method": "",
    }


def form_of(fields: Fields) -> dict[str, object]:
    """The form as it was just sent, to show again."""
    values = dict(fields)
    typed: dict[str, object] = {name: values.get(name, "") for name in (*FIELDS, "method")}
    return typed | {"choices": _ticked(fields)}


def checkout_of(hold: UUID, fields: Fields) -> GuestCheckout:
    """The checkout that a form asks for; ValidationError where a field is wrong."""
    values = dict(fields)
    asked = (as_uuid(organisation) for organisation in _ticked(fields))
    return GuestCheckout(
        hold=hold,
        name=values.get("name", ""),
        email=values.get("email", "").strip(),
        phone=values.get("phone", "").strip() or None,
        locale=values.get("language", ""),
        method=values.get("method") or None,
        choices=tuple(
            Choice(purpose="co_presentation_news", organisation=one, given=True, wording=NEWS.id)
            for one in asked
            if one is not None
        ),
    )


def _ticked(fields: Fields) -> tuple[str, ...]:
    return tuple(
        name.removeprefix(CHOICE) for name, value in fields if name.startswith(CHOICE) and value == "yes"
    )
