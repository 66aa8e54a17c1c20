"""What proves somebody beside a password: an app that makes codes, and recovery codes (G-71)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import as_uuid
from contracts.accounts import api, factors
from services.gateway.domain.session import Session
from services.gateway.entrypoints.bodies import AppAdded
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.frame import Frame, Refusal, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, in_role
from services.gateway.entrypoints.pages.protection import ANYONE, secret_of
from services.gateway.entrypoints.pages.visits import passkey_of
from services.gateway.handlers.enter import enter
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

OFFERED = ("offer", "key", "uri")


class Factors:
    """Pages of one's own second factors."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def offer(self, request: web.Request) -> web.Response:
        """GET /account/app: a secret for an app, to scan or to type."""
        session, mine = in_role(request, *ANYONE), api.Mine(secret=secret_of(request))
        asked = ("accounts", "POST", "/account/apps/offer")
        offer = granted(await self._frame.ask(request, asked, factors.AppOffer, body=mine))
        return await self._show(request, session, offer.model_dump(), (), 200)

    async def add(self, request: web.Request) -> web.Response:
        """POST /account/app: the first code proves that the app took the secret."""
        session, fields = in_role(request, *ANYONE), dict(await fields_of(request))
        name = fields.get("name", "").strip() or self._frame.text(request, "factor.app_name")
        typed = {"offer": fields.get("offer", ""), "code": fields.get("code", "").strip(), "name": name}
        try:
            app = AppAdded.model_validate(typed)
        except ValidationError as error:
            wrong = self._frame.wrong_fields(request, error, AppAdded)
            return await self._show(request, session, fields, wrong, 422)
        body = factors.AddApp(secret=secret_of(request), offer=app.offer, code=app.code, name=app.name)
        asked = ("accounts", "POST", "/account/apps")
        added = await self._frame.ask(request, asked, factors.FactorAdded, body=body)
        if not isinstance(added, Declined):
            return await self._added(request, session, added)
        if added.slug != "code-wrong":
            raise Refusal(added)
        wrong = [{"field": "code", "message": self._frame.said(request, added)}]
        return await self._show(request, session, fields, wrong, added.status)

    async def add_passkey(self, request: web.Request) -> web.Response:
        """POST /account/passkeys: what a device made, filled in by the page's script."""
        session, fields = in_role(request, *ANYONE), dict(await fields_of(request))
        name = fields.get("passkey_name", "").strip()[:60] or self._frame.text(request, "factor.kind.passkey")
        answer = passkey_of(fields)
        body = factors.AddPasskey(secret=secret_of(request), name=name, **dict(answer))
        asked = ("accounts", "POST", "/account/passkeys")
        added = granted(await self._frame.ask(request, asked, factors.FactorAdded, body=body))
        return await self._added(request, session, added)

    async def remove(self, request: web.Request) -> web.Response:
        """POST /account/factors"""
        secret, fields = secret_of(request), dict(await fields_of(request))
        factor = as_uuid(fields.get("factor", ""))
        if factor is not None:
            asked, body = ("/account/factors/removal", factors.RemoveFactor(secret=secret, factor=factor))
            await self._frame.tell(request, ("accounts", "POST", asked), body)
        return see(path("account") + "?saved=factor_removed")

    async def renew(self, request: web.Request) -> web.Response:
        """POST /account/recovery: ten codes, shown once."""
        mine, asked = api.Mine(secret=secret_of(request)), ("accounts", "POST", "/account/recovery-codes")
        told = granted(await self._frame.ask(request, asked, factors.RecoveryCodes, body=mine))
        return await self._frame.show(request, "recovery", codes=told.recovery_codes, first=False)

    async def _added(
        self, request: web.Request, session: Session, added: factors.FactorAdded
    ) -> web.Response:
        headers: Mapping[str, str] = {}
        if added.session is not None:
            _, cookie = await enter(self._frame.desk, added.session, session)
            headers = set_cookie(cookie)
        if not added.recovery_codes:
            return see(path("account") + "?saved=factor_added", headers)
        response = await self._frame.show(request, "recovery", codes=added.recovery_codes, first=True)
        response.headers.update(headers)
        return response

    async def _show(
        self,
        request: web.Request,
        session: Session,
        fields: Mapping[str, str],
        errors: Sequence[Mapping[str, str]],
        status: int,
    ) -> web.Response:
        """The form; what was offered stays as it was when a code was mistyped."""
        offered = {name: fields.get(name, "") for name in OFFERED}
        name = fields.get("name", "")
        return await self._frame.show(
            request, "add_app", status, name=name, errors=errors, due=session.due, **offered
        )
