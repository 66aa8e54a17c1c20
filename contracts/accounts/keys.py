"""Bodies and answers of accounts about keys with which programs of an organisation ask (W-60).

A key opens what it is for and nothing else, until it ends or is taken back. Routes, of organiser_service,
within the organisation of whoever asks:
    GET    /organisation/keys         organiser -> ApiKeys
    POST   /organisation/keys         owner <- MakeKey -> MadeKey (201), the only time that the key is told
    DELETE /organisation/keys/{api_key}   owner -> 204
A key is a secret of POST /tokens too: it gets tokens for the services that its scopes name.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.envelope import Model

KEY_PREFIX = "avk_live_"
"""What every key begins with, so that a scanner of code finds one that was left there."""
Scope = Literal["attendees", "figures"]
KeyName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$"),
]


class MakeKey(Model):
    """A new key: what it is called, what it may read, for how many days."""

    name: KeyName
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    days: Literal[30, 90, 365] = 90


class ApiKey(Model):
    """A key as its organisation sees it: of the key itself the last four signs."""

    id: UUID
    name: str
    end: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    expires_at: datetime
    last_used_on: date | None


class ApiKeys(Model):
    """Keys of an organisation, the newest first."""

    keys: tuple[ApiKey, ...]


class MadeKey(Model):
    """A key that was just made: `secret` is told this once and kept nowhere."""

    key: ApiKey
    secret: str
