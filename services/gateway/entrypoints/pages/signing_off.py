"""No more of these mails: a page for people, and a POST for their mail programs (RFC 8058)."""

from __future__ import annotations

from aiohttp import web

from chassis.reading import Halt
from chassis.tokens import SignOff
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.handlers.read_sign_off import WORDING, read_sign_off
from services.gateway.handlers.sign_off import sign_off


class SigningOff:
    """GET only shows: whoever scans a mail and follows its links signs nobody off."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def ask(self, request: web.Request) -> web.Response:
        """GET /u/{token}"""
        return await self._show(request, await self._told(request), done=False)

    async def act(self, request: web.Request) -> web.Response:
        """POST /u/{token}: from the page's button, or `List-Unsubscribe=One-Click` from a mail program.

        The answer is a page and no redirect, which RFC 8058 forbids; the body is not read.
        """
        told = await self._told(request)
        granted(await sign_off(self._frame.desk, told))
        return await self._show(request, told, done=True)

    async def _told(self, request: web.Request) -> SignOff:
        told = await read_sign_off(self._frame.desk, request.match_info["token"])
        if told is None:
            raise Halt("link-dead")
        return told

    async def _show(self, request: web.Request, told: SignOff, *, done: bool) -> web.Response:
        token, text = request.match_info["token"], WORDING.text
        return await self._frame.show(
            request, "signing_off", ends=told.purpose, token=token, done=done, text=text
        )
