"""Names on the tickets of an order: for whoever comes along, and nothing more of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import as_uuid
from contracts.orders.holders import Holders, NameHolders
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, with_session
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

LONGEST = 120
FIELD = "name."
"""How the field of a ticket's name begins; the ticket follows."""


class HoldersPage:
    """One field for each ticket, all of which may stay empty."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def form(self, request: web.Request) -> web.Response:
        """GET /order/{order}/names"""
        known = await self._known(request)
        typed = {str(one.ticket): one.name or "" for one in known.tickets}
        return await self._show(request, known, typed, (), 200)

    async def keep(self, request: web.Request) -> web.Response:
        """POST /order/{order}/names: what stands in the fields counts, so an emptied name is taken off."""
        fields = {
            name.removeprefix(FIELD): value.strip()[:LONGEST]
            for name, value in await fields_of(request)
            if name.startswith(FIELD) and as_uuid(name.removeprefix(FIELD))
        }
        wanted = [{"ticket": ticket, "name": name or None} for ticket, name in fields.items()]
        try:
            body = NameHolders.model_validate({"holders": wanted})
        except ValidationError:
            wrong = [{"field": "", "message": self._frame.text(request, "holders.wrong")}]
            return await self._show(request, await self._known(request), fields, wrong, 422)
        asked = ("orders", "PUT", f"/orders/{id_in(request, 'order')}/holders")
        granted(await self._frame.ask(request, asked, Holders, await self._acting(request), body=body))
        return see(path("holders", order=id_in(request, "order")) + "?saved=1")

    async def _known(self, request: web.Request) -> Holders:
        source = ("orders", f"/orders/{id_in(request, 'order')}/holders")
        return await self._frame.read(request, source, Holders, await self._acting(request))

    async def _show(
        self,
        request: web.Request,
        known: Holders,
        typed: Mapping[str, str],
        errors: Sequence[dict[str, str]],
        status: int,
    ) -> web.Response:
        return await self._frame.show(
            request,
            "holders",
            status,
            order=id_in(request, "order"),
            known=known,
            typed=typed,
            errors=errors,
            saved="saved" in request.query,
        )

    async def _acting(self, request: web.Request) -> Acting:
        return await act_for_order(self._desk, with_session(request), id_in(request, "order"))
