"""What a key may ask, and how many an organisation has (W-60)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chassis.decision import Accepted, Refused
from contracts.accounts.organisations import State

MOST = 20
SERVICES: Mapping[str, str] = {"attendees": "sharing", "figures": "orders"}
"""Which service a scope opens; the role of keys opens there what the scope is for, and no more."""


def may_make(known: int) -> Accepted[None] | Refused:
    """Whether an organisation may have another key. Refusal: keys-enough."""
    return Refused("keys-enough", {"most": MOST}) if known >= MOST else Accepted(None)


def may_ask(state: State, scopes: Collection[str], service: str) -> Accepted[None] | Refused:
    """Whether a key gets a token for a service. Refusals: organisation-stands-still, scope-missing."""
    if state != "verified":
        return Refused("organisation-stands-still")
    opened = {SERVICES[scope] for scope in scopes}
    return Accepted(None) if service in opened else Refused("scope-missing")
