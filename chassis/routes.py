"""What a service offers over HTTP: routes as values, and what a handler gets and gives."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.decision import Refused
from chassis.reason import Reason
from contracts.actors import STAFF, Actor, Role
from contracts.looks import REASONS, ReasonCode

ANONYMOUS = Actor(Role.VISITOR, UUID(int=0))
"""Who calls an open route without a token: nobody in particular, with no rights of anybody."""

Seeing = Literal["nobody", "one", "many"]
"""What staff see through a route: nobody's data, one person, or a list."""
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_VARIABLE = re.compile(r"{([a-z_]+)(?::((?:[^{}]|{[^{}]*})+))?}")


@dataclass(frozen=True, slots=True)
class Call:
    """One request after the door has checked it.

    `path` holds the variables of the path, `query` and `body` instances of the route's models or None,
    `language` one of nl, fr, en. `visit` is the session that a gateway's middleware found, else None.
    """

    actor: Actor
    path: Mapping[str, str]
    query: Any
    body: Any
    language: str
    idempotency_key: str | None
    request_id: str
    reason: Reason | None
    visit: Any = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Who a session of the gateway speaks for: put into the request by the gateway's middleware."""

    actor: Actor
    session: Any


VISIT = "visit"
"""The request key under which the gateway's middleware leaves a Visit instead of a bearer token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is more than a model with the route's status: bytes, headers, another status.

    A refusal as the body has the status of its problem, and these headers.
    """

    body: BaseModel | bytes | Refused | None
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


Handle = Callable[[Call], Awaitable[BaseModel | Refused | Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One door: method, path, the purpose it serves and the roles that may use it (G-71, W-11).

    A variable `{name}` of the path must be a UUID; `{name:regex}` takes what the expression takes. An open
    route needs no token (webhooks, log-in); it names its purpose all the same, and no roles. Who calls can
    act for this purpose alone, and for those that it names `also`.

    A route through which staff could see people says how it `looks` at them. Staff who look at one give a
    reason, unless there is only one that it can be: that one stands here as `because`.

    A `fresh` route opens only to who proved who they are some minutes ago: what it does is dangerous. One
    for the `owner` opens to nobody else of an organisation.
    """

    method: str
    path: str
    purpose: str
    roles: frozenset[Role]
    handle: Handle
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    summary: str = ""
    open: bool = False
    also: tuple[str, ...] = ()
    looks: Seeing | None = None
    because: ReasonCode | None = None
    fresh: bool = False
    owner: bool = False

    def __post_init__(self) -> None:
        if self.method not in METHODS or not self.path.startswith("/"):
            raise ValueError(f"{self.method} {self.path} is no route")
        if not self.purpose:
            raise ValueError(f"{self.method} {self.path} names no purpose")
        if bool(self.roles) == self.open:
            raise ValueError(f"{self.method} {self.path} is either open or for roles, not both, not neither")
        if self.fresh and self.open:
            raise ValueError(f"{self.method} {self.path} wants a proof of nobody in particular")
        self._check_who()

    def _check_who(self) -> None:
        if self.owner and self.roles != {Role.ORGANISER}:
            raise ValueError(f"{self.method} {self.path} is for the owner of something that it does not name")
        if self.looks and not self.roles & STAFF:
            raise ValueError(f"{self.method} {self.path} says how staff look, and lets no staff in")
        if self.because and self.looks != "one":
            raise ValueError(f"{self.method} {self.path} gives a reason for looking at nobody in particular")
        if self.because and REASONS[self.because].needs_case and "case" not in self.variables:
            raise ValueError(f"{self.method} {self.path} gives a reason that needs a case, and names none")

    @property
    def purposes(self) -> frozenset[str]:
        """What whoever calls can act for behind this door."""
        return frozenset((self.purpose, *self.also))

    @property
    def template(self) -> str:
        """The path with the bare names of its variables, as logs, metrics and OpenAPI show it."""
        return _VARIABLE.sub(lambda found: "{" + found[1] + "}", self.path)

    @property
    def variables(self) -> Mapping[str, str | None]:
        """Names of the path's variables, with their expression, or None where a UUID is meant."""
        return {found[1]: found[2] for found in _VARIABLE.finditer(self.path)}
