"""What a visitor takes along from an order: the evening in their calendar, the tickets by mail once more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from aiohttp import web

from contracts.notify.api import WalletLinks
from contracts.orders.api import Order
from contracts.orders.tickets import TicketsSent
from services.gateway.calendar_file import Venue, order_calendar
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, not_found, with_session
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

KEY = re.compile(r"[0-9a-f]{32}")


def key_of(fields: Mapping[str, str]) -> str:
    """The key of a form, so that a doubled click counts once; a new one where it has none."""
    sent = fields.get("key", "")
    return sent if KEY.fullmatch(sent) else uuid4().hex


class TakeAlong:
    """Files and links beside the tickets of one order."""

    def __init__(self, frame: Frame, house: Mapping[str, Any]) -> None:
        self._frame = frame
        self._desk = frame.desk
        self._venue = Venue.of(house["house"], frame.desk.public_url.rstrip("/"))

    async def calendar(self, request: web.Request) -> web.Response:
        """GET /order/{order}/calendar.ics"""
        order = await self._paid(request)
        page = self._venue.origin + path("order", order=order.id)
        language, now = self._frame.language(request), self._desk.clock.now()
        text = order_calendar(self._venue, order.event, order.tickets, page, language, now)
        headers = {
            "Content-Disposition": f'attachment; filename="{order.event.slug}.ics"',
            "Content-Language": language,
            "Cache-Control": "no-store",
        }
        return web.Response(text=text, content_type="text/calendar", headers=headers)

    async def wallet_pass(self, request: web.Request) -> web.Response:
        """GET /order/{order}/tickets.pkpass: a pass of Apple Wallet, or a bundle of several."""
        order, language = id_in(request, "order"), self._frame.language(request)
        acting = await act_for_order(self._desk, with_session(request), order)
        asked = Question("notify", "GET", f"/orders/{order}/tickets.pkpass", acting, language=language)
        made = granted(await self._desk.neighbours.fetch(asked))
        ending = "pkpasses" if made.content_type.endswith("pkpasses") else "pkpass"
        headers = {
            "Content-Disposition": f'attachment; filename="tickets.{ending}"',
            "Cache-Control": "no-store",
        }
        return web.Response(body=made.content, content_type=made.content_type, headers=headers)

    async def google(self, request: web.Request) -> web.Response:
        """GET /order/{order}/google-wallet: what Google gets, before a visitor hands it over."""
        order = await self._paid(request)
        acting = await act_for_order(self._desk, with_session(request), order.id)
        source = ("notify", f"/orders/{order.id}/google-wallet")
        found = await self._frame.read(request, source, WalletLinks, acting)
        return await self._frame.show(request, "google_wallet", order=order, links=found.links)

    async def again(self, request: web.Request) -> web.Response:
        """POST /order/{order}/again: the tickets by mail once more; a refusal stands on the order's page."""
        order, key = id_in(request, "order"), key_of(dict(await fields_of(request)))
        acting = await act_for_order(self._desk, with_session(request), order)
        asked = ("orders", "POST", f"/orders/{order}/tickets/again")
        sent = await self._frame.ask(request, asked, TicketsSent, acting, key=key)
        if isinstance(sent, Declined):
            shown = await self._paid(request)
            said = self._frame.said(request, sent)
            return await self._frame.show(
                request, "order", sent.status, order=shown, refused=said, key=uuid4().hex
            )
        return see(path("order", order=order) + "?sent=again")

    async def _paid(self, request: web.Request) -> Order:
        """The order of the path, once it has tickets; another one has nothing to take along."""
        order = id_in(request, "order")
        acting = await act_for_order(self._desk, with_session(request), order)
        found = await self._frame.read(request, ("orders", f"/orders/{order}"), Order, acting)
        return found if found.tickets else not_found()
