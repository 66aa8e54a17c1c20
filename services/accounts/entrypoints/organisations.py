"""The door for organisations: they sign up, the house decides, their people see them (W-01, W-03)."""

from __future__ import annotations

from dataclasses import replace

from chassis.routes import Route
from chassis.work import Workplace
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
from services.accounts.handlers.change_organisation import ChangeOwnOrganisation
from services.accounts.handlers.decide_organisation import DecideOrganisation
from services.accounts.handlers.show_organisation import ShowOrganisation
from services.accounts.handlers.show_organisations import ShowOrganisations
from services.accounts.handlers.show_sign_up import ShowSignUp
from services.accounts.handlers.sign_up_organisation import SignUpOrganisation

TRACING, OWN = "trader_tracing", "organiser_service"
VISITOR = frozenset({Role.VISITOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
ORGANISER = frozenset({Role.ORGANISER})
WHY = ReasonCode.ACCESS_MANAGEMENT
ONE = "/organisations/{organisation}"


def organisation_routes(work: Workplace) -> tuple[Route, ...]:
    """Routes of contracts/accounts/organisations.py."""
    return (*_signing_up(work), *_house(work), *_own(work))


def _signing_up(work: Workplace) -> tuple[Route, ...]:
    sign_up = Route("POST", "/organisations", TRACING, VISITOR, SignUpOrganisation(work), status=201)
    mine = Route("GET", "/organisations/mine", TRACING, VISITOR, ShowSignUp(work), answer=Standing)
    return (
        replace(sign_up, body=SignUp, answer=Standing, summary="Sign an organisation up."),
        replace(mine, summary="How one's own sign-up stands."),
    )


def _house(work: Workplace) -> tuple[Route, ...]:
    show = ShowOrganisations(work)
    every = Route("GET", "/organisations", TRACING, ADMINISTRATOR, show.all, looks="nobody")
    one = Route("GET", ONE, TRACING, ADMINISTRATOR, show.one, looks="one", because=WHY)
    decide = Route(
        "POST",
        f"{ONE}/decision",
        "access_management",
        ADMINISTRATOR,
        DecideOrganisation(work),
        looks="one",
        because=WHY,
        fresh=True,
    )
    return (
        replace(every, answer=Organisations, summary="All organisations, those that wait first."),
        replace(one, answer=OrganisationFile, summary="What one organisation says of itself."),
        replace(decide, body=Decide, answer=Decided, summary="Verify, refuse, suspend, resume or end."),
    )


def _own(work: Workplace) -> tuple[Route, ...]:
    path, change = "/organisation", ChangeOwnOrganisation(work)
    show = Route("GET", path, OWN, ORGANISER, ShowOrganisation(work), looks="one", because=WHY)
    say = Route("PUT", path, OWN, ORGANISER, change, looks="one", because=WHY, fresh=True, owner=True)
    return (
        replace(show, answer=Organisation, summary="The organisation of whoever asks."),
        replace(say, body=ChangeOrganisation, answer=Organisation, summary="Say anew what it is."),
    )
