"""Where the pages of the gateway live: the one table that routes and templates share."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

PATHS: Mapping[str, str] = MappingProxyType(
    {
        "season": "/",
        "event": "/e/{slug}",
        "hold": "/e/{slug}/hold",
        "wait": "/e/{slug}/wait",
        "wait_place": "/e/{slug}/wait/place",
        "wait_more": "/e/{slug}/wait/more",
        "wait_leave": "/e/{slug}/wait/leave",
        "basket": "/basket",
        "release": "/basket/release",
        "pay": "/basket/pay",
        "back": "/back/{hold}",
        "order": "/order/{order}",
        "pay_again": "/order/{order}/pay",
        "tickets_pdf": "/order/{order}/tickets.pdf",
        "link": "/l/{token}",
        "my_data": "/my-data",
        "correct": "/my-data/correct",
        "choice": "/my-data/choice",
        "copy": "/my-data/copy",
        "copy_case": "/my-data/copy/{case}",
        "copy_download": "/my-data/copy/{case}/download",
        "erase": "/my-data/erase",
        "erased": "/my-data/erased/{case}",
        "login": "/login",
        "logout": "/logout",
        "counter": "/counter",
        "sell": "/counter/sell",
        "counter_pdf": "/counter/order/{order}/tickets.pdf",
        "door": "/door",
        "admit": "/door/admit",
        "organiser": "/organiser",
        "privacy_desk": "/privacy-desk",
        "desk_find": "/privacy-desk/find",
        "desk_cases": "/privacy-desk/cases",
        "desk_case": "/privacy-desk/cases/{case}",
        "desk_sweeps": "/privacy-desk/sweeps",
        "planner": "/planner",
        "plan_productions": "/planner/productions",
        "plan_production": "/planner/productions/{production}",
        "plan_seasons": "/planner/seasons",
        "plan_series": "/planner/series",
        "plan_halls": "/planner/halls",
        "plan_hall": "/planner/halls/{hall}",
        "plan_hall_copy": "/planner/halls/{hall}/copy",
        "plan_blocks": "/planner/halls/{hall}/blocks",
        "plan_marks": "/planner/halls/{hall}/marks",
        "plan_new_date": "/planner/dates/new",
        "plan_dates": "/planner/dates",
        "plan_date": "/planner/dates/{event}",
        "plan_state": "/planner/dates/{event}/state",
        "plan_prices": "/planner/dates/{event}/prices",
        "plan_kept": "/planner/dates/{event}/kept",
        "plan_codes": "/planner/codes",
        "plan_code_end": "/planner/codes/{voucher}/end",
        "plan_looks": "/planner/looks",
        "season_ics": "/season.ics",
        "event_ics": "/e/{slug}.ics",
        "brand": "/o/{slug}",
        "brand_css": "/o/{slug}/look.css",
        "privacy": "/privacy",
        "privacy_data": "/privacy.jsonld",
        "privacy_version": "/privacy/{day}.jsonld",
        "house_css": "/house.css",
    }
)


def path(name: str, **parts: object) -> str:
    """The path of a page, with its parts quoted; KeyError for a name or a part that does not exist."""
    return PATHS[name].format(**{key: quote(str(value), safe="") for key, value in parts.items()})
