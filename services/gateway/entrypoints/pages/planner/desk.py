"""What all pages of planners do alike: who may come in, asking orders, and what to say of a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from contracts.actors import Role
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.incoming import fields_of, in_role
from services.gateway.entrypoints.pages.planner.typed import Typed
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

M = TypeVar("M", bound=BaseModel)
ROOT = "/planning"


@dataclass(frozen=True)
class Refused:
    """Why a form came back: what is wrong beside which field, what was typed, and the status of the page."""

    errors: tuple[Mapping[str, str], ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


NOTHING = Refused()


@dataclass(frozen=True)
class PlannerDesk:
    """Asks orders in the name of the planner of a request."""

    frame: Frame

    def acting(self, request: web.Request) -> Acting:
        """The planner; others are sent to the log-in, or refused."""
        return Acting(in_role(request, Role.PLANNER))

    async def typed(self, request: web.Request) -> Typed:
        """The form of a request, with times on the clock of the house."""
        zone = self.frame.pages.formats(self.frame.language(request)).zone
        return Typed(await fields_of(request), zone)

    async def read(self, request: web.Request, path: str, answer: type[M]) -> M:
        """What orders answers; the page stops where it declines."""
        return await self.frame.read(request, ("orders", ROOT + path), answer, self.acting(request))

    async def tell(
        self, request: web.Request, asked: str, answer: type[M], body: BaseModel | None = None
    ) -> M:
        """What orders answers to "METHOD /path" with a body of ours; the page stops where it declines."""
        method, path = asked.split(" ")
        question = ("orders", method, ROOT + path)
        return granted(await self.frame.ask(request, question, answer, self.acting(request), body=body))

    async def send(
        self,
        request: web.Request,
        asked: str,
        filled: tuple[type[BaseModel], Mapping[str, Any], Typed],
        answer: type[M],
    ) -> M | Refused:
        """What orders answers to "METHOD /path" with (model, body, form); what to say where it is refused."""
        method, path = asked.split(" ")
        model, values, typed = filled
        try:
            body = model.model_validate(values)
        except ValidationError as wrong:
            errors = self.frame.wrong_fields(request, wrong, model)
            return Refused(tuple(errors), typed.fields, 422)
        question = ("orders", method, ROOT + path)
        told = await self.frame.ask(request, question, answer, self.acting(request), body=body)
        if isinstance(told, Declined):
            errors = self.frame.refused_fields(request, told)
            return Refused(tuple(errors), typed.fields, told.status)
        return told

    async def show(
        self, request: web.Request, template: str, refused: Refused = NOTHING, **context: object
    ) -> web.Response:
        """A page with the form as it was typed, where it was refused."""
        return await self.frame.show(
            request,
            template,
            refused.status,
            errors=refused.errors,
            typed=refused.typed,
            **context,
        )
