"""The door of planners: each route of contracts/orders/planning.py, with the purpose that bars others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict, Unpack

from pydantic import BaseModel

from chassis.routes import Handle, Route
from contracts.actors import PEOPLE, Role
from contracts.orders import planning, terms
from services.orders.handlers.draw_halls import DrawHalls
from services.orders.handlers.plan_brands import PlanBrands
from services.orders.handlers.plan_events import PlanEvents
from services.orders.handlers.plan_programme import PlanProgramme
from services.orders.handlers.plan_refunds import PlanRefunds
from services.orders.handlers.plan_sale import PlanSale
from services.orders.handlers.plan_vouchers import PlanVouchers

PLANNERS = frozenset({Role.PLANNER})
ANYBODY = PEOPLE


@dataclass(frozen=True, slots=True)
class PlanningDesks:
    """The handlers behind the door."""

    programme: PlanProgramme
    halls: DrawHalls
    events: PlanEvents
    sale: PlanSale
    vouchers: PlanVouchers
    brands: PlanBrands
    refunds: PlanRefunds


class _Body(TypedDict, total=False):
    body: type[BaseModel]
    status: int
    fresh: bool


def planning_routes(desks: PlanningDesks) -> tuple[Route, ...]:
    """All routes of planning, and the organisers' own ticket pages."""
    return (*_programme(desks), *_halls(desks), *_events(desks), *_extras(desks))


def _row(asked: str, handle: Handle, answer: type[BaseModel], summary: str, **more: Unpack[_Body]) -> Route:
    method, path = asked.split(" ")
    return Route(
        method,
        "/planning" + path,
        "season_planning",
        PLANNERS,
        handle,
        answer=answer,
        summary=summary,
        **more,
    )


def _programme(desks: PlanningDesks) -> tuple[Route, ...]:
    plan, known = desks.programme, planning
    return (
        _row("GET /seasons", plan.seasons, known.Seasons, "All seasons."),
        _row(
            "POST /seasons",
            plan.add_season,
            known.Season,
            "A new season.",
            body=known.SeasonPlan,
            status=201,
        ),
        _row("GET /series", plan.all_series, known.SeriesList, "All series."),
        _row(
            "POST /series",
            plan.add_series,
            known.Series,
            "A new series.",
            body=known.SeriesPlan,
            status=201,
        ),
        _row("GET /organisations", plan.organisations, known.Organisations, "Who can put something on."),
        _row("GET /productions", plan.productions, known.Productions, "All productions."),
        _row(
            "POST /productions",
            plan.add_production,
            known.Production,
            "A new production.",
            body=known.ProductionPlan,
            status=201,
        ),
        _row(
            "PUT /productions/{production}",
            plan.change_production,
            known.Production,
            "Other texts, on all dates.",
            body=known.ProductionPlan,
        ),
    )


def _halls(desks: PlanningDesks) -> tuple[Route, ...]:
    draw, hall, plan = desks.halls, planning.Hall, planning.HallPlan
    return (
        _row("GET /halls", draw.all, planning.Halls, "All halls."),
        _row("POST /halls", draw.add, hall, "A new hall.", body=plan, status=201),
        _row("GET /halls/{hall}", draw.one, hall, "A hall with its seats."),
        _row("PUT /halls/{hall}", draw.change, hall, "Name and standing places.", body=plan),
        _row("POST /halls/{hall}/copy", draw.copy, hall, "The same seats again.", body=plan, status=201),
        _row(
            "POST /halls/{hall}/blocks",
            draw.add_block,
            hall,
            "More rows.",
            body=planning.BlockPlan,
            status=201,
        ),
        _row("POST /halls/{hall}/marks", draw.mark, hall, "Seats of a kind, or gaps.", body=planning.Marks),
    )


def _events(desks: PlanningDesks) -> tuple[Route, ...]:
    plan, sale, event, one = desks.events, desks.sale, planning.PlannedEvent, "/events/{event}"
    return (
        _row("GET /events", plan.all, planning.PlannedEvents, "What is to come, drafts too."),
        _row("POST /events", plan.add, event, "A draft.", body=planning.EventPlan, status=201),
        _row(f"GET {one}", plan.one, event, "An event with all that was planned."),
        _row(f"PUT {one}", plan.change, event, "Other facts.", body=planning.EventPlan),
        _row(f"POST {one}/state", plan.move, event, "Publish, sell, close.", body=planning.EventMove),
        _row(f"PUT {one}/prices", sale.set_prices, event, "All its prices.", body=planning.PricePlans),
        _row(f"PUT {one}/kept", sale.keep, event, "Seats kept for some.", body=planning.KeptPlan),
    )


def _extras(desks: PlanningDesks) -> tuple[Route, ...]:
    codes, looks = desks.vouchers, desks.brands
    return (
        _row("GET /vouchers", codes.all, planning.Vouchers, "All codes."),
        _row(
            "POST /vouchers",
            codes.add,
            planning.Vouchers,
            "A new code.",
            body=planning.VoucherPlan,
            status=201,
            fresh=True,
        ),
        _row("DELETE /vouchers/{voucher}", codes.end, planning.Vouchers, "A code counts no longer."),
        *_refunds(desks.refunds),
        _row("GET /brands", looks.all, planning.Brands, "How organisers look."),
        _row(
            "PUT /brands/{organisation}",
            looks.put,
            planning.Brand,
            "How an organiser looks.",
            body=planning.BrandPlan,
        ),
        Route(
            "GET",
            "/brands/{slug:[a-z0-9-]{1,80}}",
            "order_guidance",
            ANYBODY,
            looks.page,
            answer=planning.BrandPage,
            summary="An organiser's own ticket page.",
            looks="nobody",
        ),
    )


def _refunds(refunds: PlanRefunds) -> tuple[Route, ...]:
    known, all_of_them, one = terms.RefundPolicies, "/refund-policies", "/refund-policies/{organisation}"
    plan = terms.RefundPolicyPlan
    return (
        _row(f"GET {all_of_them}", refunds.all, known, "When money is given back."),
        _row(f"PUT {one}", refunds.put, known, "An organisation's own words.", body=plan),
    )
