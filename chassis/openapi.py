"""OpenAPI 3.1 from the route table and the pydantic models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chassis.routes import Route
from contracts.looks import CASE_HEADER, REASON_HEADER, ReasonCode

_REF = "#/components/schemas/{model}"
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A problem document (RFC 9457) with a stable type, in the reader's language.",
    "required": ["type", "title", "status", "request_id"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/invalid-input"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "request_id": {"type": "string"},
        "facts": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "reason"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "reason": {"type": "string"},
                },
            },
        },
    },
}
_UUID = {"type": "string", "format": "uuid"}
_KEY_FORM = {"type": "string", "pattern": "^[!-~]{8,128}$"}
_KEY = ("Idempotency-Key", "Makes a repeated request count once.", _KEY_FORM)
_CODES = {"type": "string", "enum": [code.value for code in ReasonCode]}
_REASON = (
    (REASON_HEADER, "Why staff look at this person.", _CODES),
    (CASE_HEADER, "The case that the reason belongs to, where it needs one.", _UUID),
)


def describe(service: str, routes: Sequence[Route], version: str = "1") -> dict[str, Any]:
    """The OpenAPI 3.1 document of a service; paths in the order of the route table."""
    models = {model for route in routes for model in (route.body, route.query, route.answer) if model}
    ordered = sorted(models, key=lambda model: (model.__module__, model.__qualname__))
    names, schemas = _schemas(ordered)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.template, {})[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Avondkassa {service}", "version": version},
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _schemas(
    models: Sequence[type[BaseModel]],
) -> tuple[Mapping[type[BaseModel], Mapping[str, Any]], Mapping[str, Any]]:
    """References by model, and the definitions that they point to."""
    wanted = [(model, "validation") for model in models]
    found, definitions = models_json_schema(wanted, ref_template=_REF)  # type: ignore[arg-type]  # mypy widens the literal in a comprehension
    return {model: schema for (model, _), schema in found.items()}, definitions.get("$defs", {})  # type: ignore[misc]  # the keys are models


def _operation(route: Route, names: Mapping[type[BaseModel], Mapping[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary or _operation_id(route).replace("_", " "),
        "parameters": _parameters(route),
        "responses": _responses(route, names),
        "x-purpose": route.purpose,
        "security": [] if route.open else [{"token": []}],
    }
    if route.roles:
        operation["x-roles"] = sorted(role.value for role in route.roles)
    if route.looks:
        operation["x-looks"] = route.looks
    if route.body is not None:
        content = {kind: {"schema": names[route.body]} for kind in _BODY_TYPES}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


_BODY_TYPES = ("application/json", "application/x-www-form-urlencoded")


def _operation_id(route: Route) -> str:
    words = [word.strip("{}").replace("-", "_") for word in route.template.strip("/").split("/")]
    return "_".join([route.method.lower(), *(word.replace(".", "_") for word in words if word)])


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(expression)}
        for name, expression in route.variables.items()
    ]
    if route.query is not None:
        schema = route.query.model_json_schema()
        required = schema.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": _inline(part, schema)}
            for name, part in schema.get("properties", {}).items()
        ]
    found += [_header(*_KEY)] if route.method != "GET" else []
    found += [_header(*header) for header in _REASON] if route.looks == "one" and not route.because else []
    return found


def _path_schema(expression: str | None) -> dict[str, str]:
    if expression is None:
        return dict(_UUID)
    return {"type": "string", "pattern": f"^(?:{expression})$"}


def _inline(part: Any, schema: Mapping[str, Any]) -> Any:
    """A property's schema with its references resolved: query parameters have no components of their own."""
    if isinstance(part, list):
        return [_inline(item, schema) for item in part]
    if not isinstance(part, dict):
        return part
    reference = part.get("$ref")
    if isinstance(reference, str):
        return _inline(schema["$defs"][reference.rsplit("/", 1)[-1]], schema)
    return {key: _inline(value, schema) for key, value in part.items()}


def _header(name: str, text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": text, "schema": schema}


def _responses(route: Route, names: Mapping[type[BaseModel], Mapping[str, Any]]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if route.answer is not None:
        good["content"] = {"application/json": {"schema": names[route.answer]}}
    problem = {
        "description": "Refused.",
        "content": {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
    codes = ["422"] if route.body or route.query else []
    codes += [] if route.open else ["401", "403"]
    return {str(route.status): good, **dict.fromkeys(sorted(codes), problem), "default": problem}
