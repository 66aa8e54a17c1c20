"""The house looks at organisations that sign up, and decides about them (W-01)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from aiohttp import web
from pydantic import ValidationError

from chassis.reason import Reason
from contracts.accounts.organisations import Decide, Decided, Ground, OrganisationFile, Organisations, State
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.gateway.entrypoints.pages.frame import Frame, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.entrypoints.pages.organisation_form import PRODUCTS
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

WHY = Reason(ReasonCode.ACCESS_MANAGEMENT)
POSSIBLE: Mapping[State, tuple[str, ...]] = {
    "waiting": ("verify", "refuse"),
    "verified": ("suspend", "end"),
    "suspended": ("resume", "end"),
}
WITH_GROUND = frozenset({"refuse", "suspend", "end"})
DONE = frozenset({"verify", "refuse", "suspend", "resume", "end"})


class OrganisationsPage:
    """/organisations: a list, and a page for each, on which the house decides."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def all(self, request: web.Request) -> web.Response:
        """GET /organisations"""
        found = await self._frame.read(
            request, ("accounts", "/organisations"), Organisations, self._acting(request)
        )
        return await self._frame.show(request, "organisations", organisations=found.organisations)

    async def one(self, request: web.Request) -> web.Response:
        """GET /organisations/{organisation}"""
        return await self._show(request, [], 200)

    async def decide(self, request: web.Request) -> web.Response:
        """POST /organisations/{organisation}/decision: decision, ground"""
        fields, acting = dict(await fields_of(request)), self._acting(request)
        typed = {name: fields[name] for name in ("decision", "ground") if fields.get(name)}
        try:
            body = Decide.model_validate(typed)
        except ValidationError as error:
            return await self._show(request, self._frame.wrong_fields(request, error, Decide), 422)
        asked = ("accounts", "POST", f"/organisations/{id_in(request, 'organisation')}/decision")
        made = await self._frame.ask(request, asked, Decided, acting, body=body, reason=WHY)
        if isinstance(made, Declined):
            field = "ground" if made.slug == "ground-missing" else ""
            told = [{**one, "field": field} for one in self._frame.refused_fields(request, made)]
            return await self._show(request, told, made.status)
        onward = path("house_organisation", organisation=made.id)
        return see(f"{onward}?done={body.decision}")

    async def _show(
        self, request: web.Request, errors: Sequence[Mapping[str, str]], status: int
    ) -> web.Response:
        source = ("accounts", f"/organisations/{id_in(request, 'organisation')}")
        file = await self._frame.read(request, source, OrganisationFile, self._acting(request), reason=WHY)
        possible, done = POSSIBLE.get(file.listed.state, ()), request.query.get("done")
        looked = ("verify",) if file.listed.state == "verified" and file.listed.to_look_at else ()
        return await self._frame.show(
            request,
            "organisation_file",
            status,
            file=file,
            all_products=PRODUCTS,
            decisions=(*looked, *possible),
            with_ground=WITH_GROUND,
            grounds=get_args(Ground),
            errors=errors,
            done=done if done in DONE else None,
        )

    def _acting(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.ADMINISTRATOR))
