"""What belongs to one person, one role or one service is out of reach of every other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from standardwebhooks import Webhook

from chassis.tokens import ALGORITHMS, Issuer, LinkSigner
from contracts.actors import Actor, Role
from deploy.local.demo.doors import API, Browser, new_key
from deploy.local.demo.wire import Asked, Reply
from tests.conftest import House
from tests.journeys.knocking import (
    MARK,
    Doors,
    buys,
    by_letter,
    checkout,
    doors_of,
    in_json,
    is_page,
    is_problem,
    ordered,
    paid,
    somewhere,
    standing,
)
from tests.second_step import fresh_code

DESKS = {
    "/counter": "box_office",
    "/door": "steward",
    "/organiser": "organiser",
    "/books": "finance",
    "/privacy-desk": "privacy_officer",
}


@dataclass(frozen=True)
class Bought:
    """Somebody's order, and the browser it was placed in."""

    who: Browser
    order: dict[str, Any]
    letter: Browser


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


@pytest.fixture(scope="module")
async def bought(doors: Doors) -> Bought:
    """A paid order of one person."""
    who, buyer = doors.guest(), doors.buyer()
    order = await paid(doors, who, await ordered(doors, who, buyer))
    return Bought(who, order, await by_letter(doors, buyer))


@pytest.fixture(scope="module")
async def stranger(doors: Doors, bought: Bought) -> Browser:
    """Somebody else, with an order and a session of their own."""
    who = doors.guest()
    await ordered(doors, who, doors.buyer())
    return who


@pytest.mark.requirement("G-20")
async def test_nobody_sees_pays_or_prints_the_order_of_another(
    doors: Doors, bought: Bought, stranger: Browser
) -> None:
    order = bought.order["id"]
    others = (stranger, await doors.staff("visitor"), await doors.staff("organiser"))
    for who in others:
        refused = {403} if who is others[2] else {404}
        for method, tail in (
            ("GET", ""),
            ("GET", "/tickets.pdf"),
            ("GET", "/tickets.pkpass"),
            ("POST", "/tickets/again"),
            ("POST", "/payment"),
        ):
            reply = await who.ask(method, f"/orders/{order}{tail}", None, new_key())
            assert reply.status in refused
            assert reply.values("Content-Type")[0].startswith("application/problem+json")
        for tail in ("", "/invoice", "/invoice.pdf", "/tickets.pdf", "/tickets.pkpass", "/calendar.ics"):
            is_page(await who.page(f"/order/{order}{tail}"), next(iter(refused)))
        for form in ("pay", "again"):
            assert (await who.form(f"/order/{order}/{form}", {})).status in refused
    is_problem(await doors.guest().ask("GET", f"/orders/{order}"), 401, "token-missing")
    is_page(await doors.guest().page(f"/order/{order}"), 401)
    assert (await bought.who.page(f"/order/{order}/tickets.pdf")).body.startswith(b"%PDF")


async def test_whoever_logs_in_meanwhile_keeps_what_they_hold(doors: Doors) -> None:
    guest = doors.guest()
    hold = await guest.post("/holds", standing(await doors.event("hoogspanning")))
    await guest.log_in(doors.house.endpoints["logins"]["visitor"])
    assert (await guest.get(f"/holds/{hold['id']}"))["state"] == "held"
    assert (await guest.ask("DELETE", f"/holds/{hold['id']}")).status == 204


async def test_nobody_releases_or_orders_what_another_holds(doors: Doors, stranger: Browser) -> None:
    owner = doors.guest()
    hold = await owner.post("/holds", standing(await doors.event("hoogspanning")))
    is_problem(await stranger.ask("DELETE", f"/holds/{hold['id']}"), 404, "no-such-draft")
    is_problem(await doors.guest().ask("DELETE", f"/holds/{hold['id']}"), 401, "token-missing")
    wish = checkout(hold, doors.buyer())
    is_problem(await stranger.ask("POST", "/orders", wish, new_key()), 404, "no-such-draft")
    assert (await owner.get(f"/holds/{hold['id']}"))["state"] == "held"
    assert (await owner.ask("DELETE", f"/holds/{hold['id']}")).status == 204
    assert (await owner.get(f"/holds/{hold['id']}"))["state"] == "released"


@pytest.mark.requirement("W-40")
async def test_nobody_reads_the_copy_or_the_case_of_another(
    doors: Doors, bought: Bought, stranger: Browser
) -> None:
    case = (await bought.letter.post("/me/copies", None))["id"]
    for who in (stranger, await doors.staff("visitor")):
        is_problem(await who.ask("GET", f"/me/cases/{case}"), 404, "case-unknown")
        is_problem(await who.ask("GET", f"/me/copies/{case}/download"), 404, "case-unknown")
        for path in (f"/my-data/copy/{case}", f"/my-data/copy/{case}/download", f"/my-data/erased/{case}"):
            is_page(await who.page(path), 404)
    is_page(await doors.guest().page(f"/my-data/copy/{case}"), 401)
    is_page(await bought.letter.page(f"/my-data/copy/{case}"), 200)
    is_page(await bought.letter.page(f"/my-data/erased/{case}"), 404)


@pytest.mark.requirement("G-71")
async def test_each_desk_is_for_its_role(doors: Doors) -> None:
    for page, role in DESKS.items():
        owner = await doors.staff(role)
        for other in DESKS:
            is_page(await owner.page(other), 200 if other == page else 403)
        assert (await doors.guest().page(page)).location == f"/login?next={page}"
    asked = await doors.guest().form("/counter/sell", {"event": MARK})
    assert (asked.status, asked.location) == (303, "/login")
    visitor = await doors.staff("visitor")
    is_page(await visitor.form("/counter/sell", {"event": MARK}), 403)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/books"),
        ("GET", "/privacy/cases"),
        ("GET", "/organiser/attendees"),
        pytest.param("GET", f"/door/events/{somewhere()}", id="GET-/door/events/{event}"),
        ("GET", "/door/keys"),
        ("POST", "/counter/sales"),
        ("POST", "/counter/orders/search"),
        ("POST", "/door/admissions"),
        ("POST", "/privacy/subjects"),
        ("POST", "/privacy/sweeps"),
    ],
)
@pytest.mark.requirement("G-71")
async def test_a_visitor_has_no_part_in_the_desks_api(doors: Doors, method: str, path: str) -> None:
    visitor = await doors.staff("visitor")
    is_problem(await visitor.ask(method, path, {} if method == "POST" else None), 403, "role-refused")
    is_problem(await doors.guest().ask(method, path, {} if method == "POST" else None), 401, "token-missing")


@pytest.mark.requirement("G-51")
async def test_an_organiser_sees_events_of_their_own_only(doors: Doors) -> None:
    other, event = await doors.staff("organiser_other"), (await doors.event("zout"))["event"]["id"]
    is_problem(await other.ask("GET", f"/organiser/events/{event}"), 404, "not-found")
    assert (await other.get(f"/organiser/attendees?event={event}"))["attendees"] == []
    is_problem(await other.ask("GET", f"/organiser/attendees?event={MARK}"), 422, "invalid-input")
    is_problem(await other.ask("GET", f"/organiser/attendees?{MARK}=1"), 422, "invalid-input")


@pytest.mark.requirement("G-71")
async def test_a_refused_log_in_does_not_say_why(doors: Doors) -> None:
    tries = [{"user": "planning", "password": MARK}, {"user": somewhere(), "password": MARK}]
    told = [
        is_problem(await doors.guest().ask("POST", "/sessions", one), 401, "log-in-refused") for one in tries
    ]
    assert told[0]["title"] == told[1]["title"]
    pages = []
    for one in (*tries, {"user": "planning", "password": ""}, {"user": "", "password": "x" * 300}):
        text = is_page(await doors.guest().form("/login", {**one, "next": "//evil.example/"}), 401)
        pages.append(text.replace(one["user"], "") if one["user"] else text)
        assert "evil.example" not in text
    assert len({page.split("</form>")[-1] for page in pages}) == 1
    assert all("Le nom d&#39;utilisateur ou le mot de passe" in page for page in pages)


@pytest.mark.requirement("W-40")
async def test_a_link_that_notify_did_not_sign_or_that_is_over_opens_nothing(
    doors: Doors, bought: Bought
) -> None:
    secrets, now = doors.house.instance.secrets, datetime.now(UTC)
    notify = LinkSigner((secrets / "notify" / "signing.pem").read_bytes())
    forger = LinkSigner((secrets / "gateway" / "signing.pem").read_bytes())
    subject = uuid4()
    over = notify.sign(subject, "fr", now - timedelta(days=400), 30)
    for token in (
        over,
        forger.sign(subject, "fr", now, 30),
        MARK,
        "a.b.c",
        "x" * 5000,
        "%00",
        over[:-3] + "AAA",
    ):
        reply = await doors.guest().page(f"/l/{token}")
        text = is_page(reply, 410)
        assert token not in text
        assert not [cookie for cookie in reply.values("Set-Cookie") if "session" in cookie]


async def _asks(doors: Doors, service: str, path: str, token: str) -> Reply:
    url = doors.house.endpoints["services"][service] + path
    return await doors.wire.send(
        Asked("GET", url, {"Authorization": f"Bearer {token}", "Accept-Language": "fr"})
    )


@pytest.mark.requirement("G-71")
async def test_a_service_believes_no_token_that_was_not_made_for_it(doors: Doors) -> None:
    key = (doors.house.instance.secrets / "gateway" / "signing.pem").read_bytes()
    now, someone = datetime.now(UTC), Actor(Role.VISITOR, uuid4())
    gateway = Issuer(key, "gateway")
    assert (await _asks(doors, "orders", "/my/orders", gateway.sign(someone, "orders", now))).status == 200
    clerk = Actor(Role.FINANCE, uuid4())
    old = gateway.sign(someone, "orders", now - timedelta(minutes=10))
    tokens = {
        "the gateway's key in accounts' name": Issuer(key, "accounts").sign(clerk, "orders", now),
        "the gateway's key with a staff role": _forged(key, "gateway", "finance", now),
        "another service's token": gateway.sign(someone, "notify", now),
        "a token from the future of its own": _forged(key, "gateway", "visitor", now, minutes=60),
        "another signature": gateway.sign(someone, "orders", now)[:-6] + "AAAAAA",
        "no signature": gateway.sign(someone, "orders", now).rsplit(".", 1)[0] + ".",
        "no token": MARK,
        "a long one": "x" * 5000,
    }
    for kind, token in tokens.items():
        for path in ("/my/orders", "/books"):
            reply = await _asks(doors, "orders", path, token)
            assert reply.status == 401, kind
            is_problem(reply, 401, "token-invalid")
    is_problem(await _asks(doors, "orders", "/my/orders", old), 401, "token-expired")


def _forged(key: bytes, issuer: str, role: str, now: datetime, minutes: int = 5) -> str:
    signer = OKPKey.import_key(key)
    claims = {
        "iss": issuer,
        "aud": "orders",
        "sub": str(uuid4()),
        "role": role,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=minutes)).timestamp()),
    }
    return jwt.encode({"alg": "Ed25519", "kid": signer.thumbprint()}, claims, signer, algorithms=ALGORITHMS)


@pytest.mark.requirement("F-27")
async def test_the_door_admits_no_forged_ticket_and_none_of_another_event(
    doors: Doors, bought: Bought
) -> None:
    steward = await doors.staff("steward")
    event, code = bought.order["event"]["id"], bought.order["tickets"][0]["code"]
    other = (await doors.event("zout"))["event"]["id"]

    async def scan(event: str, code: str) -> dict[str, Any]:
        answer: dict[str, Any] = await steward.post("/door/admissions", {"event": event, "code": code})
        assert answer["admitted"] is False
        assert MARK not in str(answer)
        return answer

    middle = len(code) // 2
    changed = code[:middle] + ("A" if code[middle] != "A" else "B") + code[middle + 1 :]
    for forged in (changed, code[:-4], code + "A", code.swapcase(), MARK, "🎫" * 90):
        assert (await scan(event, forged))["reason"] == "forged"
    assert (await scan(other, code))["reason"] == "other_event"
    is_problem(
        await steward.ask("POST", "/door/admissions", {"event": somewhere(), "code": code}),
        404,
        "unknown-event",
    )
    is_problem(
        await steward.ask("POST", "/door/admissions", {"event": event, "code": ""}), 422, "invalid-input"
    )
    is_problem(
        await steward.ask("POST", "/door/admissions", {"event": event, "code": "x" * 401}),
        422,
        "invalid-input",
    )
    is_page(await steward.form("/door/admit", {"event": event, "code": MARK * 100}), 200)
    is_page(await steward.form("/door/admit", {"event": somewhere(), "code": MARK}), 404)
    first = await steward.post("/door/admissions", {"event": event, "code": code})
    assert first["reason"] == "welcome"


async def test_a_webhook_that_nobody_signed_changes_nothing_at_the_receiver(doors: Doors) -> None:
    receiver = doors.at("receiver")
    body = in_json({"type": "attendee.erased", "data": {"attendee": MARK}})
    other = Webhook("whsec_" + "c3RyYW5nZXIgc3RyYW5nZXIgc3RyYW5nZXI=")
    signed = other.sign("msg_1", datetime.now(UTC), body.decode())
    before = await receiver.page("/api/attendees")
    for signature in ("", MARK, signed, "v1,AAAA"):
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(datetime.now(UTC).timestamp())),
            "webhook-signature": signature,
        }
        reply = await doors.wire.send(Asked("POST", receiver.origin + "/webhooks", headers, body))
        assert reply.status == 401
        assert MARK not in reply.text
    assert (await receiver.page("/api/attendees")).body == before.body


@pytest.mark.parametrize(
    "origin",
    [
        {"Origin": f"https://{MARK}.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.requirement("G-71")
async def test_another_site_cannot_act_in_a_visitors_name(
    doors: Doors, bought: Bought, origin: dict[str, str]
) -> None:
    form = await doors.post(bought.letter, "/my-data/erase", b"understood=yes", headers=origin)
    is_page(form, 403)
    asked = await doors.post(
        bought.letter, API + "/me/erasure", in_json({"understood": True}), "application/json", origin
    )
    is_problem(asked, 403, "foreign-origin")
    cases = (await bought.letter.get("/me/cases"))["cases"]
    assert [case for case in cases if case["kind"] == "erasure"] == []


async def test_a_log_in_leads_to_our_own_pages_only(doors: Doors) -> None:
    login = doors.house.endpoints["logins"]["steward"]
    for onward, leads in (
        ("/door?event=zout", "/door?event=zout"),
        ("https://evil.example", "/door"),
        ("//evil.example", "/door"),
    ):
        who, form = doors.guest(), {"user": login["user"], "password": login["password"], "next": onward}
        reply = await who.form("/login", form)
        assert (reply.status, urlsplit(reply.location).path) == (303, "/login/code")
        code = await fresh_code(doors.house.instance, login)
        reply = await who.form(reply.location, {"code": code})
        assert (reply.status, reply.location) == (303, leads)


async def test_a_session_ends_everywhere_when_somebody_logs_out(doors: Doors) -> None:
    clerk = await doors.fresh("box_office")
    before = dict(clerk.cookies)
    await clerk.form("/logout", {})
    assert "__Host-session" not in clerk.cookies
    clerk.cookies = before
    is_problem(await clerk.ask("GET", "/sessions/current"), 401, "token-missing")


async def test_the_basket_goes_along_when_somebody_logs_in(doors: Doors) -> None:
    who, login = doors.guest(), doors.house.endpoints["logins"]["visitor_two"]
    hold = await who.post("/holds", standing(await doors.event("hoogspanning")))
    before = who.cookies["__Host-session"]
    assert (await who.form("/login", {"user": login["user"], "password": login["password"]})).status == 303
    assert who.cookies["__Host-session"] != before
    assert "data-countdown" in is_page(await who.page("/basket"), 200)
    assert (await who.ask("DELETE", f"/holds/{hold['id']}")).status == 204


async def test_after_all_this_the_house_still_sells(doors: Doors) -> None:
    assert UUID((await buys(doors))["id"])
