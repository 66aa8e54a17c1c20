"""The door for keys of an organisation: made and taken back by its owners (W-60)."""

from __future__ import annotations

from dataclasses import replace

from chassis.routes import Route
from chassis.work import Workplace
from contracts.accounts.keys import ApiKeys, MadeKey, MakeKey
from contracts.actors import Role
from services.accounts.handlers.make_api_key import MakeApiKey
from services.accounts.handlers.revoke_api_key import RevokeApiKey
from services.accounts.handlers.show_api_keys import ShowApiKeys

OWN = "organiser_service"
ORGANISER = frozenset({Role.ORGANISER})
KEYS = "/organisation/keys"


def key_routes(work: Workplace) -> tuple[Route, ...]:
    """Routes of contracts/accounts/keys.py."""
    show = Route("GET", KEYS, OWN, ORGANISER, ShowApiKeys(work), answer=ApiKeys, looks="nobody")
    make = Route("POST", KEYS, OWN, ORGANISER, MakeApiKey(work), status=201, looks="nobody", owner=True)
    gone = Route(
        "DELETE", KEYS + "/{api_key}", OWN, ORGANISER, RevokeApiKey(work), status=204, looks="nobody"
    )
    return (
        replace(show, summary="Keys of the organisation."),
        replace(make, body=MakeKey, answer=MadeKey, summary="Make a key.", fresh=True),
        replace(gone, summary="Take a key back.", owner=True),
    )
