"""The API of who works for the house: administrators, their second pair of eyes, and whoever is invited."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from chassis.decision import Refused
from chassis.routes import Call, Route
from contracts.accounts import team
from contracts.accounts.api import Mine
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.gateway.domain.session import Session
from services.gateway.entrypoints.api_self import ANYONE
from services.gateway.entrypoints.bodies import InvitationAnswered
from services.gateway.entrypoints.passage import Outcome, in_session, told
from services.gateway.entrypoints.table import Models, Table
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question

PURPOSE = "access_management"
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
BOTH_EYES = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})
OWN = "/account/invitations"


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of the team and of one's own invitations."""
    return [*_team(desk), *_own(desk)]


def _team(desk: Desk) -> Sequence[Route]:
    chief, both = Table(desk, PURPOSE, ADMINISTRATOR), Table(desk, PURPOSE, BOTH_EYES)
    one, member = "/team/invitations/{invitation}", "/team/members/{subject}"
    known: Models = {"looks": "one", "because": ReasonCode.ACCESS_MANAGEMENT}
    given: Models = {**known, "status": 201}
    gone: Models = {**known, "status": 204}
    asked: Models = {"body": team.Invite, "status": 201, "looks": "nobody"}
    there = "accounts"
    return [
        both.passed("GET /team", there, "Who works for the house", team.Team, looks="many"),
        chief.passed("POST /team/invitations", there, "Invite to a role", team.Invitation, **asked),
        chief.passed(f"DELETE {one}", there, "Take it back", None, status=204, looks="nobody"),
        both.passed(f"POST {one}/role", there, "Give the role", team.Member, **given),
        chief.passed(f"POST {member}/review", there, "Still needed", team.Member, **known),
        chief.passed(f"DELETE {member}", there, "Somebody leaves", None, **gone),
    ]


def _own(desk: Desk) -> Sequence[Route]:
    mine, known = _Invitations(desk), Table(desk, PURPOSE, ANYONE)
    answer, found = in_session(mine.answer), team.OwnInvitations
    return [
        known.row("GET /me/invitations", in_session(mine.show), "Roles that wait for me", found),
        known.row(
            "POST /me/invitations/{invitation}", answer, "Accept, or decline", found, body=InvitationAnswered
        ),
    ]


class _Invitations:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return Refused("session-missing")
        return await self._ask(call, OWN, Mine(secret=session.secret))

    async def answer(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return Refused("session-missing")
        said: InvitationAnswered = call.body
        body = team.AnswerInvitation(secret=session.secret, accept=said.accept)
        return await self._ask(call, f"{OWN}/{call.path['invitation']}", body)

    async def _ask(self, call: Call, path: str, body: BaseModel) -> Outcome:
        question = Question("accounts", "POST", path, body=body, language=call.language)
        return told(await self._desk.neighbours.ask(question, team.OwnInvitations))
