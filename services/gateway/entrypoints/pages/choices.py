"""The one page on which a person says yes and no (G-60, F-24, F-67, W-45)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt, as_uuid
from contracts.accounts.api import ChoiceRequest, Choices
from contracts.sharing.api import Disclosures
from services.gateway.domain.preferences import Offered, rows_of
from services.gateway.entrypoints.pages.frame import HEADERS, Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, signalled, with_session
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

FILE = {"Content-Disposition": 'attachment; filename="choices.jsonld"'}


class ChoicesPage:
    """One row for each purpose, and the proof of what was chosen."""

    def __init__(self, frame: Frame, offered: Sequence[Offered]) -> None:
        self._frame = frame
        self._desk = frame.desk
        self._offered = offered

    async def page(self, request: web.Request) -> web.Response:
        """GET /my-choices"""
        return await self._show(request, await self._acting(request), None)

    async def choose(self, request: web.Request) -> web.Response:
        """POST /my-choices"""
        acting = await self._acting(request)
        wanted = _choice(dict(await fields_of(request)))
        asked = ("accounts", "POST", "/people/me/choices")
        done = await self._frame.ask(request, asked, Choices, acting, body=wanted)
        if isinstance(done, Declined):
            return await self._show(request, acting, done)
        return see(f"{path('choices')}?saved={wanted.purpose}#{wanted.purpose}")

    async def receipts(self, request: web.Request) -> web.Response:
        """GET /my-choices/receipts: the proof of every choice."""
        return await self._download(request, "/people/me/receipts")

    async def receipt(self, request: web.Request) -> web.Response:
        """GET /my-choices/receipts/{record}"""
        return await self._download(request, f"/people/me/receipts/{id_in(request, 'record')}")

    async def _download(self, request: web.Request, source: str) -> web.Response:
        acting, language = await self._acting(request), self._frame.language(request)
        question = Question("accounts", "GET", source, acting, language=language)
        found = granted(await self._desk.neighbours.fetch(question))
        headers = {**HEADERS, **FILE}
        return web.Response(body=found.content, content_type=found.content_type, headers=headers)

    async def _show(self, request: web.Request, acting: Acting, refused: Declined | None) -> web.Response:
        read = self._frame.read
        choices = await read(request, ("accounts", "/people/me/choices"), Choices, acting)
        disclosures = await read(request, ("sharing", "/my/disclosures"), Disclosures, acting)
        rows = rows_of(self._offered, choices, disclosures)
        saved = request.query.get("saved")
        return await self._frame.show(
            request,
            "choices",
            200 if refused is None else refused.status,
            rows=rows,
            saved=saved if saved in {row.purpose for row in rows} else None,
            problem=None if refused is None else self._frame.said(request, refused),
            chosen=bool(choices.choices),
            signal=signalled(request),
        )

    async def _acting(self, request: web.Request) -> Acting:
        return await act_for_self(self._desk, with_session(request))


def _choice(fields: dict[str, str]) -> ChoiceRequest:
    """The choice that a switch asks for, with the wording that stood beside it."""
    try:
        return ChoiceRequest(
            purpose=fields.get("purpose", ""),
            organisation=as_uuid(fields.get("organisation", "")),
            channel=fields.get("channel", ""),
            state=fields.get("state", ""),
            wording=fields.get("wording", ""),
        )
    except ValidationError:
        raise Halt("invalid-input") from None
