"""The door for who acts for an organisation: invited, let act and let go by its owners (W-01, G-71)."""

from __future__ import annotations

from dataclasses import replace

from chassis.routes import Route
from chassis.work import Workplace
from contracts.accounts.colleagues import Colleague, ColleagueInvitation, Colleagues, InviteColleague
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.accounts.handlers.appoint_colleague import AppointColleague
from services.accounts.handlers.end_colleague import EndColleague
from services.accounts.handlers.invite_colleague import InviteOneColleague
from services.accounts.handlers.show_colleagues import ShowColleagues
from services.accounts.handlers.withdraw_colleague import WithdrawColleague

OWN = "organiser_service"
ORGANISER = frozenset({Role.ORGANISER})
WHY = ReasonCode.ACCESS_MANAGEMENT
INVITED, ONE = "/organisation/invitations", "/organisation/invitations/{invitation}"


def colleague_routes(work: Workplace) -> tuple[Route, ...]:
    """Routes of contracts/accounts/colleagues.py."""
    return (*_members(work), *_invitations(work))


def _members(work: Workplace) -> tuple[Route, ...]:
    path, end = "/organisation/members", EndColleague(work)
    show = Route("GET", path, OWN, ORGANISER, ShowColleagues(work), answer=Colleagues, looks="many")
    gone = Route("DELETE", path + "/{subject}", OWN, ORGANISER, end, status=204, looks="one", because=WHY)
    return (
        replace(show, summary="Who acts for the organisation."),
        replace(gone, summary="Somebody leaves it.", fresh=True, owner=True),
    )


def _invitations(work: Workplace) -> tuple[Route, ...]:
    invite = Route("POST", INVITED, OWN, ORGANISER, InviteOneColleague(work), status=201, looks="nobody")
    gone = Route("DELETE", ONE, OWN, ORGANISER, WithdrawColleague(work), status=204, looks="nobody")
    give = Route("POST", f"{ONE}/role", OWN, ORGANISER, AppointColleague(work), status=201, looks="one")
    asked = replace(invite, body=InviteColleague, answer=ColleagueInvitation, fresh=True, owner=True)
    given = replace(give, answer=Colleague, because=WHY, fresh=True, owner=True)
    return (
        replace(asked, summary="Invite somebody to act for it."),
        replace(gone, summary="Take an invitation back.", owner=True),
        replace(given, summary="Let somebody act who accepted."),
    )
