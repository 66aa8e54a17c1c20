"""What the HTTP door refuses before a handler sees it, and how it says so."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import uuid4

import pytest
from pydantic import Field

from chassis.testing import SetClock
from chassis.web import Answer, Call, Route
from contracts.actors import Actor, Role
from contracts.envelope import Model
from contracts.personal import Email
from tests.chassis.shop import Keyring, Shop, shop


class Place(Model):
    """A body with limits."""

    email: Email
    seats: Annotated[list[int], Field(min_length=1, max_length=4)]
    quantity: Annotated[int, Field(ge=1, le=8)] = 1


class Page(Model):
    """A query."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Echo(Model):
    """What the handler saw."""

    path: dict[str, str]
    email: str | None
    limit: int | None
    key: str | None
    reason: str | None


async def echo(call: Call) -> Echo | Answer:
    return Echo(
        path=dict(call.path),
        email=call.body.email if call.body else None,
        limit=call.query.limit if call.query else None,
        key=call.idempotency_key,
        reason=call.reason.code if call.reason else None,
    )


VISITORS = frozenset({Role.VISITOR})
ROUTES = [
    Route("POST", "/orders", "ticket_sale", VISITORS, echo, body=Place, answer=Echo, status=201),
    Route("GET", "/orders/{order}", "order_guidance", VISITORS, echo, query=Page, answer=Echo),
    Route("GET", "/codes/{code:[A-Z]{3}-[0-9]+}", "order_guidance", VISITORS, echo),
]


async def sent(opened: Shop, actor: Actor, method: str, path: str, **rest: Any) -> tuple[int, Any]:
    headers = opened.authorised(actor) | rest.pop("headers", {})
    async with opened.session.request(method, opened.base + path, headers=headers, **rest) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_good_body_arrives_as_a_model(keyring: Keyring, clock: SetClock, visitor: Actor) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        body = {"email": "mia@example.org", "seats": [1, 2]}
        status, told = await sent(
            opened, visitor, "POST", "/orders", json=body, headers={"Idempotency-Key": "abcdefgh"}
        )
    assert status == 201
    assert told["email"] == "mia@example.org"
    assert told["key"] == "abcdefgh"


async def test_a_form_is_taken_like_json(keyring: Keyring, clock: SetClock, visitor: Actor) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        form = [("email", "mia@example.org"), ("seats", "1")]
        status, told = await sent(opened, visitor, "POST", "/orders", data=form)
    assert (status, told["email"]) == (201, "mia@example.org")


@pytest.mark.requirement("W-33")
async def test_validation_names_fields_and_reasons_but_never_the_input(
    keyring: Keyring, clock: SetClock, visitor: Actor
) -> None:
    body = {"email": "secret-person", "seats": [], "quantity": -7, "Vanderstraeten": 1}
    async with shop(ROUTES, keyring, clock) as opened:
        headers = {"Accept-Language": "fr-BE,fr;q=0.9"}
        status, told = await sent(opened, visitor, "POST", "/orders", json=body, headers=headers)
    assert status == 422
    assert told["type"] == "/problems/invalid-input"
    assert told["title"] == "Certaines données ne sont pas encore correctes."
    found = {(error["pointer"], error["code"]) for error in told["errors"]}
    assert found == {
        ("/email", "wrong_form"),
        ("/seats", "too_short"),
        ("/quantity", "too_small"),
        ("/*", "unknown_field"),
    }
    assert "secret-person" not in str(told)
    assert "Vanderstraeten" not in str(told)
    assert "-7" not in str(told)


@pytest.mark.parametrize(
    ("raw", "status", "slug"),
    [
        (b"{", 400, "malformed-json"),
        (b"", 400, "malformed-json"),
        (b"[1]", 422, "invalid-input"),
        (b'{"email":"a\\u0000b@example.org","seats":[1]}', 400, "malformed-json"),
        (b'{"email": "\\ud800", "seats":[1]}', 400, "malformed-json"),
        (b"\xff\xfe", 400, "malformed-json"),
        (b"[" * 100_000, 400, "malformed-json"),
    ],
)
async def test_broken_bodies_get_their_clear_answer(
    keyring: Keyring, clock: SetClock, visitor: Actor, raw: bytes, status: int, slug: str
) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        headers = {"Content-Type": "application/json"}
        got, told = await sent(opened, visitor, "POST", "/orders", data=raw, headers=headers)
    assert (got, told["type"]) == (status, f"/problems/{slug}")


@pytest.mark.parametrize(
    ("raw", "kind", "status", "slug"),
    [
        (b"email=\xff\xfe&seats=1", "", 400, "malformed-form"),
        (b"email=mia%00@example.org&seats=1", "", 400, "malformed-form"),
        (b"email=%ff&seats=1", "", 422, "invalid-input"),
        (b"email=a&seats=1", "; charset=nonsense", 415, "unknown-media-type"),
        (b"email=+2AA-&seats=1", "; charset=utf-7", 415, "unknown-media-type"),
    ],
)
async def test_broken_forms_get_their_clear_answer(
    keyring: Keyring, clock: SetClock, visitor: Actor, raw: bytes, kind: str, status: int, slug: str
) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        headers = {"Content-Type": "application/x-www-form-urlencoded" + kind}
        got, told = await sent(opened, visitor, "POST", "/orders", data=raw, headers=headers)
    assert (got, told["type"]) == (status, f"/problems/{slug}")


async def test_a_body_that_is_not_as_packed_as_it_says_is_refused(
    keyring: Keyring, clock: SetClock, visitor: Actor
) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        got, told = await sent(opened, visitor, "POST", "/orders", data=b"{}", headers=headers)
    assert (got, told["type"]) == (400, "/problems/http-refused")


async def test_a_body_over_one_mebibyte_is_too_large(
    keyring: Keyring, clock: SetClock, visitor: Actor
) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        for content_type in ("application/json", "application/x-www-form-urlencoded"):
            headers = {"Content-Type": content_type}
            raw = b"a" * (1024 * 1024 + 1)
            got, told = await sent(opened, visitor, "POST", "/orders", data=raw, headers=headers)
            assert (got, told["type"]) == (413, "/problems/too-large")


async def test_other_media_types_are_refused(keyring: Keyring, clock: SetClock, visitor: Actor) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        headers = {"Content-Type": "application/xml"}
        got, told = await sent(opened, visitor, "POST", "/orders", data=b"<a/>", headers=headers)
    assert (got, told["type"]) == (415, "/problems/unknown-media-type")


async def test_path_and_query_are_checked(keyring: Keyring, clock: SetClock, visitor: Actor) -> None:
    order = uuid4()
    async with shop(ROUTES, keyring, clock) as opened:
        status, told = await sent(opened, visitor, "GET", f"/orders/{str(order).upper()}?limit=7")
        assert (status, told["path"], told["limit"]) == (200, {"order": str(order)}, 7)
        for path in ("/orders/7", "/orders/%00", "/orders/" + "0" * 36, "/codes/abc-1", "/nothing"):
            status, told = await sent(opened, visitor, "GET", path)
            assert (status, told["type"]) == (404, "/problems/not-found"), path
        status, told = await sent(opened, visitor, "GET", f"/orders/{order}?limit=1000&name=Mia")
        assert status == 422
        assert {e["pointer"] for e in told["errors"]} == {"/limit", "/*"}
        assert (await sent(opened, visitor, "GET", "/codes/ABC-12"))[0] == 200


async def test_a_wrong_method_is_told_with_the_right_ones(
    keyring: Keyring, clock: SetClock, visitor: Actor
) -> None:
    async with (
        shop(ROUTES, keyring, clock) as opened,
        opened.session.delete(opened.base + "/orders", headers=opened.authorised(visitor)) as answer,
    ):
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"
        assert (await answer.json(content_type=None))["type"] == "/problems/method-not-allowed"


@pytest.mark.parametrize(
    "header",
    [
        {"Idempotency-Key": "short"},
        {"Idempotency-Key": "x" * 129},
        {"Access-Reason": "Looking for Mia"},
        {"Access-Case": str(uuid4())},
        {"Access-Reason": "complaint", "Access-Case": "7"},
    ],
)
async def test_malformed_headers_are_refused(
    keyring: Keyring, clock: SetClock, visitor: Actor, header: dict[str, str]
) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        status, told = await sent(opened, visitor, "GET", f"/orders/{uuid4()}", headers=header)
    assert (status, told["type"]) == (400, "/problems/malformed-header")


async def test_a_reason_with_its_case_reaches_the_handler(
    keyring: Keyring, clock: SetClock, visitor: Actor
) -> None:
    async with shop(ROUTES, keyring, clock) as opened:
        headers = {"Access-Reason": "complaint", "Access-Case": str(uuid4())}
        status, told = await sent(opened, visitor, "GET", f"/orders/{uuid4()}", headers=headers)
    assert (status, told["reason"]) == (200, "complaint")
