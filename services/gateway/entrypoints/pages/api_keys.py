"""Forms of the page of an organisation about its keys (W-60): a key is shown once, where it was made."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from contracts.accounts.keys import MadeKey, MakeKey
from contracts.actors import Role
from contracts.sharing.api import NewSecret
from services.gateway.entrypoints.pages.frame import Frame, see, unless_unproved
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.entrypoints.pages.organisation import OrganisationPage
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path


class ApiKeysPage:
    """POST /organisation/keys, /organisation/keys/{key}/revoke and /organisation/webhook"""

    def __init__(self, frame: Frame, page: OrganisationPage) -> None:
        self._frame = frame
        self._page = page

    async def make(self, request: web.Request) -> web.Response:
        """POST /organisation/keys: key_name, scopes, days"""
        acting, fields = self._acting(request), await fields_of(request)
        typed = dict(fields)
        scopes = [value for name, value in fields if name == "scopes"]
        days = int(typed["days"]) if typed.get("days", "").isdecimal() else 0
        try:
            body = MakeKey.model_validate({"name": typed.get("key_name", ""), "scopes": scopes, "days": days})
        except ValidationError as wrong:
            errors = self._frame.wrong_fields(request, wrong, MakeKey)
            beside = [{**one, "field": _shown_name(one["field"])} for one in errors]
            return await self._page.shown(request, errors=beside, status=422)
        asked = ("accounts", "POST", "/organisation/keys")
        made = await self._frame.ask(request, asked, MadeKey, acting, body=body)
        if isinstance(made, Declined):
            return await self._refused(request, made)
        response = await self._frame.show(request, "organisation_key", made=made)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def revoke(self, request: web.Request) -> web.Response:
        """POST /organisation/keys/{key}/revoke"""
        gone = f"/organisation/keys/{id_in(request, 'key')}"
        language = self._frame.language(request)
        question = Question("accounts", "DELETE", gone, self._acting(request), language=language)
        declined = unless_unproved(await self._frame.desk.neighbours.tell(question))
        if isinstance(declined, Declined):
            return await self._refused(request, declined)
        return see(f"{path('organisation')}?done=revoked")

    async def renew(self, request: web.Request) -> web.Response:
        """POST /organisation/webhook: another secret signs messages from now on."""
        asked = ("sharing", "POST", "/endpoint/secret")
        made = await self._frame.ask(request, asked, NewSecret, self._acting(request))
        if isinstance(made, Declined):
            return await self._refused(request, made)
        response = await self._frame.show(request, "organisation_secret", made=made)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _refused(self, request: web.Request, declined: Declined) -> web.Response:
        errors = self._frame.refused_fields(request, declined)
        return await self._page.shown(request, errors=errors, status=declined.status)

    def _acting(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.ORGANISER))


def _shown_name(field: str) -> str:
    return "key_name" if field == "name" else field
