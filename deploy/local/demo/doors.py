"""Doors of the house as a person's browser or a till sees them: cookies, languages, patience."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from contracts.looks import REASON_HEADER, ReasonCode
from deploy.local.demo.expecting import Patience, Unmet
from deploy.local.demo.second_step import code_of, until_next
from deploy.local.demo.wire import Asked, NoAnswer, Reply, Wire

API = "/api/v1"
SHOWN = (0, 1, None, None)
"""Which code of an app is tried: the one that is shown, the next one, and later ones when they are shown."""


@dataclass
class Browser:
    """Someone at one origin, with cookies of their own. Paths may be absolute URLs of the same origin."""

    wire: Wire
    origin: str
    patience: Patience
    language: str = "nl"
    cookies: dict[str, str] = field(default_factory=dict)

    async def page(self, path: str) -> Reply:
        """GET a page."""
        return await self._send("GET", path, {"Accept": "text/html"}, None)

    async def form(self, path: str, fields: Mapping[str, str]) -> Reply:
        """POST a form as the page itself would."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": _origin(self.origin)}
        return await self._send("POST", path, headers, urlencode(fields).encode())

    async def ask(self, method: str, path: str, body: object = None, key: str | None = None) -> Reply:
        """Ask the API; `key` is the Idempotency-Key, which a repetition keeps."""
        # Staff who look at a person say why; whoever asks here was asked by a visitor.
        headers = {"Accept": "application/json", REASON_HEADER: ReasonCode.CUSTOMER_ASKED.value}
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is None:
            return await self._send(method, API + path, headers, None)
        headers["Content-Type"] = "application/json"
        return await self._send(method, API + path, headers, json.dumps(body).encode())

    async def get(self, path: str) -> Any:
        """What the API answers; Unmet where it refuses."""
        return allowed(await self.ask("GET", path), f"GET {API}{path}")

    async def post(self, path: str, body: object, key: str | None = None) -> Any:
        """What the API answers; Unmet where it refuses."""
        return allowed(await self.ask("POST", path, body, key), f"POST {API}{path}")

    async def log_in(self, login: Mapping[str, str]) -> None:
        """Open a session with user name and password, and the code of the app that staff have."""
        words = {"user": login["user"], "password": login["password"]}
        for ahead in SHOWN:
            reply = await self.ask("POST", "/sessions", words)
            if reply.status == 401 and "totp" in login:
                # Each code works once: whoever logged in a moment ago waits for another one.
                if ahead is None:
                    await asyncio.sleep(until_next())
                challenge = reply.json()["facts"]["challenge"]
                answer = {"challenge": challenge, "code": code_of(login, 1 if ahead is None else ahead)}
                reply = await self.ask("POST", "/sessions/factor", answer)
                if reply.status in (403, 410):
                    continue
            allowed(reply, f"POST {API}/sessions")
            return
        raise Unmet("the code of the app is taken")

    async def _send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Reply:
        headers["Accept-Language"] = self.language
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        asked = Asked(method, urljoin(self.origin, path), headers, body)
        reply = await repeated(self.wire, asked, self.patience)
        for cookie in reply.values("Set-Cookie"):
            self._keep(cookie)
        return reply

    def _keep(self, cookie: str) -> None:
        pair, *attributes = (part.strip() for part in cookie.split(";"))
        name, _, value = pair.partition("=")
        if any(attribute.lower() == "max-age=0" for attribute in attributes):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


async def repeated(wire: Wire, asked: Asked, patience: Patience) -> Reply:
    """Send until there is an answer that is no outage; whatever carries a key carries the same key again.

    Raises Unmet when the time is over.
    """
    last, tries = time.monotonic() + patience.answer, 0
    while True:
        tries += 1
        try:
            reply = await wire.send(asked)
            if reply.status < 500:
                return replace(reply, tries=tries)
            trouble = f"status {reply.status}"
        except NoAnswer:
            trouble = "no answer"
        if time.monotonic() >= last:
            door = urlsplit(asked.url)
            raise Unmet(f"{asked.method} {door.netloc}{_shape(door.path)} is answered ({trouble})")
        await asyncio.sleep(patience.rest)


def allowed(reply: Reply, door: str) -> Any:
    """The JSON of a good answer; Unmet names the door and the problem otherwise."""
    if reply.status < 300:
        return reply.json()
    problem = reply.json() or {}
    what = f"{reply.status} {problem.get('type', '')} {problem.get('title', '')}".strip()
    raise Unmet(f"{_shape(door)} is allowed (it answered {what})")


def new_key() -> str:
    """An Idempotency-Key."""
    return uuid4().hex


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _shape(path: str) -> str:
    """A path that may be shown: a signed link's token stays out."""
    return "/l/…" if path.startswith("/l/") else path
