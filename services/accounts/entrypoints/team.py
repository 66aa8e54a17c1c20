"""The door for who works for the house: roles are invited to, accepted, given, reviewed and ended."""

from __future__ import annotations

from chassis.routes import Route
from chassis.work import Workplace
from contracts.accounts.api import Mine
from contracts.accounts.team import AnswerInvitation, Invitation, Invite, Member, OwnInvitations, Team
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.accounts.handlers.answer_invitation import AnswerOwnInvitation
from services.accounts.handlers.end_role import EndRole
from services.accounts.handlers.give_role import GiveRole
from services.accounts.handlers.invite_member import InviteMember
from services.accounts.handlers.review_member import ReviewMember
from services.accounts.handlers.show_own_invitations import ShowOwnInvitations
from services.accounts.handlers.show_team import ShowTeam
from services.accounts.handlers.withdraw_invitation import WithdrawInvitation

PURPOSE = "access_management"
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
BOTH_EYES = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})
NOBODY: frozenset[Role] = frozenset()
WHY = ReasonCode.ACCESS_MANAGEMENT
WAITING, MEMBER = "/team/invitations/{invitation}", "/team/members/{subject}"
OWN = "/account/invitations"


def team_routes(work: Workplace) -> tuple[Route, ...]:
    """Routes of contracts/accounts/team.py."""
    return (*_roles(work), *_members(work), *_own(work))


def _roles(work: Workplace) -> tuple[Route, ...]:
    return (
        Route(
            "GET",
            "/team",
            PURPOSE,
            BOTH_EYES,
            ShowTeam(work),
            answer=Team,
            summary="Who works for the house.",
            looks="many",
        ),
        Route(
            "POST",
            "/team/invitations",
            PURPOSE,
            ADMINISTRATOR,
            InviteMember(work),
            body=Invite,
            answer=Invitation,
            status=201,
            summary="Invite somebody to a role.",
            looks="nobody",
            fresh=True,
        ),
        Route(
            "DELETE",
            WAITING,
            PURPOSE,
            ADMINISTRATOR,
            WithdrawInvitation(work),
            status=204,
            summary="Take an invitation back.",
            looks="nobody",
        ),
        Route(
            "POST",
            f"{WAITING}/role",
            PURPOSE,
            BOTH_EYES,
            GiveRole(work),
            answer=Member,
            status=201,
            summary="Give the role to whoever accepted.",
            looks="one",
            because=WHY,
            fresh=True,
        ),
    )


def _members(work: Workplace) -> tuple[Route, ...]:
    return (
        Route(
            "POST",
            f"{MEMBER}/review",
            PURPOSE,
            ADMINISTRATOR,
            ReviewMember(work),
            answer=Member,
            summary="The role is still needed.",
            looks="one",
            because=WHY,
        ),
        Route(
            "DELETE",
            MEMBER,
            PURPOSE,
            ADMINISTRATOR,
            EndRole(work),
            status=204,
            summary="Somebody leaves.",
            looks="one",
            because=WHY,
            fresh=True,
        ),
    )


def _own(work: Workplace) -> tuple[Route, ...]:
    return (
        Route(
            "POST",
            OWN,
            PURPOSE,
            NOBODY,
            ShowOwnInvitations(work),
            body=Mine,
            answer=OwnInvitations,
            summary="Roles that wait for me.",
            open=True,
            also=("account",),
        ),
        Route(
            "POST",
            OWN + "/{invitation}",
            PURPOSE,
            NOBODY,
            AnswerOwnInvitation(work),
            body=AnswerInvitation,
            answer=OwnInvitations,
            summary="Accept a role, or decline.",
            open=True,
            also=("account",),
        ),
    )
