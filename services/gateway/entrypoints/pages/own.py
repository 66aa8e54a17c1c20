"""One's own data: see and correct (G-60, G-62)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt, as_uuid
from contracts.accounts.api import Correction, Person
from contracts.notify.api import Messages
from contracts.orders.api import OrderList
from contracts.retention.api import Cases
from contracts.sharing.api import Disclosures
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.claim import before_following
from services.gateway.entrypoints.pages.frame import LANGUAGE_COOKIE, Frame, see
from services.gateway.entrypoints.pages.incoming import fields_of, session_of, with_session
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.follow_link import follow_link
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

FIELDS = ("name", "email", "phone")
ONWARD = ("looks", "choices")
SAVED = ("person", "restricted", "lifted", "claimed")


class Own:
    """Pages of a person about themselves."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def link(self, request: web.Request) -> web.Response:
        """GET /l/{token}: swaps the signed link of a mail for a session, and goes on to a clean address.

        Whoever logged in keeps their session, and is asked whether a guest's order belongs to their account.
        `?to=looks` goes on to who looked at the data, `?to=choices` to what somebody says yes and no to,
        `?to=order.<id>` to an order.
        """
        token, session = request.match_info["token"], session_of(request)
        onward = _onward(request.query.get("to", ""))
        if session is not None:
            own = await before_following(self._desk, session, token, onward)
            if own is not None:
                return own
        found = await follow_link(self._desk, token)
        if found is None:
            raise Halt("link-dead")
        _, cookie, locale = found
        response = see(onward, set_cookie(cookie))
        if LANGUAGE_COOKIE not in request.cookies:
            response.set_cookie(LANGUAGE_COOKIE, locale, samesite="Lax", secure=True, httponly=True)
        return response

    async def my_data(self, request: web.Request) -> web.Response:
        """GET /my-data"""
        return await self._show(request, await self._acting(request), None, (), 200)

    async def correct(self, request: web.Request) -> web.Response:
        """POST /my-data/correct"""
        acting = await self._acting(request)
        fields = dict(await fields_of(request))
        typed = {name: fields.get(name, "") for name in FIELDS}
        phone = typed["phone"].strip() or None
        try:
            change = Correction(
                name=typed["name"], email=typed["email"].strip(), phone=phone, remove_phone=phone is None
            )
        except ValidationError as error:
            wrong = self._frame.wrong_fields(request, error, Correction)
            return await self._show(request, acting, typed, wrong, 422)
        asked = ("accounts", "PATCH", "/people/me")
        done = await self._frame.ask(request, asked, Person, acting, body=change)
        if isinstance(done, Declined):
            wrong = self._frame.refused_fields(request, done)
            return await self._show(request, acting, typed, wrong, done.status)
        return see(path("my_data") + "?saved=person")

    async def _show(
        self,
        request: web.Request,
        acting: Acting,
        typed: dict[str, str] | None,
        errors: Sequence[dict[str, str]],
        status: int,
    ) -> web.Response:
        read = self._frame.read
        person = await read(request, ("accounts", "/people/me"), Person, acting)
        disclosures = await read(request, ("sharing", "/my/disclosures"), Disclosures, acting)
        saved = request.query.get("saved")
        return await self._frame.show(
            request,
            "my_data",
            status,
            person=person,
            orders=await read(request, ("orders", "/my/orders"), OrderList, acting),
            disclosures=disclosures,
            messages=await read(request, ("notify", "/my/messages"), Messages, acting),
            cases=await read(request, ("retention", "/cases"), Cases, acting),
            form=typed or {"name": person.name, "email": person.email, "phone": person.phone or ""},
            errors=errors,
            logged_in=acting.session.kind == "login",
            saved=saved if saved in SAVED else None,
        )

    async def _acting(self, request: web.Request) -> Acting:
        return await act_for_self(self._desk, with_session(request))


def _onward(wanted: str) -> str:
    """Where a link goes on to: one of the house's own pages, whatever was added to it."""
    page, _, named = wanted.partition(".")
    order = as_uuid(named) if page == "order" else None
    if order is not None:
        return path("order", order=order)
    return path(wanted if wanted in ONWARD else "my_data")
