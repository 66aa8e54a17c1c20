"""An organisation signs up, and its people see and keep what it is (W-01, W-03)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from contracts.accounts.colleagues import Colleagues
from contracts.accounts.keys import ApiKeys
from contracts.accounts.organisations import ChangeOrganisation, Facts, Organisation, SignUp, Standing
from contracts.actors import Role
from contracts.sharing.api import Agreements, Endpoint
from services.gateway.entrypoints.pages import organisation_form as forms
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import in_role, session_of
from services.gateway.entrypoints.pages.organisation_form import Errors, Typed
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

DONE = frozenset({"changed", "invited", "withdrawn", "given", "ended", "revoked"})
OWN, PEOPLE = ("accounts", "/organisation"), ("accounts", "/organisation/members")
KEYS = ("accounts", "/organisation/keys")
M = TypeVar("M", bound=Facts)


class OrganisationPage:
    """/organisation and /organisation/sign-up: a form that is refused stays as it was typed."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def sign_up_form(self, request: web.Request) -> web.Response:
        """GET /organisation/sign-up; without an account the page says how to get one."""
        return await self._sign_up(request, forms.standing_in(None), [], 200)

    async def sign_up(self, request: web.Request) -> web.Response:
        """POST /organisation/sign-up"""
        acting, typed = Acting(in_role(request, Role.VISITOR)), await forms.typed_in(request)
        said = self._said(request, typed, SignUp)
        if isinstance(said, list):
            return await self._sign_up(request, typed, said, 422)
        asked = ("accounts", "POST", "/organisations")
        made = await self._frame.ask(request, asked, Standing, acting, body=said)
        if isinstance(made, Declined):
            wrong = forms.refused(self._frame, request, made)
            return await self._sign_up(request, typed, wrong, made.status)
        return see(path("sign_up_organisation"))

    async def own(self, request: web.Request) -> web.Response:
        """GET /organisation"""
        return await self.shown(request)

    async def change(self, request: web.Request) -> web.Response:
        """POST /organisation"""
        typed = await forms.typed_in(request)
        said = self._said(request, typed, ChangeOrganisation)
        if isinstance(said, list):
            return await self.shown(request, typed, said, 422)
        asked = ("accounts", "PUT", "/organisation")
        made = await self._frame.ask(request, asked, Organisation, self._acting(request), body=said)
        if isinstance(made, Declined):
            wrong = forms.refused(self._frame, request, made)
            return await self.shown(request, typed, wrong, made.status)
        return see(f"{path('organisation')}?done=changed")

    def _said(self, request: web.Request, typed: Typed, model: type[M]) -> M | Errors:
        try:
            return typed.said(model)
        except ValidationError as error:
            return forms.wrong(self._frame, request, error, model)

    async def _sign_up(self, request: web.Request, typed: Typed, errors: Errors, status: int) -> web.Response:
        session = session_of(request)
        if session is not None and session.actor.role is Role.ORGANISER:
            raise web.HTTPSeeOther(path("organisation"))
        standing: Standing | None = None
        known = session is not None and session.kind == "login"
        if session is not None and known:
            asked = ("accounts", "GET", "/organisations/mine")
            found = await self._frame.ask(request, asked, Standing, Acting(in_role(request, Role.VISITOR)))
            if not isinstance(found, Declined):
                standing = found
            elif found.slug != "sign-up-unknown":
                granted(found)
        return await self._frame.show(
            request,
            "organisation_sign_up",
            status,
            known=known,
            standing=standing,
            **self._form(request, typed, errors),
        )

    async def shown(
        self,
        request: web.Request,
        typed: Typed | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        status: int = 200,
        email: str = "",
    ) -> web.Response:
        """The page, with the form as it was `typed` or the `email` that was invited, where it was refused."""
        acting, done = self._acting(request), request.query.get("done")
        own = await self._frame.read(request, OWN, Organisation, acting)
        people = await self._frame.read(request, PEOPLE, Colleagues, acting)
        keys = await self._frame.read(request, KEYS, ApiKeys, acting)
        endpoint = await self._frame.ask(request, ("sharing", "GET", "/endpoint"), Endpoint, acting)
        agreed = await self._frame.ask(request, ("sharing", "GET", "/agreements"), Agreements, acting)
        return await self._frame.show(
            request,
            "organisation",
            status,
            own=own,
            people=people,
            keys=keys.keys,
            endpoint=None if isinstance(endpoint, Declined) else endpoint,
            email=email,
            agreements=() if _not_heard_of(agreed) else granted(agreed).agreements,
            open=typed is not None,
            done=done if done in DONE else None,
            **self._form(request, typed or forms.standing_in(own), errors),
        )

    def _form(self, request: web.Request, typed: Typed, errors: Sequence[object]) -> dict[str, object]:
        language = self._frame.language(request)
        return {
            "form": {name: typed.words.get(name, "") for name in forms.WORDS},
            "products": typed.products,
            "all_products": forms.PRODUCTS,
            "countries": forms.countries(language),
            "errors": errors,
        }

    def _acting(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.ORGANISER))


def _not_heard_of(agreed: Agreements | Declined) -> bool:
    """An organisation that was verified a moment ago agreed to nothing yet."""
    return isinstance(agreed, Declined) and agreed.slug == "organisation-unknown"
