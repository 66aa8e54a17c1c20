"""The API of planners, which orders answers; and what it is all for: organisers' own ticket pages."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.routes import Route
from contracts.actors import Role
from contracts.orders import planning, terms
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.desk import Desk

PLANNERS = frozenset({Role.PLANNER})
SLUG = "{slug:[a-z0-9-]{1,80}}"


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of planning."""
    return [*_programme(desk), *_halls(desk), *_events(desk), *_extras(desk)]


def _programme(desk: Desk) -> Sequence[Route]:
    plan, known = Table(desk, "season_planning", PLANNERS), planning
    season, series, production = known.SeasonPlan, known.SeriesPlan, known.ProductionPlan
    one, changed = "/planning/productions/{production}", "Other texts, on all its dates"
    return [
        plan.passed("GET /planning/seasons", "orders", "All seasons", known.Seasons),
        plan.passed("POST /planning/seasons", "orders", "A season", known.Season, body=season, status=201),
        plan.passed("GET /planning/series", "orders", "All series", known.SeriesList),
        plan.passed("POST /planning/series", "orders", "A series", known.Series, body=series, status=201),
        plan.passed("GET /planning/organisations", "orders", "Who can present", known.Organisations),
        plan.passed("GET /planning/productions", "orders", "All productions", known.Productions),
        plan.passed(
            "POST /planning/productions",
            "orders",
            "A production",
            known.Production,
            body=production,
            status=201,
        ),
        plan.passed(f"PUT {one}", "orders", changed, known.Production, body=production),
    ]


def _halls(desk: Desk) -> Sequence[Route]:
    plan, hall, body = Table(desk, "season_planning", PLANNERS), planning.Hall, planning.HallPlan
    one, block, marks = "/planning/halls/{hall}", planning.BlockPlan, planning.Marks
    return [
        plan.passed("GET /planning/halls", "orders", "All halls", planning.Halls),
        plan.passed("POST /planning/halls", "orders", "A hall", hall, body=body, status=201),
        plan.passed(f"GET {one}", "orders", "A hall with its seats", hall),
        plan.passed(f"PUT {one}", "orders", "Name and standing places", hall, body=body),
        plan.passed(f"POST {one}/copy", "orders", "The same seats again", hall, body=body, status=201),
        plan.passed(f"POST {one}/blocks", "orders", "More rows", hall, body=block, status=201),
        plan.passed(f"POST {one}/marks", "orders", "Seats of a kind, or gaps", hall, body=marks),
    ]


def _events(desk: Desk) -> Sequence[Route]:
    plan, event, body = Table(desk, "season_planning", PLANNERS), planning.PlannedEvent, planning.EventPlan
    one = "/planning/events/{event}"
    return [
        plan.passed("GET /planning/events", "orders", "All to come, drafts too", planning.PlannedEvents),
        plan.passed("POST /planning/events", "orders", "A draft", event, body=body, status=201),
        plan.passed(f"GET {one}", "orders", "One with all that was planned", event),
        plan.passed(f"PUT {one}", "orders", "Other facts", event, body=body),
        plan.passed(f"POST {one}/state", "orders", "Publish, sell, close", event, body=planning.EventMove),
        plan.passed(f"PUT {one}/prices", "orders", "All its prices", event, body=planning.PricePlans),
        plan.passed(f"PUT {one}/kept", "orders", "Seats kept for some", event, body=planning.KeptPlan),
    ]


def _extras(desk: Desk) -> Sequence[Route]:
    plan, codes, body = Table(desk, "season_planning", PLANNERS), planning.Vouchers, planning.VoucherPlan
    look, brand = "/planning/brands/{organisation}", planning.Brand
    page, refunds = Table(desk, "order_guidance"), "/planning/refund-policies"
    return [
        plan.passed("GET /planning/vouchers", "orders", "All codes", codes),
        plan.passed("POST /planning/vouchers", "orders", "A code", codes, body=body, status=201),
        plan.passed("DELETE /planning/vouchers/{voucher}", "orders", "A code ends", codes),
        plan.passed(f"GET {refunds}", "orders", "When money is given back", terms.RefundPolicies),
        plan.passed(
            f"PUT {refunds}/{{organisation}}",
            "orders",
            "An organisation's own words",
            terms.RefundPolicies,
            body=terms.RefundPolicyPlan,
        ),
        plan.passed("GET /planning/brands", "orders", "How organisers look", planning.Brands),
        plan.passed(f"PUT {look}", "orders", "How one looks", brand, body=planning.BrandPlan),
        page.passed(
            f"GET /brands/{SLUG}", "orders /brands/{slug}", "An organiser's own page", planning.BrandPage
        ),
    ]
