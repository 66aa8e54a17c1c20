"""What a session is, how long it lives, and how its cookie is stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.actors import Actor, Role

Kind = Literal["guest", "rights", "login", "key"]

COOKIE = "__Host-session"
GUEST_LIFE = timedelta(hours=24)
RIGHTS_LIFE = timedelta(hours=2)
DRAFT_LIFE = timedelta(hours=2)
GUEST_ORDER_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Session:
    """A visit: who acts in it, and until when.

    `secret` is the log-in's secret at accounts (kind login), or a key of an organisation (kind key, for one
    request), `login` its name there; `label` is what the
    page header shows. `due` says that somebody who works here must add a second factor first.
    """

    id_hash: bytes
    kind: Kind
    actor: Actor
    subject: UUID | None
    label: str | None
    secret: str | None
    expires_at: datetime
    login: UUID | None = None
    due: bool = False

    @property
    def link_followed_at(self) -> datetime | None:
        """When the link of a mail was followed, which proves its reader; a guest proves nothing, and accounts
        speaks for who logged in."""
        return self.expires_at - RIGHTS_LIFE if self.kind == "rights" else None

    @property
    def buyer(self) -> Actor:
        """Who a visit is in its own basket: a visitor, whoever works for the house on other pages."""
        return Actor(Role.VISITOR, self.actor.id)

    def is_over(self, now: datetime) -> bool:
        """Whether the session counts no longer."""
        return now >= self.expires_at


def hashed(cookie: str) -> bytes:
    """SHA-256 of a cookie's value: what the gateway stores, so that its database opens no session."""
    return hashlib.sha256(cookie.encode("utf-8", "replace")).digest()


def guest(id_hash: bytes, visitor: UUID, now: datetime) -> Session:
    """A visitor about whom nothing is known."""
    return Session(id_hash, "guest", Actor(Role.VISITOR, visitor), None, None, None, now + GUEST_LIFE)


def rights(id_hash: bytes, subject: UUID, now: datetime) -> Session:
    """A person who came by the signed link of a mail, to see and decide about their own data (W-40)."""
    return Session(id_hash, "rights", Actor(Role.VISITOR, subject), subject, None, None, now + RIGHTS_LIFE)
