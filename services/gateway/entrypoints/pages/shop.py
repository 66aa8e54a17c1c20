"""Season, event, basket: from finding to paying."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import as_uuid
from contracts.orders.api import Checkout, Choice, EventDetail, EventList, HoldRequest
from services.gateway.entrypoints.bodies import GuestCheckout
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.frame import (
    Frame,
    fields_of,
    not_found,
    refuse,
    see,
    session_of,
    with_session,
)
from services.gateway.entrypoints.pages.places import Chosen, read_places
from services.gateway.handlers.begin_visit import begin_visit
from services.gateway.handlers.check_out import Placing, check_out
from services.gateway.handlers.hold_places import hold_places
from services.gateway.handlers.release_hold import release_hold
from services.gateway.handlers.see_basket import Basket, see_basket
from services.gateway.neighbours.caller import Declined, Question
from services.gateway.paths import path

NEWS_WORDING = "checkout.co_presentation_news.v1"


class Shop:
    """Pages of the shop."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def season(self, request: web.Request) -> web.Response:
        """GET /"""
        question = Question("orders", "GET", "/events", language=self._frame.language(request))
        found = await self._desk.neighbours.ask(question, EventList)
        refuse(found)
        assert isinstance(found, EventList)
        return await self._frame.show(request, "season", events=found.events)

    async def event(self, request: web.Request) -> web.Response:
        """GET /e/{slug}"""
        return await self._event(request, Chosen(), None)

    async def hold(self, request: web.Request) -> web.Response:
        """POST /e/{slug}/hold"""
        detail = await self._detail(request)
        chosen = read_places(await fields_of(request))
        try:
            wanted = HoldRequest(
                event=detail.event.id,
                seats=chosen.seat_ids(),
                seat_price=chosen.price_id() if chosen.seats else None,
                standing=chosen.standing_places(),
            )
        except ValidationError:
            return await self._event(request, chosen, self._text(request, "event.too_many"))
        session, cookie = session_of(request), None
        if session is None:
            session, cookie = await begin_visit(self._desk)
        held = await hold_places(self._desk, session, wanted, self._frame.language(request))
        if isinstance(held, Declined):
            return await self._event(request, chosen, self._frame.said(held, self._frame.language(request)))
        return see(path("basket"), set_cookie(cookie) if cookie else None)

    async def basket(self, request: web.Request) -> web.Response:
        """GET /basket"""
        return await self._basket(request, None, ())

    async def release(self, request: web.Request) -> web.Response:
        """POST /basket/release"""
        session = with_session(request)
        found = await see_basket(self._desk, session, self._frame.language(request))
        if not isinstance(found, Basket):
            return see(path("basket"))
        refuse(await release_hold(self._desk, session, found.hold.id, self._frame.language(request)))
        return see(path("event", slug=found.draft.event_slug))

    async def pay(self, request: web.Request) -> web.Response:
        """POST /basket/pay"""
        session = with_session(request)
        found = await see_basket(self._desk, session, self._frame.language(request))
        if not isinstance(found, Basket):
            return see(path("basket"))
        if found.order is not None:
            return see(path("order", order=found.order))
        fields = await fields_of(request)
        typed = _typed(fields)
        try:
            guest = _checkout(found.hold.id, fields)
        except ValidationError as error:
            listed = self._frame.reasons.of(error, GuestCheckout, self._frame.language(request))
            errors = [
                {"field": one.pointer.strip("/").split("/")[0], "message": one.reason} for one in listed
            ]
            return await self._basket(request, typed, errors)
        return await self._place(request, found, guest, typed)

    async def _place(
        self, request: web.Request, basket: Basket, guest: GuestCheckout, typed: dict[str, object]
    ) -> web.Response:
        session = with_session(request)
        back = f"{self._desk.public_url}/back/{basket.hold.id}"
        checkout = Checkout(**guest.model_dump(exclude_unset=True), return_url=back)
        key = hashlib.sha256(guest.model_dump_json().encode()).hexdigest()
        order = await check_out(self._desk, session, Placing(checkout, key, self._frame.language(request)))
        if isinstance(order, Declined):
            errors = self._frame.field_errors(order) or [
                {"field": "", "message": self._frame.said(order, self._frame.language(request))}
            ]
            return await self._basket(request, typed, errors)
        return see(order.checkout_url or path("order", order=order.id))

    async def _basket(
        self, request: web.Request, typed: dict[str, object] | None, errors: Sequence[dict[str, str]]
    ) -> web.Response:
        session = session_of(request)
        found = (
            None if session is None else await see_basket(self._desk, session, self._frame.language(request))
        )
        refuse(found)
        if not isinstance(found, Basket) or found.order is not None:
            empty = {"name": "", "email": "", "phone": "", "language": "", "choices": ()}
            return await self._frame.show(
                request, "basket", hold=None, seconds_left=0, form=typed or empty, errors=errors
            )
        left = (found.hold.expires_at - self._desk.clock.now()).total_seconds()
        kept = found.draft.typed
        before = {
            "name": kept.name,
            "email": kept.email,
            "phone": kept.phone,
            "language": kept.locale,
            "choices": (),
        }
        return await self._frame.show(
            request,
            "basket",
            422 if errors else 200,
            hold=found.hold,
            seconds_left=max(0, int(left)) if found.hold.state == "held" else 0,
            form=typed or before,
            errors=errors,
        )

    async def _detail(self, request: web.Request) -> EventDetail:
        slug = request.match_info["slug"]
        question = Question("orders", "GET", f"/events/{slug}", language=self._frame.language(request))
        found = await self._desk.neighbours.ask(question, EventDetail)
        if isinstance(found, Declined) and found.status == 404:
            not_found()
        refuse(found)
        assert isinstance(found, EventDetail)
        return found

    async def _event(self, request: web.Request, chosen: Chosen, problem: str | None) -> web.Response:
        detail = await self._detail(request)
        return await self._frame.show(
            request, "event", 409 if problem else 200, detail=detail, chosen=chosen, problem=problem
        )

    def _text(self, request: web.Request, key: str) -> str:
        return self._frame.pages.text(self._frame.language(request), key)


def _typed(fields: Sequence[tuple[str, str]]) -> dict[str, object]:
    """What was typed, to show again as it was."""
    values = dict(fields)
    ticked = tuple(
        name.removeprefix("choice.")
        for name, value in fields
        if name.startswith("choice.") and value == "yes"
    )
    return {name: values.get(name, "") for name in ("name", "email", "phone", "language")} | {
        "choices": ticked
    }


def _checkout(hold: UUID, fields: Sequence[tuple[str, str]]) -> GuestCheckout:
    """The checkout that a form asks for; ValidationError where a field is wrong."""
    values = dict(fields)
    asked = (as_uuid(name.removeprefix("choice.")) for name, value in fields if _ticked(name, value))
    return GuestCheckout(
        hold=hold,
        name=values.get("name", ""),
        email=values.get("email", "").strip(),
        phone=values.get("phone", "").strip() or None,
        locale=values.get("language", ""),
        choices=tuple(
            Choice(purpose="co_presentation_news", organisation=one, given=True, wording=NEWS_WORDING)
            for one in asked
            if one is not None
        ),
    )


def _ticked(name: str, value: str) -> bool:
    return name.startswith("choice.") and value == "yes"
