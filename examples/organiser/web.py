"""The receiver's doors: the webhook, a page of what it holds, and JSON for scripts."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from standardwebhooks import Webhook

from examples.organiser.attendees import Malformed, shown, take
from examples.organiser.cabinet import Cabinet, Delivery

TEMPLATES = Path(__file__).parent / "templates"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
BODY_LIMIT = 64 * 1024


class Receiver:
    """Takes messages and shows what is held; ``now`` gives an aware time."""

    def __init__(self, cabinet: Cabinet, secrets: Path, title: str, now: Callable[[], datetime]) -> None:
        self._cabinet, self._secrets, self._title, self._now = cabinet, secrets, title, now
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
        )

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.add_routes(
            [
                web.post("/webhooks", self._webhook),
                web.get("/", self._page),
                web.get("/receiver.css", self._style),
                web.get("/api/attendees", self._attendees),
                web.get("/api/deliveries", self._deliveries),
            ]
        )
        return app

    async def _webhook(self, request: web.Request) -> web.Response:
        id, body, at = (
            request.headers.get("webhook-id", "")[:200],
            await request.read(),
            self._now().isoformat(),
        )
        if not self._is_signed(body, dict(request.headers)):
            self._cabinet.note(Delivery(id, None, at, signature_ok=False, acknowledged=False))
            self._cabinet.save()
            return refuse(401, "the signature does not match")
        before = self._cabinet.answered(id)
        if before is not None:
            return acknowledge(id, before)
        try:
            message = json.loads(body)
            acknowledged = take(self._cabinet.held, message)
        except (ValueError, Malformed) as error:
            return refuse(400, str(error) if isinstance(error, Malformed) else "the body is not valid JSON")
        kind, fields = message["type"][:100], names_in(message.get("data"))
        self._cabinet.note(Delivery(id, kind, at, True, acknowledged, fields))
        self._cabinet.save()
        return acknowledge(id, acknowledged)

    def _is_signed(self, body: bytes, headers: dict[str, str]) -> bool:
        """Whether one of our secrets signed this; read each time, so that a new secret needs no restart."""
        return any(verifies(secret, body, headers) for secret in self._secrets.read_text().split())

    async def _page(self, _: web.Request) -> web.Response:
        html = self._pages.get_template("page.html").render(
            title=self._title, events=self._by_event(), deliveries=self._cabinet.deliveries[:-13:-1]
        )
        headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    def _by_event(self) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        events: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        for record in self._cabinet.held.attendees.values():
            event = record["event"]
            events.setdefault(event["id"], (event | {"when": when(event["starts_at"])}, []))[1].append(
                shown(record)
            )
        return sorted(events.values(), key=lambda pair: str(pair[0]["when"]))

    async def _style(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(TEMPLATES / "receiver.css")

    async def _attendees(self, _: web.Request) -> web.Response:
        return web.json_response({"attendees": [shown(r) for r in self._cabinet.held.attendees.values()]})

    async def _deliveries(self, _: web.Request) -> web.Response:
        return web.json_response({"deliveries": self._cabinet.deliveries[::-1]})


def names_in(data: object, before: str = "") -> tuple[str, ...]:
    """The names of all fields of a message's data, nested ones with a dot."""
    if not isinstance(data, dict):
        return (before,) if before else ()
    parts = (names_in(value, f"{before}.{name}" if before else str(name)) for name, value in data.items())
    return tuple(sorted(name for part in parts for name in part))


def when(starts_at: object) -> str:
    """The start of an event for people: day, time and the offset that came with it."""
    try:
        return datetime.fromisoformat(str(starts_at)).strftime("%Y-%m-%d %H:%M %Z").strip()
    except ValueError:
        return ""


def verifies(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    """Whether this secret signed the message, less than five minutes ago."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except Exception:
        # The library lets errors of base64 and UTF-8 through; whatever it says, it is no valid signature.
        return False
    return True


def acknowledge(id: str, acknowledged: bool) -> web.Response:
    """The answer to a message that was carried out: recalls are acknowledged in words, others with 204."""
    return web.json_response({"acknowledged": True, "id": id}) if acknowledged else web.Response(status=204)


def refuse(status: int, why: str) -> web.Response:
    """The answer to a message that was not carried out, without repeating what it said."""
    return web.json_response({"error": why}, status=status)
