"""The outermost ring of the HTTP door: trail, faults to problem documents, access log, figures."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from chassis.context import Trail, on_trail, trail_from
from chassis.faults import DatabaseAway, PurposeRefused
from chassis.language import negotiate
from chassis.log import AnswerLog, get_logger
from chassis.metrics import Metrics
from chassis.problems import CONTENT_TYPE, FieldError, Problems
from chassis.reading import Halt

QUIET = frozenset({"/livez", "/readyz", "/metrics"})
RETRY_AFTER_SECONDS = 2
_FROM_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


class Edge:
    """Wraps every handler of one service's application."""

    def __init__(self, service: str, problems: Problems, metrics: Metrics) -> None:
        self._problems = problems
        self._answered = AnswerLog(service)
        self._metrics = metrics
        self._log = get_logger()

    def middleware(self) -> Middleware:
        """The middleware to put first in the application's list."""

        @web.middleware
        async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
            came = trail_from(request.headers.get("X-Request-Id"), request.headers.get("traceparent"))
            with on_trail(came):
                return await self._timed(request, handler, came)

        return around

    async def _timed(self, request: web.Request, handler: Handler, came: Trail) -> web.StreamResponse:
        began = time.perf_counter()
        response = await self._guarded(request, handler, came)
        if not response.prepared:
            response.headers.setdefault("X-Request-Id", came.request_id)
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
            response.headers.setdefault("Cache-Control", "no-store")
        self._account(request, came, response.status, time.perf_counter() - began)
        return response

    async def _guarded(self, request: web.Request, handler: Handler, came: Trail) -> web.StreamResponse:
        try:
            return await handler(request)
        except Halt as halt:
            return self.problem(request, came.request_id, halt.slug, errors=halt.errors)
        except web.HTTPException as answer:
            return self._from_aiohttp(request, came.request_id, answer)
        except DatabaseAway:
            self._log.warning("database_away")
            return self.problem(request, came.request_id, "database-away")
        except PurposeRefused as refused:
            self._log.warning("purpose_refused", purpose=refused.purpose, role=refused.role)
            return self.problem(request, came.request_id, refused.slug)
        except Exception as error:
            self._log.error("request_broke", exc_info=error)
            return self.problem(request, came.request_id, "broke")

    def _from_aiohttp(
        self, request: web.Request, request_id: str, answer: web.HTTPException
    ) -> web.StreamResponse:
        if answer.status < 400:
            return answer
        slug = _FROM_STATUS.get(answer.status, "http-refused")
        response = self.problem(request, request_id, slug)
        if isinstance(answer, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(answer.allowed_methods))
        return response

    def problem(
        self,
        request: web.Request,
        request_id: str,
        slug: str,
        facts: Mapping[str, str | int] | None = None,
        errors: Iterable[FieldError] = (),
    ) -> web.Response:
        """A problem document in the reader's language."""
        language = negotiate(request.headers.get("Accept-Language"))
        told = self._problems.document(
            slug, language=language, request_id=request_id, facts=facts, errors=errors
        )
        response = web.json_response(told, status=told["status"], content_type=CONTENT_TYPE)
        response.headers["Content-Language"] = language
        if response.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        wait = (facts or {}).get("retry_after", RETRY_AFTER_SECONDS if response.status == 503 else None)
        if wait is not None:
            response.headers["Retry-After"] = str(wait)
        return response

    def _account(self, request: web.Request, came: Trail, status: int, seconds: float) -> None:
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "unmatched"
        if route in QUIET:
            return
        method = request.method if request.method in ("GET", "POST", "PUT", "PATCH", "DELETE") else "other"
        self._metrics.answered(method, route, status, seconds)
        self._answered(came.request_id, method, route, status, seconds)
