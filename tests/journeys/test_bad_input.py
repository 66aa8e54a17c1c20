"""Whatever is sent, each door gives a clear answer that repeats nothing, and the house still sells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.demo.doors import API, new_key
from deploy.local.demo.wire import Asked
from tests.conftest import House
from tests.journeys.knocking import (
    FORM,
    MARK,
    Doors,
    as_form,
    buys,
    checkout,
    doors_of,
    in_json,
    is_page,
    is_problem,
    seated,
    somewhere,
    standing,
)

JSON = "application/json"
HOLDS = API + "/holds"


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


@pytest.fixture(scope="module")
async def gig(doors: Doors) -> dict[str, Any]:
    """An event with standing places only."""
    return await doors.event("hoogspanning")


@pytest.mark.parametrize(
    ("body", "kind", "status", "slug"),
    [
        (b"", JSON, 400, "malformed-json"),
        (b'{"event": "%s"' % MARK.encode(), JSON, 400, "malformed-json"),
        (b"[" * 50_000, JSON, 400, "malformed-json"),
        (b'{"event":' * 50_000, JSON, 400, "malformed-json"),
        (b'{"event": "\xff\xfe"}', JSON, 400, "malformed-json"),
        (b'{"event": "\\ud800"}', JSON, 400, "malformed-json"),
        (b'{"event": "\\u0000%s"}' % MARK.encode(), JSON, 400, "malformed-json"),
        (b'{"event": "\x00"}', JSON, 400, "malformed-json"),
        (b"[]", JSON, 422, "invalid-input"),
        (b'{"%s": 1}' % MARK.encode(), JSON, 422, "invalid-input"),
        (in_json({"event": MARK * 10_000}), JSON, 422, "invalid-input"),
        (b"{}", "text/plain", 415, "unknown-media-type"),
        (b"{}", f"{MARK};;;", 415, "unknown-media-type"),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415, "unknown-media-type"),
        (b"event=%00", FORM, 400, "malformed-form"),
        (b"event=\xff", FORM, 400, "malformed-form"),
        (b"event=%ff", FORM, 422, "invalid-input"),
        (b"event=1", f"{FORM}; charset={MARK}", 415, "unknown-media-type"),
        (b"event=1", f"{FORM}; charset=utf-7", 415, "unknown-media-type"),
        (b"{}" + b" " * 1024 * 1024, JSON, 413, "too-large"),
    ],
)
@pytest.mark.requirement("W-33")
async def test_the_api_says_what_is_wrong_with_a_body(
    doors: Doors, body: bytes, kind: str, status: int, slug: str
) -> None:
    is_problem(await doors.post(doors.guest(), HOLDS, body, kind), status, slug)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"user=%00", FORM, 400),
        (b"user=\xff\xfe", FORM, 400),
        (b"user=%ff%fe&password=" + MARK.encode(), FORM, 401),
        (b"user=a&password=b", f"{FORM}; charset={MARK}", 415),
        (b"user=+2AA-&password=b", f"{FORM}; charset=utf-7", 415),
        (b'{"user": "a"}', JSON, 415),
        (b"user=a", "multipart/form-data", 415),
        (
            b"--x\r\nContent-Transfer-Encoding: odd\r\n\r\na\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            415,
        ),
        (b"user=" + b"a" * 1024 * 1024, FORM, 413),
    ],
)
async def test_a_page_says_what_is_wrong_with_a_form(
    doors: Doors, body: bytes, kind: str, status: int
) -> None:
    is_page(await doors.post(doors.guest(), "/login", body, kind), status)


async def test_a_body_that_is_not_packed_as_it_says(doors: Doors) -> None:
    packed = {"Content-Encoding": "gzip"}
    reply = await doors.post(doors.guest(), HOLDS, MARK.encode(), JSON, packed)
    is_problem(reply, 400, "http-refused")
    async with doors_of(doors.house) as others:
        is_page(await others.post(others.guest(), "/login", MARK.encode(), FORM, packed), 400)


@pytest.mark.parametrize("quantity", [-1, 0, 51, 10**9, 10**400, 1.5, MARK, "", None, [], {"a": 1}])
async def test_quantities_that_are_none_are_refused_by_the_api(
    doors: Doors, gig: dict[str, Any], quantity: object
) -> None:
    reply = await doors.guest().ask("POST", "/holds", standing(gig, quantity))
    told = is_problem(reply, 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "/standing/0/quantity"


@pytest.mark.parametrize("quantity", ["-1", "0", "", "1.5", "1e3", MARK, "٣", "--", "0x10"])
async def test_quantities_that_are_none_choose_nothing_on_the_page(
    doors: Doors, gig: dict[str, Any], quantity: str
) -> None:
    form = as_form(standing(gig, quantity))
    text = is_page(await doors.post(doors.guest(), "/e/hoogspanning/hold", form), 422)
    assert "Choisissez-en au moins une" in text


@pytest.mark.parametrize("quantity", ["11", "51", "9" * 400])
async def test_more_than_anyone_may_order_is_refused_with_the_limit(
    doors: Doors, gig: dict[str, Any], quantity: str
) -> None:
    form = as_form(standing(gig, quantity))
    text = is_page(await doors.post(doors.guest(), "/e/hoogspanning/hold", form), 422)
    assert "10 places au plus" in text


async def test_what_does_not_exist_cannot_be_held(doors: Doors, gig: dict[str, Any]) -> None:
    hall = await doors.event("open-repetitie")
    wish, guest = seated(hall), doors.guest()

    async def refused(change: dict[str, Any], status: int, slug: str) -> None:
        is_problem(await guest.ask("POST", "/holds", {**wish, **change}), status, slug)

    await refused({"event": somewhere()}, 404, "unknown-event")
    await refused({"seats": [somewhere()]}, 422, "unknown-seat")
    await refused({"seats": [somewhere() for _ in range(51)]}, 422, "invalid-input")
    await refused({"seat_price": somewhere()}, 422, "unknown-price")
    await refused({"seat_price": None}, 422, "unknown-price")
    await refused({"seats": []}, 422, "nothing-chosen")
    await refused({"standing": standing(gig)["standing"]}, 422, "unknown-price")
    soon = await doors.event("schemering")
    is_problem(await guest.ask("POST", "/holds", seated(soon)), 409, "not-on-sale")
    again = (await doors.event("open-repetitie"))["seats"]
    assert [seat["free"] for seat in again] == [seat["free"] for seat in hall["seats"]]


@pytest.mark.parametrize(
    "path",
    [
        "/e/{mark}",
        "/order/{mark}",
        "/order/{id}",
        "/back/{mark}",
        "/{mark}",
        "/my-data/copy/{mark}",
        "/e/%ff%fe",
    ],
)
async def test_pages_that_do_not_exist(doors: Doors, path: str) -> None:
    visitor = doors.guest()
    await visitor.post("/holds", standing(await doors.event("hoogspanning")))
    is_page(await visitor.page(path.format(mark=MARK, id=somewhere())), 404)


@pytest.mark.parametrize(
    "path", ["/events/{mark}", "/holds/{mark}", "/orders/{id}", "/{mark}", "/me/cases/%00"]
)
async def test_things_that_do_not_exist_in_the_api(doors: Doors, path: str) -> None:
    visitor = doors.guest()
    await visitor.post("/holds", standing(await doors.event("hoogspanning")))
    reply = await visitor.ask("GET", path.format(mark=MARK, id=somewhere()))
    is_problem(reply, 404, "not-found")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/%00",
    ],
)
async def test_no_file_outside_of_static_is_served(doors: Doors, path: str) -> None:
    answer = await doors.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"/problems/not-found" in answer


async def test_methods_that_a_door_does_not_know(doors: Doors) -> None:
    wire, language = doors.wire, {"Accept-Language": "fr"}
    page = await wire.send(Asked("PUT", doors.shop + "/basket", language))
    is_page(page, 405)
    assert page.values("Allow") == ["GET,HEAD"] or page.values("Allow") == ["GET, HEAD"]
    is_problem(
        await wire.send(Asked("PATCH", doors.shop + API + "/events", language)), 405, "method-not-allowed"
    )
    assert (await wire.send(Asked("HEAD", doors.shop + "/", language))).status == 200


@pytest.mark.parametrize("query", ["?lang=" + MARK, "?lang=%00", "?lang=nl&lang=" + MARK, "?%ff=%fe"])
async def test_a_language_that_nobody_speaks_changes_nothing(doors: Doors, query: str) -> None:
    reply = await doors.guest("en").page("/privacy" + query)
    assert reply.status == 200
    assert '<html lang="' in reply.text
    assert not [cookie for cookie in reply.values("Set-Cookie") if MARK in cookie]


@pytest.mark.parametrize("accept", [MARK, ";;q=,,", "fr;q=nan,en;q=inf", "x" * 5000])
async def test_a_browser_with_odd_languages_reads_dutch(doors: Doors, accept: str) -> None:
    reply = await doors.guest(accept).page("/" + MARK)
    is_page(reply, 404, "fr" if "inf" in accept else "nl")


async def test_headers_cannot_be_smuggled_in(doors: Doors) -> None:
    """Carriage returns and line feeds never become header lines of an answer or of a request behind it."""
    crlf = f"%0d%0aX-{MARK}:%201"
    login = await doors.guest().page(f"/login?next=/{crlf}")
    assert login.status == 200
    assert not [name for name, _ in login.headers if MARK in name.lower()]
    clerk = await doors.staff("box_office")
    detail = await doors.event("hoogspanning")
    wish = {"event": detail["event"]["id"], f"standing.{standing(detail)['standing'][0]['price']}": "1"}
    is_page(await clerk.form("/counter/sell", {**wish, "key": f"{'a' * 32}\r\nX-{MARK}: 1"}), 422)
    for path in (f"/l/{crlf}", f"/e/x{crlf}"):
        reply = await doors.guest().page(path)
        assert reply.status in (404, 410)
        assert not [name for name, _ in reply.headers if MARK in name.lower()]


@pytest.mark.parametrize(
    "header",
    [
        {"Access-Reason": MARK.upper()},
        {"Access-Case": MARK},
        {"Idempotency-Key": "short"},
        {"Access-Reason": "a", "Access-Case": "1"},
    ],
)
async def test_headers_of_the_wrong_form(doors: Doors, header: dict[str, str]) -> None:
    reply = await doors.post(doors.guest(), HOLDS, in_json({}), JSON, header)
    is_problem(reply, 400, "malformed-header")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": f"Maud\r\nBcc: {MARK}@example.org"}, "name"),
        ({"email": f"{MARK}"}, "email"),
        ({"email": f"maud@example.org\r\nBcc: {MARK}@example.org"}, "email"),
        ({"email": "a" * 300 + "@example.org"}, "email"),
        ({"phone": MARK}, "phone"),
        ({"phone": "1"}, "phone"),
        ({"locale": "de"}, "locale"),
    ],
)
async def test_a_checkout_says_which_field_is_wrong_and_keeps_the_places(
    doors: Doors, gig: dict[str, Any], change: dict[str, str], field: str
) -> None:
    who, buyer = doors.guest(), doors.buyer()
    hold = await who.post("/holds", standing(gig))
    reply = await who.ask("POST", "/orders", checkout(hold, buyer, **change), new_key())
    told = is_problem(reply, 422, "invalid-input")
    assert [error["pointer"] for error in told["errors"]] == [f"/{field}"]
    assert (await who.get(f"/holds/{hold['id']}"))["state"] == "held"
    await who.ask("DELETE", f"/holds/{hold['id']}")


async def test_a_checkout_without_a_key_or_about_a_stranger_is_refused(
    doors: Doors, gig: dict[str, Any]
) -> None:
    who, buyer = doors.guest(), doors.buyer()
    hold = await who.post("/holds", standing(gig))
    is_problem(await who.ask("POST", "/orders", checkout(hold, buyer)), 400, "idempotency-key-missing")
    news = {
        "purpose": "co_presentation_news",
        "organisation": somewhere(),
        "given": True,
        "wording": "checkout.co_presentation_news.v2",
    }
    asked = checkout(hold, buyer, choices=[news])
    is_problem(await who.ask("POST", "/orders", asked, new_key()), 422, "unknown-partner")
    asked = checkout({"id": somewhere()}, buyer)
    is_problem(await who.ask("POST", "/orders", asked, new_key()), 404, "no-such-draft")


@pytest.mark.requirement("F-32")
async def test_tickets_that_cannot_be_sent_again_leave_what_was_sought_and_why(doors: Doors) -> None:
    order, clerk = await buys(doors), await doors.staff("box_office")
    asked = {"sought": order["number"], "reason": "customer-asked"}
    page = is_page(await clerk.form("/counter/find", asked), 200)
    assert f'name="sought" value="{order["number"]}"' in page
    again = f"/counter/order/{order['id']}/again"
    assert (await clerk.form(again, {**asked, "key": new_key().replace("-", "")})).status == 303
    page = is_page(await clerk.form(again, {**asked, "key": new_key().replace("-", "")}), 429)
    assert f'value="{order["number"]}"' in page
    assert '<option value="customer-asked" selected>' in page


async def test_a_wrong_form_keeps_what_was_typed_and_says_what_is_wrong(
    doors: Doors, gig: dict[str, Any]
) -> None:
    who, buyer = doors.guest(), doors.buyer()
    held = await doors.post(who, "/e/hoogspanning/hold", as_form(standing(gig)))
    who.cookies["__Host-session"] = held.values("Set-Cookie")[0].split(";")[0].split("=", 1)[1]
    typed = {"name": buyer.name, "email": "maud at example", "language": "fr"}
    text = is_page(await who.form("/basket/pay", typed), 422)
    assert "Indiquez une adresse e-mail correcte" in text
    assert buyer.name in text
    assert 'aria-invalid="true"' in text
    in_english = is_page(await who.page("/basket?lang=en"), 200, "en")
    assert buyer.name in in_english
    assert 'value="maud at example"' in in_english
    paying = await who.form("/basket/pay", {**typed, "email": buyer.email})
    assert paying.location.startswith(doors.house.endpoints["mollie"])


@pytest.mark.parametrize(
    ("path", "fields", "status", "leads"),
    [
        ("/e/hoogspanning/hold", {}, 422, "/e/hoogspanning?lang=nl"),
        ("/login", {"user": "planning"}, 401, "/login?lang=nl"),
        (f"/{MARK}", {}, 404, "/?lang=nl"),
    ],
)
async def test_after_a_form_the_other_languages_lead_to_a_page(
    doors: Doors, path: str, fields: dict[str, str], status: int, leads: str
) -> None:
    who = doors.guest()
    assert f'href="{leads}"' in is_page(await who.form(path, fields), status)
    there = await who.page(leads)
    assert there.status == 200
    assert '<html lang="nl"' in there.text


@pytest.mark.parametrize(
    "as_of", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00", MARK, None, 10**18]
)
async def test_a_sweep_needs_a_moment_within_calendars(doors: Doors, as_of: object) -> None:
    officer = await doors.staff("privacy_officer")
    is_problem(await officer.ask("POST", "/privacy/sweeps", {"as_of": as_of}), 422, "invalid-input")


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31", "2026-02-30", MARK, ""])
async def test_the_privacy_desk_survives_any_date(doors: Doors, as_of: str) -> None:
    officer = await doors.staff("privacy_officer")
    is_page(await officer.form("/privacy-desk/sweeps", {"as_of": as_of}), 422)
    is_page(await officer.page("/privacy-desk"), 200)


async def test_what_is_no_http_is_answered_and_closed(doors: Doors) -> None:
    for data in (b"%s\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nBad %s\r\n\r\n", b"GET /%s HTTP/9.9\r\n\r\n"):
        answer = await doors.raw(data % MARK.encode())
        assert answer.split(b" ")[1] in (b"400", b"505")


async def test_after_all_this_the_house_still_sells(doors: Doors) -> None:
    assert len((await buys(doors))["tickets"]) == 1
