"""The API and the services behind it answer as they are described, in three languages, and log nobody."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from string import Formatter
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chassis.language import LANGUAGES
from deploy.local.demo.doors import API, Browser, allowed, new_key
from deploy.local.demo.expecting import until
from deploy.local.demo.wire import Asked, Reply
from deploy.local.environment import SERVICES
from deploy.local.instance import ROOT
from tests.conftest import House, told_in_logs
from tests.journeys.account_day import keeps_a_guests_order, lives_with_an_account, names_the_tickets
from tests.journeys.helping_day import helps
from tests.journeys.knocking import (
    AT_ONCE,
    MARK,
    Doors,
    buys,
    by_letter,
    checkout,
    doors_of,
    mails_to,
    paid,
    seated,
    somewhere,
    standing,
)
from tests.journeys.organisation_day import come_to_work_and_to_sell
from tests.journeys.planning_day import plans_an_evening
from tests.journeys.wish_day import wishes_and_shows

PROBLEM = "application/problem+json"


@dataclass
class Described:
    """Asks the API and holds every answer against its description; remembers what was answered how."""

    document: dict[str, Any]
    seen: dict[str, set[int]] = field(default_factory=dict)

    async def ask(
        self,
        who: Browser,
        operation: str,
        body: object = None,
        *,
        key: str | None = None,
        query: str = "",
        **parts: object,
    ) -> Any:
        """What an operation ("GET /orders/{order}") answers, if that is as described."""
        method, template = operation.split(" ")
        reply = await who.ask(method, template.format_map(parts) + query, body, key)
        self.seen.setdefault(operation, set()).add(reply.status)
        return self._as_described(reply, method, template)

    def _as_described(self, reply: Reply, method: str, template: str) -> Any:
        declared = self.document["paths"][API + template][method.lower()]["responses"]
        answer = declared.get(str(reply.status), declared["default"])
        assert reply.status >= 400 or str(reply.status) in declared, (template, reply.status)
        if reply.status >= 400:
            assert reply.values("Content-Type")[0].split(";")[0] == PROBLEM
        content = answer.get("content", {})
        kind = reply.values("Content-Type")[0].split(";")[0] if reply.body else ""
        if kind in content:
            found = reply.json()
            jsonschema.validate(found, {**content[kind]["schema"], "components": self.document["components"]})
            return found
        assert not content, f"{template} answers {kind or 'nothing'}, which it does not declare"
        return reply.body

    def operations(self) -> Iterator[str]:
        """Every operation that is described."""
        for path, methods in self.document["paths"].items():
            for method in methods:
                yield f"{method.upper()} {path.removeprefix(API)}"


NOTHING = {
    *("hold", "order", "case", "sweep", "event", "hall", "production"),
    *("voucher", "organisation", "session", "invitation", "subject", "record", "factor", "api_key"),
}


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


@pytest.fixture(scope="module")
async def api(doors: Doors) -> Described:
    """The description that the gateway publishes."""
    return Described((await doors.guest().page("/api/openapi.json")).json())


async def test_the_published_description_is_openapi_3_1_and_the_one_in_the_docs(api: Described) -> None:
    OpenAPIV31SpecValidator(api.document).validate()
    assert api.document["openapi"].startswith("3.1")
    assert api.document == json.loads((ROOT / "docs" / "openapi" / "gateway.json").read_text())


async def _shop(doors: Doors, api: Described) -> tuple[Browser, dict[str, Any]]:
    """Browsing, holding, ordering, paying: all as described."""
    who, buyer = doors.guest(), doors.buyer()
    season = await api.ask(who, "GET /events")
    assert len(season["events"]) >= 8
    detail = await api.ask(who, "GET /events/{slug}", slug="hoogspanning")
    await api.ask(who, "GET /events/{slug}", slug=MARK)
    assert (await api.ask(who, "GET /payment-methods"))["test"] is True
    given_back = await api.ask(who, "POST /holds", standing(detail))
    await api.ask(who, "GET /events/{slug}/availability", slug="hoogspanning")
    await api.ask(who, "GET /events/{slug}/availability", slug=MARK)
    await api.ask(who, "DELETE /holds/{hold}", hold=given_back["id"])
    hold = await api.ask(who, "POST /holds", standing(detail))
    again = await api.ask(who, "POST /holds/{hold}/again", {"pick": "same"}, hold=hold["id"])
    assert (again["id"], again["may_extend"]) == (hold["id"], True)
    assert (await api.ask(who, "GET /holds/{hold}", hold=hold["id"]))["state"] == "held"
    assert not (await api.ask(who, "PUT /holds/{hold}/extension", hold=hold["id"]))["may_extend"]
    order = await api.ask(who, "POST /orders", checkout(hold, buyer), key=new_key())
    await _pay(doors, order, "failed")

    async def failed() -> bool | None:
        seen = await api.ask(who, "GET /orders/{order}", order=order["id"])
        return seen["payment"] == "failed" or None

    await until(failed, "the payment failed", AT_ONCE)
    again = await api.ask(who, "POST /orders/{order}/payment", key=new_key(), order=order["id"])
    done = await paid(doors, who, again)
    await api.ask(who, "POST /webhooks/mollie", {"id": "tr_nobodyknows"})
    letter = await by_letter(doors, buyer)
    pdf = await api.ask(letter, "GET /orders/{order}/tickets.pdf", order=order["id"])
    await names_the_tickets(api.ask, letter, order["id"])
    party = dict.fromkeys(("name", "street", "town", "postal_code"), "Zee") | {"country": "BE"}
    await api.ask(letter, "POST /orders/{order}/invoice", party, order=order["id"])
    bill = await api.ask(letter, "GET /orders/{order}/invoice.pdf", order=order["id"])
    wallet = await api.ask(letter, "GET /orders/{order}/tickets.pkpass", order=order["id"])
    assert (pdf[:4], bill[:4], wallet[:2]) == (b"%PDF", b"%PDF", b"PK")
    for _ in range(2):
        await api.ask(letter, "POST /orders/{order}/tickets/again", key=new_key(), order=order["id"])
    assert (await mails_to(doors, buyer))[0]["html"]
    return letter, done


async def _line(doors: Doors, api: Described) -> None:
    """The waiting room: in at once in quiet times, more time, and out again."""
    who, slug = doors.guest(), "hoogspanning"
    assert (await api.ask(who, "POST /events/{slug}/waiting", slug=slug))["state"] == "in"
    assert (await api.ask(who, "GET /events/{slug}/waiting", slug=slug))["ahead"] == 0
    await api.ask(who, "POST /events/{slug}/waiting/turn", slug=slug)
    draw = await api.ask(who, "GET /events/{slug}/draw", slug=slug)
    assert hashlib.sha256(bytes.fromhex(draw["seed"])).hexdigest() == draw["commitment"]
    await api.ask(who, "DELETE /events/{slug}/waiting", slug=slug)
    await api.ask(who, "GET /events/{slug}/waiting", slug=slug)


async def _pay(doors: Doors, order: Mapping[str, Any], status: str) -> None:
    await doors.at("mollie").form(order["checkout_url"], {"status": status})


async def _oneself(doors: Doors, api: Described, letter: Browser) -> str:
    """All about oneself; the id of the person."""
    me = await api.ask(letter, "GET /me")
    await api.ask(letter, "PATCH /me", {"phone": "+32470112233"})
    await api.ask(letter, "PATCH /me", {"email": MARK})
    await api.ask(letter, "GET /me/choices")
    event = (await doors.event("zout"))["event"]
    news = {"purpose": "co_presentation_news", "organisation": event["partners"][0]["organisation"]}
    chosen = await api.ask(letter, "POST /me/choices", {**news, "state": "objected"})
    proofs = json.loads(await api.ask(letter, "GET /me/receipts"))
    newest = proofs["@graph"][1]["dpv:hasIdentifier"]
    assert newest in {one["id"] for one in chosen["choices"]}
    await api.ask(letter, "GET /me/receipts/{record}", record=newest)
    door_list = {"purpose": "co_presentation_door_list", "state": "objected"}
    await api.ask(letter, "POST /me/choices", door_list)
    kept = await api.ask(letter, "POST /me/restriction")
    freed = await api.ask(letter, "POST /me/cases/{case}/lift", case=kept["id"])
    assert freed["restricted"] is False
    for one in ("orders", "messages", "disclosures", "cases", "looks"):
        await api.ask(letter, f"GET /me/{one}")
    case = await api.ask(letter, "POST /me/copies")

    async def ready() -> bool | None:
        return (await api.ask(letter, "GET /me/cases/{case}", case=case["id"]))["state"] == "closed" or None

    await until(ready, "the copy is ready", AT_ONCE)
    copy = json.loads(await api.ask(letter, "GET /me/copies/{case}/download", case=case["id"]))
    assert set(copy["services"]) == set(SERVICES)
    return str(me["subject"])


async def _evening(doors: Doors, api: Described, order: Mapping[str, Any]) -> None:
    """Counter, door, organiser, books."""
    clerk, steward = await doors.staff("box_office"), await doors.staff("steward")
    detail = await doors.event("open-repetitie")
    sale = await api.ask(clerk, "POST /counter/sales", seated(detail), key=new_key())
    scan = {"event": detail["event"]["id"], "code": sale["tickets"][0]["code"]}
    for reason in ("welcome", "already_admitted"):
        assert (await api.ask(steward, "POST /door/admissions", scan))["reason"] == reason
    await api.ask(steward, "GET /door/events/{event}", event=scan["event"])
    await api.ask(steward, "GET /door/keys")
    await api.ask(clerk, "GET /orders/{order}", order=order["id"])
    (found,) = (await api.ask(clerk, "POST /counter/orders/search", {"sought": order["number"]}))["orders"]
    assert found["id"] == order["id"]
    await api.ask(clerk, "POST /counter/orders/search", {"sought": MARK})
    organiser = await doors.staff("organiser")
    event = (await doors.event("zout"))["event"]["id"]
    await api.ask(organiser, "GET /organiser/attendees", query=f"?event={event}")
    for one in ("agreements", "attendees", "deliveries", "events"):
        await api.ask(organiser, f"GET /organiser/{one}")
    await api.ask(organiser, "GET /organiser/events/{event}", event=event)
    finance = await doors.staff("finance")
    assert (await api.ask(finance, "GET /books"))["balanced"] is True


async def _privacy(doors: Doors, api: Described, subject: str, number: str) -> None:
    """The privacy desk; and at the end a person is forgotten."""
    officer = await doors.staff("privacy_officer")
    found = await api.ask(officer, "GET /privacy/orders/{number}/subject", number=number)
    assert found["subject"] == subject
    login = doors.house.endpoints["logins"]["visitor"]["user"]
    assert (await api.ask(officer, "POST /privacy/subjects", {"email": login}))["subjects"]
    await helps(api.ask, officer, number, login, subject)
    wanted = {"kind": "restriction", "subject": subject}
    case = await api.ask(officer, "POST /privacy/cases", wanted)
    await api.ask(officer, "GET /privacy/cases")
    await api.ask(officer, "GET /privacy/cases/{case}", case=case["id"])
    await api.ask(officer, "GET /privacy/cases/{case}", case=somewhere())
    assert (await api.ask(officer, "POST /privacy/cases/{case}/lift", case=case["id"]))["lifts_at"]
    raised = await _objection(officer, subject)
    decided = {"stands": False, "grounds": "settling_with_partner"}
    await api.ask(officer, "POST /privacy/cases/{case}/decision", decided, case=raised["id"])
    await api.ask(officer, "GET /privacy/cases/{case}/recalls", case=case["id"])
    sweep = await api.ask(officer, "POST /privacy/sweeps", {"as_of": "1990-01-01T00:00:00Z"})
    await api.ask(officer, "GET /privacy/sweeps")
    await api.ask(officer, "GET /privacy/sweeps/{sweep}", sweep=sweep["id"])


async def _objection(officer: Browser, subject: str) -> dict[str, Any]:
    """The case that an objection of this person became."""

    async def look() -> dict[str, Any] | None:
        cases = (await officer.get("/privacy/cases"))["cases"]
        mine = (one for one in cases if (one["subject"], one["kind"]) == (subject, "objection"))
        return next(mine, None)

    return await until(look, "the objection is a case", AT_ONCE)


async def _limits(doors: Doors, api: Described) -> None:
    """A purchase limit refuses, is contested, and a person decides."""
    who, buyer, officer = doors.guest(), doors.buyer(), await doors.staff("privacy_officer")
    hold = await api.ask(who, "POST /holds", seated(await doors.event("open-repetitie"), 5))
    refused = await api.ask(who, "POST /orders", checkout(hold, buyer), key=new_key())
    assert (refused["type"], refused["facts"]["left"]) == ("/problems/purchase-limit", 4)
    view = {"view": "Wij komen met vijf."}
    await api.ask(who, "POST /holds/{hold}/contest", view, hold=hold["id"])

    async def opened() -> str | None:
        listed = (await api.ask(officer, "GET /privacy/cases"))["cases"]
        waiting = (one for one in listed if one["kind"] == "contest" and one["state"] == "asked")
        found = next(waiting, None)
        return found["id"] if found and found["contest"]["most"] else None

    case = await until(opened, "the contest is a case", AT_ONCE)
    answer = {"granted": 1, "reasons": "Vijf is een gezin."}
    await api.ask(officer, "POST /privacy/cases/{case}/review", answer, case=case)
    assert (await api.ask(officer, "GET /privacy/decisions"))["granted"] >= 1
    await api.ask(who, "DELETE /holds/{hold}", hold=hold["id"])


async def _sessions(doors: Doors, api: Described) -> None:
    who, login = doors.guest(), doors.house.endpoints["logins"]["visitor_two"]
    await api.ask(who, "GET /sessions/current")
    await api.ask(who, "POST /sessions", {"user": login["user"], "password": MARK})
    await api.ask(who, "POST /sessions", {"user": login["user"], "password": login["password"]})
    await api.ask(who, "GET /sessions/current")
    await api.ask(who, "DELETE /sessions/current")


@pytest.mark.requirement("W-10")
async def test_every_operation_answers_as_it_is_described(doors: Doors, api: Described) -> None:
    await _line(doors, api)
    letter, order = await _shop(doors, api)
    await wishes_and_shows(api.ask, doors.guest(), letter, await doors.event("hoogspanning"))
    subject = await _oneself(doors, api, letter)
    await _evening(doors, api, order)
    await _sessions(doors, api)
    await lives_with_an_account(api.ask, doors.house, doors.guest, doors.buyer)
    await come_to_work_and_to_sell(api.ask, doors)
    await plans_an_evening(partial(api.ask, await doors.staff("planner")))
    await _privacy(doors, api, subject, order["number"])
    await _limits(doors, api)
    erased, buyer = doors.guest(), doors.buyer()
    hold = await erased.post("/holds", standing(await doors.event("hoogspanning")))
    await paid(doors, erased, await erased.post("/orders", checkout(hold, buyer), new_key()))
    await api.ask(await keeps_a_guests_order(api.ask, doors, buyer), "POST /me/erasure", {"understood": True})
    good = {operation for operation, statuses in api.seen.items() if min(statuses) < 300}
    assert good == set(api.operations())


async def test_every_operation_for_a_role_refuses_a_stranger(doors: Doors, api: Described) -> None:
    nowhere = {name: somewhere() for name in NOTHING} | {"number": "AAAA-1111"}
    for operation in api.operations():
        method, template = operation.split(" ")
        described = api.document["paths"][API + template][method.lower()]
        if described["security"]:
            told = await api.ask(doors.guest(), operation, None, **nowhere)
            assert (told["status"], told["type"]) == (401, "/problems/token-missing")
            assert described["x-roles"]


@pytest.mark.parametrize("service", SERVICES)
async def test_each_service_says_how_it_is(doors: Doors, service: str) -> None:
    origin = doors.house.endpoints["services"][service]

    async def get(path: str) -> Reply:
        return await doors.wire.send(Asked("GET", origin + path))

    assert (await get("/livez")).json() == {"alive": True}
    ready = await get("/readyz")
    assert (ready.status, ready.json()["ready"]) == (200, True)
    figures = await get("/metrics")
    assert figures.values("Content-Type")[0].startswith(("text/plain", "application/openmetrics-text"))
    assert "# TYPE" in figures.text
    document = (await get("/openapi.json")).json()
    OpenAPIV31SpecValidator(document).validate()
    assert document == json.loads((ROOT / "docs" / "openapi" / f"{service}.json").read_text())


async def test_figures_name_routes_and_nobody(doors: Doors) -> None:
    order = await buys(doors)
    for service in SERVICES:
        url = doors.house.endpoints["services"][service] + "/metrics"
        text = (await doors.wire.send(Asked("GET", url))).text
        assert order["id"] not in text
        assert order["number"] not in text
        assert "@" not in text


@pytest.mark.parametrize("source", ["chassis", *(f"services/{service}" for service in SERVICES)])
def test_every_refusal_has_a_sentence_in_three_languages(source: str) -> None:
    path = ROOT / source / "problems.toml"
    if not path.is_file():
        pytest.skip(f"{source} refuses nothing of its own")
    for slug, problem in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert 400 <= problem["status"] < 600, slug
        texts = [problem[language] for language in LANGUAGES]
        assert len(set(texts)) == len(LANGUAGES), f"{slug} is not translated"
        assert all(text.strip() == text and text[-1] in ".?" for text in texts), f"{slug} is no sentence"
        facts = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts]
        assert facts[0] == facts[1] == facts[2], f"{slug} tells different facts"


@pytest.mark.parametrize("operation", ["GET /orders/{order}", "POST /holds", "GET /events/{slug}"])
async def test_a_refusal_is_told_in_the_readers_language(
    doors: Doors, api: Described, operation: str
) -> None:
    parts = {"order": somewhere(), "slug": MARK}
    told = [await api.ask(doors.guest(language), operation, {}, **parts) for language in LANGUAGES]
    assert len({one["type"] for one in told}) == 1
    assert len({one["title"] for one in told}) == len(LANGUAGES)


@pytest.mark.requirement("W-11")
async def test_no_log_line_tells_of_a_person(doors: Doors, house: House) -> None:
    await buys(doors)
    officer = await doors.staff("privacy_officer")
    await officer.ask("POST", "/privacy/subjects", {"email": f"{MARK}@example.org"})
    await doors.guest().page(f"/?q={MARK}@example.org")
    await doors.guest().form("/login", {"user": f"{MARK}@example.org", "password": MARK})
    assert told_in_logs(house.folder / "log", house.persons | {MARK}) == []
    assert allowed(await doors.guest().ask("GET", "/events"), "the season")
