"""Mollie's error documents: a status, a title, a detail, perhaps the field at fault."""

import json
from dataclasses import dataclass

from aiohttp import web

TITLES = {
    400: "Bad Request",
    401: "Unauthorized Request",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Entity",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
HAL = "application/hal+json"


@dataclass(frozen=True)
class Problem:
    """A refusal as Mollie words it; ``field`` is the JSON field at fault, where one is."""

    status: int
    detail: str
    field: str | None = None


def hal(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """An answer in Mollie's media type."""
    return web.Response(
        text=json.dumps(body), status=status, content_type=HAL, charset="utf-8", headers=headers or {}
    )


def document(problem: Problem) -> dict[str, object]:
    """The error document (https://docs.mollie.com/overview/handling-errors)."""
    page = "authentication" if problem.status == 401 else "handling-errors"
    body: dict[str, object] = {
        "status": problem.status,
        "title": TITLES.get(problem.status, "Error"),
        "detail": problem.detail,
    }
    if problem.field is not None:
        body["field"] = problem.field
    body["_links"] = {
        "documentation": {"href": f"https://docs.mollie.com/overview/{page}", "type": "text/html"}
    }
    return body


def answer(problem: Problem) -> web.Response:
    """The HTTP answer for a refusal."""
    return hal(document(problem), problem.status)
