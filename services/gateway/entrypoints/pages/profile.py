"""What somebody may add about themselves and may empty again (G-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web
from babel import Locale
from pydantic import ValidationError

from contracts.accounts.profile import Profile
from services.gateway.entrypoints.pages.frame import Frame, see
from services.gateway.entrypoints.pages.incoming import fields_of, with_session
from services.gateway.entrypoints.pages.invoice import NEAR
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

FIELDS = tuple(Profile.model_fields)
LONGEST = 254
SOURCE = "/people/me/profile"


class ProfilePage:
    """One form in which every field may stay empty."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def form(self, request: web.Request) -> web.Response:
        """GET /my-data/more"""
        known = await self._frame.read(request, ("accounts", SOURCE), Profile, await self._acting(request))
        form = {name: str(value or "") for name, value in known.model_dump().items()}
        return await self._show(request, form, (), 200)

    async def keep(self, request: web.Request) -> web.Response:
        """POST /my-data/more: what stands in the fields counts, so an emptied one is forgotten."""
        fields = dict(await fields_of(request))
        typed = {name: fields.get(name, "").strip()[:LONGEST] for name in FIELDS}
        try:
            wanted = Profile.model_validate({name: value for name, value in typed.items() if value})
        except ValidationError as error:
            return await self._show(request, typed, self._frame.wrong_fields(request, error, Profile), 422)
        asked = ("accounts", "PUT", SOURCE)
        done = await self._frame.ask(request, asked, Profile, await self._acting(request), body=wanted)
        if isinstance(done, Declined):
            beside = "birth_date" if done.slug == "birth-date-impossible" else ""
            wrong = [
                {**one, "field": one["field"] or beside} for one in self._frame.refused_fields(request, done)
            ]
            return await self._show(request, typed, wrong, done.status)
        return see(path("profile") + "?saved=1")

    async def _show(
        self, request: web.Request, form: Mapping[str, str], errors: Sequence[dict[str, str]], status: int
    ) -> web.Response:
        names = Locale.parse(self._frame.language(request)).territories
        return await self._frame.show(
            request,
            "profile",
            status,
            form=form,
            countries=sorted(((code, names[code]) for code in NEAR.split()), key=lambda one: one[1]),
            errors=errors,
            saved="saved" in request.query,
        )

    async def _acting(self, request: web.Request) -> Acting:
        return await act_for_self(self._desk, with_session(request))
