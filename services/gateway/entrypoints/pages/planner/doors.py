"""Which page of planners answers where."""

from __future__ import annotations

from services.gateway.entrypoints.pages.frame import Frame, Page
from services.gateway.entrypoints.pages.planner.dates import Dates
from services.gateway.entrypoints.pages.planner.desk import PlannerDesk
from services.gateway.entrypoints.pages.planner.halls import HallEditor
from services.gateway.entrypoints.pages.planner.offers import Offers
from services.gateway.entrypoints.pages.planner.programme import Programme


def planner_pages(frame: Frame) -> list[tuple[str, str, Page]]:
    """Method, name of the path, page."""
    desk = PlannerDesk(frame)
    programme, halls, dates, offers = Programme(desk), HallEditor(desk), Dates(desk), Offers(desk)
    return [
        ("GET", "planner", programme.overview),
        ("GET", "plan_productions", programme.productions),
        ("POST", "plan_productions", programme.add),
        ("GET", "plan_production", programme.production),
        ("POST", "plan_production", programme.change),
        ("POST", "plan_seasons", programme.add_season),
        ("POST", "plan_series", programme.add_series),
        ("GET", "plan_halls", halls.all),
        ("POST", "plan_halls", halls.add),
        ("GET", "plan_hall", halls.one),
        ("POST", "plan_hall", halls.change),
        ("POST", "plan_hall_copy", halls.copy),
        ("POST", "plan_blocks", halls.block),
        ("POST", "plan_marks", halls.mark),
        ("GET", "plan_new_date", dates.new),
        ("POST", "plan_dates", dates.add),
        ("GET", "plan_date", dates.one),
        ("POST", "plan_date", dates.change),
        ("POST", "plan_state", dates.move),
        ("POST", "plan_prices", dates.prices),
        ("POST", "plan_kept", dates.keep),
        ("GET", "plan_codes", offers.codes),
        ("POST", "plan_codes", offers.add_code),
        ("POST", "plan_code_end", offers.end_code),
        ("GET", "plan_looks", offers.looks),
        ("POST", "plan_looks", offers.set_look),
        ("POST", "plan_refunds", offers.set_refunds),
    ]
