"""The counter when something is in the way: what a clerk typed stays, and so does how it is paid."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from deploy.local.demo.doors import Browser, new_key
from tests.conftest import House
from tests.journeys.knocking import Doors, as_form, doors_of, is_page, seated, standing


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


async def sold(doors: Doors, clerk: Browser, places: bytes, event: str, **typed: str) -> tuple[int, str]:
    """Status and page of a sale."""
    more = urlencode({"event": event, "key": new_key().replace("-", ""), **typed}).encode()
    origin = {"Origin": doors.shop}
    answer = await doors.post(clerk, "/counter/sell", places + b"&" + more, headers=origin)
    return answer.status, answer.text


@pytest.mark.requirement("F-27")
async def test_a_sale_that_is_refused_leaves_how_it_is_paid_and_what_was_typed(doors: Doors) -> None:
    clerk, event = await doors.staff("box_office"), await doors.event("hoogspanning")
    too_many = as_form(standing(event, 50))
    typed = {"method": "card", "given": "20,5", "code": "GOLF10"}
    status, page = await sold(doors, clerk, too_many, event["event"]["id"], **typed)
    assert status == 422
    assert re.search(r'value="card" checked', page)
    assert not re.search(r'value="cash" checked', page)
    assert re.search(r'name="given"[^>]* value="20,5"', page)
    assert re.search(r'name="code" value="GOLF10"', page)
    assert re.search(r'name="standing[^>]* value="50"', page)


@pytest.mark.requirement("F-27")
async def test_more_seats_than_any_order_are_refused_at_the_till_in_words(doors: Doors) -> None:
    clerk, event = await doors.staff("box_office"), await doors.event("stormvloed")
    wish = seated(event, 60)
    status, page = await sold(doors, clerk, as_form(wish), event["event"]["id"], method="card")
    assert status == 422
    assert "plus qu’une commande ne peut contenir" in page
    assert page.count(" checked") > 50
    assert re.search(r'value="card" checked', page)


@pytest.mark.requirement("F-32")
async def test_who_mistypes_what_is_sought_chooses_the_reason_once(doors: Doors) -> None:
    clerk = await doors.staff("box_office")
    asked = {"sought": "AB12", "reason": "customer-asked"}
    page = is_page(await clerk.form("/counter/find", asked), 422)
    assert 'value="AB12"' in page
    assert '<option value="customer-asked" selected>' in page
