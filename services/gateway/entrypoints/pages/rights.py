"""A copy of one's own data, and being forgotten (W-40, G-63)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from contracts.orders.api import Order, OrderList
from contracts.retention.api import Case, CaseKind, OpenCase
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, not_found, session_of, with_session
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.download_copy import FILE_HEADERS, download_copy
from services.gateway.handlers.open_case import open_case
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path


class Rights:
    """Pages about the cases that a person opened for themselves."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def order_copy(self, request: web.Request) -> web.Response:
        """POST /my-data/copy"""
        case = await self._open(request, OpenCase(kind="copy"))
        return see(path("copy_case", case=case.id))

    async def copy(self, request: web.Request) -> web.Response:
        """GET /my-data/copy/{case}"""
        return await self._frame.show(request, "copy", case=await self._case(request, "copy"))

    async def download(self, request: web.Request) -> web.Response:
        """GET /my-data/copy/{case}/download"""
        case, acting = id_in(request, "case"), await self._acting(request)
        got = granted(await download_copy(self._desk, acting, case, self._frame.language(request)))
        return web.Response(body=got, content_type="application/json", headers=FILE_HEADERS)

    async def restrict(self, request: web.Request) -> web.Response:
        """POST /my-data/restrict"""
        await self._open(request, OpenCase(kind="restriction"))
        return see(path("my_data") + "?saved=restricted#restrict")

    async def lift(self, request: web.Request) -> web.Response:
        """POST /my-data/restrict/{case}/lift"""
        asked = ("retention", "POST", f"/cases/{id_in(request, 'case')}/lift")
        granted(await self._frame.ask(request, asked, Case, await self._acting(request)))
        return see(path("my_data") + "?saved=lifted#restrict")

    async def before_erasure(self, request: web.Request) -> web.Response:
        """GET /my-data/erase"""
        return await self._warn(request, ())

    async def erase(self, request: web.Request) -> web.Response:
        """POST /my-data/erase"""
        fields = dict(await fields_of(request))
        if fields.get("understood") != "yes":
            message = self._frame.text(request, "erase.not_understood")
            return await self._warn(request, [{"field": "understood", "message": message}])
        case = await self._open(request, OpenCase(kind="erasure", understood=True))
        return see(path("erased", case=case.id))

    async def erased(self, request: web.Request) -> web.Response:
        """GET /my-data/erased/{case}; the session is forgotten on the way, and the page then says so."""
        if session_of(request) is None:
            return await self._frame.show(request, "forgotten")
        return await self._frame.show(request, "erased", case=await self._case(request, "erasure"), names={})

    async def _warn(self, request: web.Request, errors: Sequence[dict[str, str]]) -> web.Response:
        """What an erasure means for tickets that can still be used."""
        orders = await self._frame.read(
            request, ("orders", "/my/orders"), OrderList, await self._acting(request)
        )
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
        return granted(await open_case(self._desk, acting, wanted, self._frame.language(request)))

    async def _case(self, request: web.Request, kind: CaseKind) -> Case:
        source = ("retention", f"/cases/{id_in(request, 'case')}")
        case = await self._frame.read(request, source, Case, await self._acting(request))
        return case if case.kind == kind else not_found()
