"""An invoice for an organisation: asked for beside a paid order, and downloaded."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from babel import Locale
from pydantic import ValidationError

from contracts.orders.api import Order
from contracts.orders.invoices import Invoice, InvoiceParty
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, with_session
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.handlers.print_invoice import print_invoice
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

FIELDS = ("organisation", "street", "postal_code", "town", "country", "vat_number")
LONGEST = 254
NEAR = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
"""The Union, and who lives next door."""
Errors = list[dict[str, str]]


class InvoicePage:
    """Pages about the invoice of one order."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def form(self, request: web.Request) -> web.Response:
        """GET /order/{order}/invoice: the form, or the invoice that was issued."""
        return await self._show(request, {}, [], 200)

    async def ask(self, request: web.Request) -> web.Response:
        """POST /order/{order}/invoice; a refusal leaves what was typed."""
        fields = {name: value.strip()[:LONGEST] for name, value in await fields_of(request) if name in FIELDS}
        try:
            party = InvoiceParty.model_validate(
                {"name" if name == "organisation" else name: value for name, value in fields.items() if value}
            )
        except ValidationError as error:
            wrong = self._frame.wrong_fields(request, error, InvoiceParty)
            return await self._show(request, fields, _named(wrong), 422)
        order = id_in(request, "order")
        asked = ("orders", "POST", f"/orders/{order}/invoice")
        made = await self._frame.ask(request, asked, Invoice, await self._acting(request), body=party)
        if not isinstance(made, Declined):
            return see(path("invoice", order=order))
        field = "vat_number" if made.slug == "wrong-vat-number" else ""
        wrong = [{**one, "field": one["field"] or field} for one in self._frame.refused_fields(request, made)]
        return await self._show(request, fields, _named(wrong), made.status)

    async def paper(self, request: web.Request) -> web.Response:
        """GET /order/{order}/invoice.pdf"""
        order, language = id_in(request, "order"), self._frame.language(request)
        got = granted(await print_invoice(self._desk, with_session(request), order, language))
        headers = {"Content-Disposition": 'inline; filename="invoice.pdf"', "Cache-Control": "no-store"}
        return web.Response(body=got.content, content_type=got.content_type, headers=headers)

    async def _show(
        self, request: web.Request, typed: Mapping[str, str], errors: Errors, status: int
    ) -> web.Response:
        order, acting = id_in(request, "order"), await self._acting(request)
        found = await self._frame.read(request, ("orders", f"/orders/{order}"), Order, acting)
        asked = ("orders", "GET", f"/orders/{order}/invoice")
        made = await self._frame.ask(request, asked, Invoice, acting)
        if isinstance(made, Declined) and made.slug != "no-invoice":
            granted(made)
        names = Locale.parse(self._frame.language(request)).territories
        return await self._frame.show(
            request,
            "invoice",
            status,
            order=found,
            invoice=None if isinstance(made, Declined) else made,
            form={name: typed.get(name, "") for name in FIELDS},
            countries=sorted(((code, names[code]) for code in NEAR.split()), key=lambda one: one[1]),
            errors=errors,
        )

    async def _acting(self, request: web.Request) -> Acting:
        return await act_for_order(self._desk, with_session(request), id_in(request, "order"))


def _named(errors: Errors) -> Errors:
    """The form calls the name of an organisation so, because "name" is a person's on all other pages."""
    return [{**one, "field": "organisation" if one["field"] == "name" else one["field"]} for one in errors]
