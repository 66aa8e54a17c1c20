"""The door for people who asked to be shielded (F-70)."""

from __future__ import annotations

from chassis.routes import Route
from chassis.work import Workplace
from contracts.accounts.shielding import Protect, Protection, Protections, ShieldedName
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.accounts.handlers.shield_person import PURPOSE, ShieldPerson

OFFICER = frozenset({Role.PRIVACY_OFFICER})
ONE = "/people/{subject}/protection"
ASKED = ReasonCode.RIGHTS_REQUEST


def shielding_routes(work: Workplace) -> tuple[Route, ...]:
    """Routes of contracts/accounts/shielding.py."""
    shield = ShieldPerson(work)
    return (*_known(shield), *_changed(shield))


def _known(shield: ShieldPerson) -> tuple[Route, ...]:
    return (
        Route(
            "GET",
            "/protections",
            PURPOSE,
            OFFICER,
            shield.every,
            answer=Protections,
            summary="Whoever is shielded.",
            looks="many",
        ),
        Route(
            "GET",
            ONE,
            PURPOSE,
            OFFICER,
            shield.one,
            answer=Protection,
            summary="How somebody is shielded.",
            looks="one",
        ),
        Route(
            "GET",
            "/people/{subject}/name",
            PURPOSE,
            OFFICER | {Role.SUPERVISOR},
            shield.name,
            answer=ShieldedName,
            summary="The name of somebody who is shielded.",
            looks="one",
        ),
    )


def _changed(shield: ShieldPerson) -> tuple[Route, ...]:
    return (
        Route(
            "PUT",
            ONE,
            PURPOSE,
            OFFICER,
            shield.begin,
            body=Protect,
            answer=Protection,
            summary="Shield somebody who asked for it, or look again.",
            looks="one",
            because=ASKED,
        ),
        Route(
            "DELETE",
            ONE,
            PURPOSE,
            OFFICER,
            shield.end,
            status=204,
            summary="Shield somebody no longer.",
            looks="one",
            because=ASKED,
            fresh=True,
        ),
    )
