"""How the HTTP door answers: who may in, refusals, faults, languages, health, figures, OpenAPI."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chassis import log
from chassis.decision import Refused
from chassis.faults import DatabaseAway, PurposeRefused
from chassis.problems import Problems
from chassis.testing import SetClock
from chassis.web import ANONYMOUS, Answer, Call, Route
from contracts.actors import Actor, Role
from contracts.envelope import Model
from tests.chassis.shop import Keyring, shop
from tests.chassis.test_web_input import ROUTES

VISITORS = frozenset({Role.VISITOR})


class Done(Model):
    """An answer."""

    actor: str


async def who(call: Call) -> Done:
    return Done(actor=f"{call.actor.role}:{call.actor.id}")


async def refuse(_: Call) -> Refused:
    return Refused("hold-expired", {"seat": "A7", "retry_after": 30})


async def database_away(_: Call) -> Done:
    raise DatabaseAway("gone")


async def wrong_purpose(_: Call) -> Done:
    raise PurposeRefused("marketing", "visitor")


async def broken(_: Call) -> Done:
    raise RuntimeError("mia@example.org was here")


async def calendar(_: Call) -> Answer:
    return Answer(b"BEGIN:VCALENDAR", 200, "text/calendar", {"X-Thing": "yes"})


ALL = [
    Route("GET", "/who", "account", VISITORS, who, answer=Done),
    Route("GET", "/desk", "account", frozenset({Role.BOX_OFFICE}), who, answer=Done),
    Route("GET", "/open", "account", frozenset(), who, open=True),
    Route("GET", "/refuse", "account", frozenset(), refuse, open=True),
    Route("GET", "/away", "account", frozenset(), database_away, open=True),
    Route("GET", "/purpose", "account", frozenset(), wrong_purpose, open=True),
    Route("GET", "/broken", "account", frozenset(), broken, open=True),
    Route("GET", "/calendar", "account", frozenset(), calendar, open=True),
]


@pytest.fixture
def problems(tmp_path: Path) -> Problems:
    file = tmp_path / "problems.toml"
    file.write_text(
        "[hold-expired]\nstatus = 409\n"
        'nl = "Plaats {seat} is weer vrij."\nfr = "La place {seat} est libre."\nen = "Seat {seat} is free."\n'
    )
    return Problems.load(file)


async def test_a_token_opens_the_door_for_its_role_only(
    keyring: Keyring, clock: SetClock, visitor: Actor, clerk: Actor
) -> None:
    async with shop(ALL, keyring, clock) as opened:
        cases = [
            ("/who", {}, 401, "token-missing"),
            ("/who", {"Authorization": "Bearer nonsense"}, 401, "token-invalid"),
            ("/who", {"Authorization": f"Bearer {opened.token(visitor, 'accounts')}"}, 401, "token-invalid"),
            ("/desk", opened.authorised(visitor), 403, "role-refused"),
            ("/who", opened.authorised(clerk), 403, "role-refused"),
        ]
        for path, headers, status, slug in cases:
            async with opened.session.get(opened.base + path, headers=headers) as answer:
                told = await answer.json(content_type=None)
                assert (answer.status, told["type"]) == (status, f"/problems/{slug}")
                assert answer.content_type == "application/problem+json"
                assert (status != 401) or answer.headers["WWW-Authenticate"] == "Bearer"
        async with opened.session.get(opened.base + "/desk", headers=opened.authorised(clerk)) as answer:
            assert await answer.json() == {"actor": f"box_office:{clerk.id}"}
        async with opened.session.get(opened.base + "/open") as answer:
            assert await answer.json() == {"actor": f"visitor:{ANONYMOUS.id}"}


@pytest.mark.requirement("G-71")
async def test_a_revoked_actor_is_refused_at_once(keyring: Keyring, clock: SetClock, clerk: Actor) -> None:
    async with shop(ALL, keyring, clock) as opened:
        headers = opened.authorised(clerk)
        async with opened.session.get(opened.base + "/desk", headers=headers) as answer:
            assert answer.status == 200
        opened.revocations.replace({clerk.id: clock.now()})
        async with opened.session.get(opened.base + "/desk", headers=headers) as answer:
            assert answer.status == 401
            assert (await answer.json(content_type=None))["type"] == "/problems/actor-revoked"


async def test_refusals_and_faults_become_problem_documents(
    keyring: Keyring, clock: SetClock, problems: Problems
) -> None:
    async with shop(ALL, keyring, clock, problems) as opened:
        for path, status, slug, wait in [
            ("/refuse", 409, "hold-expired", "30"),
            ("/away", 503, "database-away", "2"),
            ("/purpose", 403, "purpose-refused", None),
            ("/broken", 500, "broke", None),
        ]:
            async with opened.session.get(opened.base + path) as answer:
                told = await answer.json(content_type=None)
                assert (answer.status, told["type"], told["status"]) == (status, f"/problems/{slug}", status)
                assert answer.headers.get("Retry-After") == wait
                assert told["request_id"] == answer.headers["X-Request-Id"]
                assert "mia" not in json.dumps(told)


async def test_a_problem_speaks_the_readers_language(
    keyring: Keyring, clock: SetClock, problems: Problems
) -> None:
    async with shop(ALL, keyring, clock, problems) as opened:
        for header, title, language in [
            ("nl", "Plaats A7 is weer vrij.", "nl"),
            ("de, fr-CA;q=0.8, en;q=0.3", "La place A7 est libre.", "fr"),
            ("en-GB", "Seat A7 is free.", "en"),
            ("zh", "Plaats A7 is weer vrij.", "nl"),
        ]:
            async with opened.session.get(
                opened.base + "/refuse", headers={"Accept-Language": header}
            ) as answer:
                assert (await answer.json(content_type=None))["title"] == title
                assert answer.headers["Content-Language"] == language


async def test_a_request_id_is_taken_over_when_well_formed(keyring: Keyring, clock: SetClock) -> None:
    async with shop(ALL, keyring, clock) as opened:
        for given, kept in [
            ("abc-123_DEF", True),
            ("x", False),
            ("mia@example.org", False),
            ("a" * 65, False),
        ]:
            async with opened.session.get(opened.base + "/open", headers={"X-Request-Id": given}) as answer:
                assert (answer.headers["X-Request-Id"] == given) is kept


@pytest.mark.requirement("G-11")
async def test_the_log_names_route_and_status_and_nobody(
    keyring: Keyring, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure("orders")
    order = uuid4()
    async with shop([*ALL, *ROUTES], keyring, clock) as opened:
        headers = {"User-Agent": "Netscape", "X-Request-Id": "request-1"}
        url = f"{opened.base}/orders/{order}?limit=mia@example.org"
        async with opened.session.get(url, headers=headers):
            pass
        async with opened.session.get(opened.base + "/broken", headers=headers):
            pass
    written = capsys.readouterr().out
    lines = [json.loads(line) for line in written.splitlines()]
    answered = [line for line in lines if line["event"] == "answered"]
    assert answered[0]["route"] == "/orders/{order}"
    assert answered[0]["status"] == 401
    assert answered[0]["request_id"] == "request-1"
    broke = next(line for line in lines if line["event"] == "request_broke")
    assert broke["fault"] == "RuntimeError"
    assert broke["stack"]
    for secret in ("mia", "Netscape", "127.0.0.1", str(order)):
        assert secret not in written


async def test_bytes_and_headers_pass_through(keyring: Keyring, clock: SetClock) -> None:
    async with (
        shop(ALL, keyring, clock) as opened,
        opened.session.get(opened.base + "/calendar") as answer,
    ):
        assert answer.content_type == "text/calendar"
        assert answer.headers["X-Thing"] == "yes"
        assert answer.headers["Cache-Control"] == "no-store"
        assert await answer.read() == b"BEGIN:VCALENDAR"


async def test_health_says_why(keyring: Keyring, clock: SetClock) -> None:
    async with shop(ALL, keyring, clock) as opened:
        async with opened.session.get(opened.base + "/livez") as answer:
            assert answer.status == 200
        opened.readiness.set("broker", "away")
        async with opened.session.get(opened.base + "/readyz") as answer:
            assert answer.status == 200
            assert await answer.json() == {"ready": True, "parts": {"database": "well", "broker": "away"}}
        opened.readiness.set("database", "away")
        async with opened.session.get(opened.base + "/readyz") as answer:
            assert answer.status == 503


async def test_figures_count_by_route_template(keyring: Keyring, clock: SetClock) -> None:
    async with shop([*ALL, *ROUTES], keyring, clock) as opened:
        async with opened.session.get(f"{opened.base}/orders/{uuid4()}"):
            pass
        async with opened.session.get(opened.base + "/metrics") as answer:
            text = await answer.text()
    counted = next(line for line in text.splitlines() if 'route="/orders/{order}"' in line)
    assert 'status="401"' in counted
    assert counted.endswith(" 1.0")


async def test_the_openapi_document_is_valid_and_names_purposes(keyring: Keyring, clock: SetClock) -> None:
    async with (
        shop([*ALL, *ROUTES], keyring, clock) as opened,
        opened.session.get(opened.base + "/openapi.json") as answer,
    ):
        document = await answer.json()
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/orders/{order}"]["get"]
    assert operation["x-purpose"] == "order_guidance"
    assert operation["security"] == [{"token": []}]
    assert document["paths"]["/open"]["get"]["security"] == []
    assert document["paths"]["/orders"]["post"]["requestBody"]["content"]["application/json"]


@pytest.mark.parametrize(
    ("purpose", "roles", "is_open"),
    [("", VISITORS, False), ("account", frozenset(), False), ("account", VISITORS, True)],
)
def test_a_route_without_purpose_or_roles_cannot_be_made(
    purpose: str, roles: frozenset[Role], is_open: bool
) -> None:
    with pytest.raises(ValueError):
        Route("GET", "/", purpose, roles, who, open=is_open)
