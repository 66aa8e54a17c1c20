"""Codes that take something off, how organisers look, and when they give money back."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from contracts.orders.planning import (
    Brand,
    BrandPlan,
    Brands,
    Organisations,
    PlannedEvents,
    VoucherPlan,
    Vouchers,
)
from contracts.orders.terms import RefundPolicies, RefundPolicyPlan
from services.gateway.domain.accent import accent
from services.gateway.entrypoints.pages.frame import see
from services.gateway.entrypoints.pages.incoming import id_in
from services.gateway.entrypoints.pages.planner.desk import NOTHING, PlannerDesk, Refused
from services.gateway.entrypoints.pages.planner.typed import Typed, given
from services.gateway.paths import path


class Offers:
    """/planner/codes, /planner/looks, /planner/refunds."""

    def __init__(self, desk: PlannerDesk) -> None:
        self._desk = desk

    async def codes(self, request: web.Request) -> web.Response:
        """GET /planner/codes"""
        return await self._codes(request, NOTHING)

    async def add_code(self, request: web.Request) -> web.Response:
        """POST /planner/codes"""
        typed = await self._desk.typed(request)
        made = await self._desk.send(request, "POST /vouchers", (VoucherPlan, _code(typed), typed), Vouchers)
        return await self._codes(request, made) if isinstance(made, Refused) else see(path("plan_codes"))

    async def end_code(self, request: web.Request) -> web.Response:
        """POST /planner/codes/{voucher}/end"""
        voucher = id_in(request, "voucher")
        await self._desk.tell(request, f"DELETE /vouchers/{voucher}", Vouchers)
        return see(path("plan_codes"))

    async def looks(self, request: web.Request) -> web.Response:
        """GET /planner/looks"""
        return await self._looks(request, NOTHING)

    async def set_look(self, request: web.Request) -> web.Response:
        """POST /planner/looks"""
        typed = await self._desk.typed(request)
        look = {name: typed.text(name) for name in ("slug", "wordmark")}
        colour = (typed.text("accent") or "").lower()
        filled = (BrandPlan, given({**look, "accent": colour}), typed)
        organisation = typed.text("organisation") or "none"
        made = await self._desk.send(request, f"PUT /brands/{organisation}", filled, Brand)
        return await self._looks(request, made) if isinstance(made, Refused) else see(path("plan_looks"))

    async def set_refunds(self, request: web.Request) -> web.Response:
        """POST /planner/refunds: an organisation's own words, or with none those of the house."""
        typed = await self._desk.typed(request)
        organisation = typed.text("organisation") or "none"
        words = typed.words(f"said-{organisation}")
        filled = (RefundPolicyPlan, {"said": words if any(words.values()) else None}, typed)
        asked = f"PUT /refund-policies/{organisation}"
        made = await self._desk.send(request, asked, filled, RefundPolicies)
        if isinstance(made, Refused):
            return await self._looks(request, made)
        return see(path("plan_looks") + "#refunds")

    async def _codes(self, request: web.Request, refused: Refused) -> web.Response:
        read = self._desk.read
        return await self._desk.show(
            request,
            "planner_codes",
            refused,
            codes=(await read(request, "/vouchers", Vouchers)).vouchers,
            events=(await read(request, "/events", PlannedEvents)).events,
            now=self._desk.frame.desk.clock.now(),
        )

    async def _looks(self, request: web.Request, refused: Refused) -> web.Response:
        read = self._desk.read
        brands = (await read(request, "/brands", Brands)).brands
        return await self._desk.show(
            request,
            "planner_looks",
            refused,
            looks=[(brand, accent(brand.accent)) for brand in brands],
            site=self._desk.frame.desk.public_url.rstrip("/"),
            organisations=(await read(request, "/organisations", Organisations)).organisations,
            refunds=await read(request, "/refund-policies", RefundPolicies),
        )


def _code(typed: Typed) -> dict[str, Any]:
    """A code as it was typed: a percentage is a number, an amount is money."""
    percent = typed.text("kind") == "percent"
    return given(
        {
            "code": typed.text("code"),
            "kind": typed.text("kind"),
            "value": typed.text("value") if percent else typed.cents("value"),
            "event": typed.text("event"),
            "valid_from": typed.moment("valid_from"),
            "valid_until": typed.moment("valid_until"),
            "uses": typed.text("uses"),
        }
    )
