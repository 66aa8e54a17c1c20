"""Before something dangerous somebody proves anew who they are; then what they asked goes on as typed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web
from pydantic import ValidationError

from contracts.accounts import api, factors
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.bodies import ProofGiven
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, in_role, session_of
from services.gateway.entrypoints.pages.protection import ANYONE, secret_of
from services.gateway.entrypoints.pages.visits import own_path
from services.gateway.handlers.prove_anew import prove_anew
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

PROOFS = {"proof_code": "code", "proof_password": "password"}
SIGNED = ("challenge", "credential")
"""Fields of the proof beside those of the form that waits; they have names that no other form uses."""
Fields = Sequence[tuple[str, str]]


class Confirm:
    """The page that asks for a proof."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def ask(self, request: web.Request) -> web.Response:
        """The page in the place of what needs the proof: it holds the form that was sent, if one was."""
        session = session_of(request)
        if session is None or session.secret is None:
            return await self._frame.show(request, "confirm_by_mail", 401)
        if request.method == "GET":
            return see(path("confirm") + "?" + urlencode({"to": request.path_qs}))
        return await self._show(request, request.path_qs, await fields_of(request), (), 401)

    async def form(self, request: web.Request) -> web.Response:
        """GET /account/confirm?to="""
        return await self._show(request, own_path(request.query.get("to", "")), None, (), 200)

    async def prove(self, request: web.Request) -> web.Response:
        """POST /account/confirm?to=: with the form that waits in `resend`, it is sent again as it was."""
        session, onward = in_role(request, *ANYONE), own_path(request.query.get("to", ""))
        sent = await fields_of(request)
        fields, waiting = dict(sent), self._waiting(sent)
        given: dict[str, object] = {
            name: fields[field] for field, name in PROOFS.items() if fields.get(field)
        }
        if fields.get("proof_credential"):
            given["passkey"] = {name: fields.get(f"proof_{name}", "") for name in SIGNED}
        try:
            proof = ProofGiven.model_validate(given)
        except ValidationError:
            wrong = [{"field": "", "message": self._frame.text(request, "second.no_code")}]
            return await self._show(request, onward, waiting, wrong, 422)
        body = factors.Prove(secret=secret_of(request), origin=arriving().origin, **dict(proof))
        proved = await prove_anew(self._frame.desk, session, body, self._frame.language(request))
        if isinstance(proved, Declined):
            wrong = [{"field": "", "message": self._frame.said(request, proved)}]
            return await self._show(request, onward, waiting, wrong, proved.status)
        if waiting is None or not onward:
            return see(onward or path("account"))
        # 307: the browser sends the same form again, now to where it was meant to go.
        return web.Response(status=307, headers={"Location": onward})

    def _waiting(self, sent: Fields) -> Fields | None:
        if ("resend", "yes") not in sent:
            return None
        return [(name, value) for name, value in sent if not name.startswith("proof_") and name != "resend"]

    async def _show(
        self,
        request: web.Request,
        onward: str,
        waiting: Fields | None,
        errors: Sequence[dict[str, str]],
        status: int,
    ) -> web.Response:
        body, asked = api.Mine(secret=secret_of(request)), ("accounts", "POST", "/account")
        account = granted(await self._frame.ask(request, asked, api.Account, body=body))
        kinds = {one.kind for one in account.factors}
        return await self._frame.show(
            request,
            "confirm",
            status,
            to=onward,
            waiting=waiting,
            errors=errors,
            by_code="totp" in kinds or account.recovery_left > 0,
            by_passkey="passkey" in kinds,
            user=account.user,
        )
