"""Reads a request into values: token, path, headers, query, body, each checked before a handler sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_origin
from uuid import UUID

from aiohttp import web
from multidict import MultiMapping
from pydantic import BaseModel, ValidationError

from chassis.problems import FieldError, Reasons
from chassis.reason import Reason
from chassis.routes import Route
from contracts.actors import STAFF, Actor
from contracts.looks import CASE_HEADER, REASON_HEADER, REASONS, ReasonCode

MAX_BODY = 1024 * 1024
JSON_TYPES = ("application/json", "application/cloudevents+json")
FORM_TYPE = "application/x-www-form-urlencoded"
_KEY = re.compile(r"[\x21-\x7e]{8,128}")
_REASON = re.compile(r"[a-z][a-z0-9_-]{0,63}")


class Halt(Exception):
    """The door stops here and answers with the problem of this slug."""

    def __init__(self, slug: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(slug)
        self.slug = slug
        self.errors = errors


def bearer(request: web.Request) -> str | None:
    """The bearer token of a request, or None where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def path_of(request: web.Request, variables: Mapping[str, str | None]) -> dict[str, str]:
    """The path's variables; a malformed UUID names nothing that exists, so it is `not-found`."""
    values = dict(request.match_info)
    for name, expression in variables.items():
        if expression is None:
            found = as_uuid(values[name])
            if found is None:
                raise Halt("not-found")
            values[name] = str(found)
        elif "\x00" in values[name]:
            raise Halt("not-found")
    return values


def as_uuid(text: str) -> UUID | None:
    """A UUID in its usual form of 36 characters, or None."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def key_of(request: web.Request) -> str | None:
    """The Idempotency-Key: 8 to 128 visible ASCII characters, or None where none came."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Halt("malformed-header")
    return key


def reason_of(request: web.Request, route: Route, actor: Actor) -> Reason | None:
    """Why somebody looks: Access-Reason with a code, and Access-Case with the case it belongs to.

    Staff who look at one person must say (G-71): reason-missing, reason-unknown, case-missing. Where a route
    has one reason only, that one counts, and the case of its path.
    """
    code, case = request.headers.get(REASON_HEADER), request.headers.get(CASE_HEADER)
    found = as_uuid(case) if case is not None else None
    if (code is not None and not _REASON.fullmatch(code)) or (case is not None and found is None):
        raise Halt("malformed-header")
    if code is None and case is not None and route.because is None:
        raise Halt("malformed-header")
    if route.because is not None and actor.role in STAFF:
        return Reason(route.because, found or as_uuid(request.match_info.get("case", "")))
    if code is None:
        if route.looks == "one" and actor.role in STAFF:
            raise Halt("reason-missing")
        return None
    return _known_reason(code, found)


def _known_reason(code: str, case: UUID | None) -> Reason:
    try:
        known = ReasonCode(code)
    except ValueError:
        raise Halt("reason-unknown") from None
    if REASONS[known].needs_case and case is None:
        raise Halt("case-missing")
    return Reason(known, case)


def query_of(request: web.Request, route: Route, reasons: Reasons, language: str) -> BaseModel | None:
    """The query as the route's model, or None where the route has none."""
    if route.query is None:
        return None
    return _validated(route.query, _pairs(request.query, route.query), reasons, language)


async def body_of(request: web.Request, route: Route, reasons: Reasons, language: str) -> BaseModel | None:
    """The body as the route's model, from JSON or from a form, or None where the route has none."""
    if route.body is None:
        return None
    if request.headers.get("Content-Type") == JSON_TYPES[0]:
        return _from_json(route.body, await _read(request), reasons, language)
    if request.content_type == FORM_TYPE:
        form = _Pairs(await form_of(request))
        return _validated(route.body, _pairs(form, route.body), reasons, language)
    if request.headers.get("Content-Type") is not None and request.content_type not in JSON_TYPES:
        raise Halt("unknown-media-type")
    return _from_json(route.body, await _read(request), reasons, language)


async def form_of(request: web.Request) -> list[tuple[str, str]]:
    """Fields of a form in their order. Other alphabets than UTF-8 can smuggle in what is no text at all."""
    if (request.charset or "utf-8").lower() != "utf-8":
        raise Halt("unknown-media-type")
    await _read(request)
    try:
        form = await request.post()
    except ValueError:
        raise Halt("malformed-form") from None
    fields = [(name, value) for name, value in form.items() if isinstance(value, str)]
    if any("\x00" in name + value for name, value in fields):
        raise Halt("malformed-form")
    return fields


async def _read(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Halt("too-large") from None
    except web.RequestPayloadError:
        raise Halt("http-refused") from None


def _from_json(model: type[BaseModel], raw: bytes, reasons: Reasons, language: str) -> BaseModel:
    # PostgreSQL stores no NUL in a text, so the door refuses what no table can keep.
    if b"\\u0000" in raw:
        raise Halt("malformed-json")
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if any(detail["type"] == "json_invalid" for detail in error.errors(include_input=False)):
            raise Halt("malformed-json") from None
        raise Halt("invalid-input", reasons.of(error, model, language)) from None


def _validated(
    model: type[BaseModel], values: Mapping[str, Any], reasons: Reasons, language: str
) -> BaseModel:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Halt("invalid-input", reasons.of(error, model, language)) from None


class _Pairs:
    """Form fields with the two methods of a multi-mapping that are needed here."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs

    def keys(self) -> Sequence[str]:
        return list(dict.fromkeys(name for name, _ in self._pairs))

    def getall(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]


def _pairs(source: MultiMapping[str] | _Pairs, model: type[BaseModel]) -> dict[str, Any]:
    """Text pairs as a model's input: a list only where the model has a list, else the last value."""
    values: dict[str, Any] = {}
    for name in source.keys():  # noqa: SIM118 - a multi-mapping is no dict, and _Pairs is not iterable
        found = source.getall(name)
        if any("\x00" in value for value in (name, *found)):
            raise Halt("malformed-query")
        values[name] = found if _is_list(model, name) else found[-1]
    return values


def _is_list(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and get_origin(field.annotation) in (list, tuple, set, frozenset)
