"""One's own data: see, correct, choose, copy, be forgotten (G-60 to G-63)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ValidationError

from chassis.reading import as_uuid
from contracts.accounts.api import ChoiceRequest, Choices, Correction, Person
from contracts.notify.api import Messages
from contracts.orders.api import Order, OrderList
from contracts.retention.api import Case, Cases, OpenCase
from contracts.sharing.api import Disclosures
from services.gateway.domain.switches import switches_of
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.frame import (
    Frame,
    Refusal,
    fields_of,
    not_found,
    refuse,
    see,
    session_of,
    with_session,
)
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.download_copy import download_copy
from services.gateway.handlers.follow_link import follow_link
from services.gateway.handlers.open_case import open_case
from services.gateway.neighbours.caller import Declined, Question
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

T = TypeVar("T", bound=BaseModel)


class Own:
    """Pages of a person about themselves."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def link(self, request: web.Request) -> web.Response:
        """GET /l/{token}: swaps the signed link of a mail for a session, and goes on to a clean address."""
        found = await follow_link(self._desk, request.match_info["token"])
        if found is None:
            raise Refusal(Declined(410, {"type": "/problems/link-dead", "status": 410}))
        _, cookie, locale = found
        response = see(path("my_data"), set_cookie(cookie))
        if "lang" not in request.cookies:
            response.set_cookie("lang", locale, samesite="Lax", secure=True, httponly=True)
        return response

    async def my_data(self, request: web.Request) -> web.Response:
        """GET /my-data"""
        return await self._my_data(request, None, ())

    async def correct(self, request: web.Request) -> web.Response:
        """POST /my-data/correct"""
        acting = await self._acting(request)
        typed = {name: "" for name in ("name", "email", "phone")} | dict(await fields_of(request))
        phone = typed["phone"].strip()
        try:
            change = Correction(
                name=typed["name"], email=typed["email"].strip(), phone=phone or None, remove_phone=not phone
            )
        except ValidationError as error:
            listed = self._frame.reasons.of(error, Correction, self._frame.language(request))
            errors = [{"field": one.pointer.strip("/"), "message": one.reason} for one in listed]
            return await self._my_data(request, typed, errors)
        done = await self._ask(request, acting, ("accounts", "PATCH", "/people/me"), Person, change)
        assert isinstance(done, Person)
        return see(path("my_data") + "?saved=person")

    async def choice(self, request: web.Request) -> web.Response:
        """POST /my-data/choice"""
        acting = await self._acting(request)
        fields = dict(await fields_of(request))
        try:
            wanted = ChoiceRequest(
                purpose=fields.get("purpose", ""),
                organisation=as_uuid(fields.get("organisation", "")),
                state=fields.get("state", ""),
            )
        except ValidationError:
            raise Refusal(Declined(422, {"type": "/problems/invalid-input", "status": 422})) from None
        await self._ask(request, acting, ("accounts", "POST", "/people/me/choices"), Choices, wanted)
        return see(path("my_data") + "?saved=choice")

    async def order_copy(self, request: web.Request) -> web.Response:
        """POST /my-data/copy"""
        case = await self._open(request, OpenCase(kind="copy"))
        return see(path("copy_case", case=case.id))

    async def copy(self, request: web.Request) -> web.Response:
        """GET /my-data/copy/{case}"""
        return await self._frame.show(request, "copy", case=await self._case(request))

    async def download(self, request: web.Request) -> web.Response:
        """GET /my-data/copy/{case}/download"""
        case = await self._case(request)
        acting = await self._acting(request)
        got = await download_copy(self._desk, acting, case.id, self._frame.language(request))
        refuse(got)
        assert isinstance(got, bytes)
        headers = {"Content-Disposition": 'attachment; filename="copy.json"'}
        return web.Response(body=got, content_type="application/json", headers=headers)

    async def before_erasure(self, request: web.Request) -> web.Response:
        """GET /my-data/erase"""
        return await self._erase(request, ())

    async def erase(self, request: web.Request) -> web.Response:
        """POST /my-data/erase"""
        fields = dict(await fields_of(request))
        if fields.get("understood") != "yes":
            message = self._frame.pages.text(self._frame.language(request), "erase.not_understood")
            return await self._erase(request, [{"field": "understood", "message": message}])
        case = await self._open(request, OpenCase(kind="erasure", understood=True))
        return see(path("erased", case=case.id))

    async def erased(self, request: web.Request) -> web.Response:
        """GET /my-data/erased/{case}; the session is forgotten on the way, and the page then says so."""
        if session_of(request) is None:
            return await self._frame.show(request, "forgotten")
        return await self._frame.show(request, "erased", case=await self._case(request), names={})

    async def _my_data(
        self, request: web.Request, typed: dict[str, str] | None, errors: Sequence[dict[str, str]]
    ) -> web.Response:
        acting = await self._acting(request)
        person = await self._read(request, acting, ("accounts", "/people/me"), Person)
        choices = await self._read(request, acting, ("accounts", "/people/me/choices"), Choices)
        disclosures = await self._read(request, acting, ("sharing", "/my/disclosures"), Disclosures)
        form = typed or {"name": person.name, "email": person.email, "phone": person.phone or ""}
        saved = request.query.get("saved")
        return await self._frame.show(
            request,
            "my_data",
            422 if errors else 200,
            person=person,
            switches=switches_of(choices, disclosures, self._frame.gates),
            orders=await self._read(request, acting, ("orders", "/my/orders"), OrderList),
            disclosures=disclosures,
            messages=await self._read(request, acting, ("notify", "/my/messages"), Messages),
            cases=await self._read(request, acting, ("retention", "/cases"), Cases),
            form=form,
            errors=errors,
            saved=saved if saved in ("person", "choice") else None,
        )

    async def _erase(self, request: web.Request, errors: Sequence[dict[str, str]]) -> web.Response:
        acting = await self._acting(request)
        orders = await self._read(request, acting, ("orders", "/my/orders"), OrderList)
        upcoming = tuple(order for order in orders.orders if self._is_upcoming(order))
        return await self._frame.show(
            request, "erase", 422 if errors else 200, upcoming=upcoming, errors=errors
        )

    def _is_upcoming(self, order: Order) -> bool:
        return order.state == "paid" and order.event.ends_at > self._desk.clock.now()

    async def _acting(self, request: web.Request) -> Acting:
        return await act_for_self(self._desk, with_session(request))

    async def _open(self, request: web.Request, wanted: OpenCase) -> Case:
        acting = await self._acting(request)
        case = await open_case(self._desk, acting, wanted, self._frame.language(request))
        refuse(case)
        assert isinstance(case, Case)
        return case

    async def _case(self, request: web.Request) -> Case:
        case: UUID | None = as_uuid(request.match_info["case"])
        if case is None:
            not_found()
        return await self._read(request, await self._acting(request), ("retention", f"/cases/{case}"), Case)

    async def _read(self, request: web.Request, acting: Acting, source: tuple[str, str], model: type[T]) -> T:
        return await self._ask(request, acting, (source[0], "GET", source[1]), model, None)

    async def _ask(
        self,
        request: web.Request,
        acting: Acting,
        asked: tuple[str, str, str],
        model: type[T],
        body: BaseModel | None,
    ) -> T:
        service, method, source = asked
        question = Question(service, method, source, acting, body, language=self._frame.language(request))
        got = await self._desk.neighbours.ask(question, model)
        if isinstance(got, Declined):
            raise Refusal(got)
        return got
