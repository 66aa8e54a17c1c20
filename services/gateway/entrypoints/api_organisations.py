"""The API of organisations: they sign up, the house decides, their own people keep what they are."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.routes import Route
from contracts.accounts.colleagues import Colleague, ColleagueInvitation, Colleagues, InviteColleague
from contracts.accounts.keys import ApiKeys, MadeKey, MakeKey
from contracts.accounts.organisations import (
    ChangeOrganisation,
    Decide,
    Decided,
    Organisation,
    OrganisationFile,
    Organisations,
    SignUp,
    Standing,
)
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.gateway.entrypoints.table import Models, Table
from services.gateway.handlers.desk import Desk

VISITOR = frozenset({Role.VISITOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
ORGANISER = frozenset({Role.ORGANISER})
THERE = "accounts"
KNOWN: Models = {"looks": "one", "because": ReasonCode.ACCESS_MANAGEMENT}


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of organisations."""
    return [*_signing_up(desk), *_house(desk), *_own(desk), *_colleagues(desk), *_keys(desk)]


def _signing_up(desk: Desk) -> Sequence[Route]:
    table, mine = Table(desk, "trader_tracing", VISITOR), "/me/organisation"
    new: Models = {"body": SignUp, "status": 201}
    return [
        table.passed(f"POST {mine}", f"{THERE} /organisations", "Sign an organisation up", Standing, **new),
        table.passed(f"GET {mine}", f"{THERE} /organisations/mine", "How that stands", Standing),
    ]


def _house(desk: Desk) -> Sequence[Route]:
    table, one = Table(desk, "trader_tracing", ADMINISTRATOR), "/organisations/{organisation}"
    access, made = Table(desk, "access_management", ADMINISTRATOR), "Verify, refuse, suspend, resume or end"
    decision: Models = {**KNOWN, "body": Decide}
    return [
        table.passed("GET /organisations", THERE, "All organisations", Organisations, looks="nobody"),
        table.passed(f"GET {one}", THERE, "What one says of itself", OrganisationFile, **KNOWN),
        access.passed(f"POST {one}/decision", THERE, made, Decided, **decision),
    ]


def _own(desk: Desk) -> Sequence[Route]:
    table, said = Table(desk, "organiser_service", ORGANISER), "Say anew what it is, by its owner"
    change: Models = {**KNOWN, "body": ChangeOrganisation}
    return [
        table.passed("GET /organisation", THERE, "One's own organisation", Organisation, **KNOWN),
        table.passed("PUT /organisation", THERE, said, Organisation, **change),
    ]


def _colleagues(desk: Desk) -> Sequence[Route]:
    table, waits = Table(desk, "organiser_service", ORGANISER), "/organisation/invitations"
    one, member = waits + "/{invitation}", "/organisation/members/{subject}"
    asked: Models = {"body": InviteColleague, "status": 201, "looks": "nobody"}
    given: Models = {**KNOWN, "status": 201}
    gone: Models = {**KNOWN, "status": 204}
    return [
        table.passed("GET /organisation/members", THERE, "Who acts for it", Colleagues, looks="many"),
        table.passed(f"POST {waits}", THERE, "Invite somebody", ColleagueInvitation, **asked),
        table.passed(f"DELETE {one}", THERE, "Take it back", None, status=204, looks="nobody"),
        table.passed(f"POST {one}/role", THERE, "Let them act", Colleague, **given),
        table.passed(f"DELETE {member}", THERE, "Somebody leaves", None, **gone),
    ]


def _keys(desk: Desk) -> Sequence[Route]:
    table, path = Table(desk, "organiser_service", ORGANISER), "/organisation/keys"
    new: Models = {"body": MakeKey, "status": 201, "looks": "nobody"}
    return [
        table.passed(f"GET {path}", THERE, "Keys of the organisation", ApiKeys, looks="nobody"),
        table.passed(f"POST {path}", THERE, "Make a key, told this once", MadeKey, **new),
        table.passed(f"DELETE {path}/{{api_key}}", THERE, "Take it back", None, status=204, looks="nobody"),
    ]
