"""A table of routes: rows that share a purpose and roles, each in a line or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict, Unpack

from pydantic import BaseModel

from chassis.routes import Handle, Route, Seeing
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.gateway.entrypoints.passage import Representing, as_session, passage
from services.gateway.handlers.desk import Desk

NOBODY: frozenset[Role] = frozenset()


class Models(TypedDict, total=False):
    """What goes in beside the path, how staff look, and the status of a good answer where it is not 200."""

    body: type[BaseModel]
    query: type[BaseModel]
    status: int
    looks: Seeing
    because: ReasonCode


@dataclass(frozen=True)
class Table:
    """Rows for one purpose, and for those that they name also; without roles they are open to everybody."""

    desk: Desk
    purpose: str
    roles: frozenset[Role] = NOBODY
    representing: Representing = as_session
    also: tuple[str, ...] = ()

    def row(
        self,
        asked: str,
        handle: Handle,
        summary: str,
        answer: type[BaseModel] | None = None,
        **models: Unpack[Models],
    ) -> Route:
        """A row of our own: "METHOD /path" and what carries it out."""
        method, path = asked.split(" ")
        opened = not self.roles
        return Route(
            method,
            path,
            self.purpose,
            self.roles,
            handle,
            answer=answer,
            summary=summary,
            open=opened,
            also=self.also,
            **models,
        )

    def passed(
        self, asked: str, to: str, summary: str, answer: type[BaseModel] | None, **models: Unpack[Models]
    ) -> Route:
        """A row that a service answers: `to` names it, with its own path where that is another one."""
        method, path = asked.split(" ")
        service, _, source = to.partition(" ")
        handle = passage(self.desk, (service, method, source or path), answer, self.representing)
        return self.row(asked, handle, summary, answer, **models)
