"""People who asked to be shielded: it is begun and ended, and whoever needs it sees a name (F-70)."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt
from contracts.accounts.shielding import Protect, Protection, ShieldedName
from contracts.actors import Role
from services.gateway.entrypoints.pages.frame import granted, unless_unproved
from services.gateway.entrypoints.pages.people import PeopleDesk, Shown
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined

OFFICER, NEEDING = (Role.PRIVACY_OFFICER,), (Role.PRIVACY_OFFICER, Role.SUPERVISOR)


class ShieldDesk:
    """Forms of the page of one person; each comes back to it."""

    def __init__(self, people: PeopleDesk) -> None:
        self._people = people

    async def name(self, request: web.Request) -> web.Response:
        """POST /people/{subject}/name: reason; a look of its own."""
        look = await self._people.opened(request, *NEEDING)
        if isinstance(look, web.Response):
            return look
        asked = ("accounts", "GET", f"/people/{look.subject}/name")
        found = await self._people.frame.ask(request, asked, ShieldedName, look.clerk, reason=look.reason)
        name = None if isinstance(found, Declined) and found.status == 404 else granted(found).name
        person = await self._people.read(request, look)
        return await self._people.show(request, Shown(look.typed, person=person, name=name))

    async def begin(self, request: web.Request) -> web.Response:
        """POST /people/{subject}/shield: reason, why; again, it was looked at again."""
        look = await self._people.opened(request, *OFFICER)
        if isinstance(look, web.Response):
            return look
        try:
            body = Protect.model_validate({"reason": look.typed.get("why", "")})
        except ValidationError:
            raise Halt("invalid-input") from None
        asked = ("accounts", "PUT", f"/people/{look.subject}/protection")
        granted(await self._people.frame.ask(request, asked, Protection, look.clerk, body=body))
        person = await self._people.read(request, look)
        return await self._people.show(request, Shown(look.typed, person=person, done="shielded"))

    async def end(self, request: web.Request) -> web.Response:
        """POST /people/{subject}/unshield: reason; with a proof of the last minutes."""
        look, frame = await self._people.opened(request, *OFFICER), self._people.frame
        if isinstance(look, web.Response):
            return look
        gone = f"/people/{look.subject}/protection"
        question = Question("accounts", "DELETE", gone, look.clerk, language=frame.language(request))
        declined = unless_unproved(await frame.desk.neighbours.tell(question))
        if declined is not None and declined.status != 404:
            granted(declined)
        person = await self._people.read(request, look)
        return await self._people.show(request, Shown(look.typed, person=person, done="unshielded"))
