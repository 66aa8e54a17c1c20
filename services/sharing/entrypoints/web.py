"""The door for requests."""

from __future__ import annotations

from chassis.routes import Route
from chassis.work import Workplace
from contracts.actors import Role
from contracts.looks import ReasonCode
from contracts.sharing.api import Agreements, Attendees, Deliveries, Disclosures, Recalls
from services.sharing.domain.purposes import ADMINISTRATION, DOOR_LIST
from services.sharing.handlers.show import RIGHTS, OfEvent, Show

ORGANISER = frozenset({Role.ORGANISER})
VISITOR = frozenset({Role.VISITOR})
OFFICER = frozenset({Role.PRIVACY_OFFICER})


def routes(work: Workplace) -> tuple[Route, ...]:
    """What sharing answers."""
    show = Show(work)
    return (
        Route(
            "GET",
            "/agreements",
            ADMINISTRATION,
            ORGANISER,
            show.agreements,
            answer=Agreements,
            summary="Agreements of the organisation that asks",
            looks="nobody",
        ),
        Route(
            "GET",
            "/attendees",
            DOOR_LIST,
            ORGANISER,
            show.attendees,
            query=OfEvent,
            answer=Attendees,
            summary="The door list of the organisation that asks",
            looks="many",
        ),
        Route(
            "GET",
            "/deliveries",
            ADMINISTRATION,
            ORGANISER,
            show.deliveries,
            answer=Deliveries,
            summary="Messages to the organisation that asks",
            looks="nobody",
        ),
        Route(
            "GET",
            "/my/disclosures",
            RIGHTS,
            VISITOR,
            show.disclosures,
            answer=Disclosures,
            summary="Who got data of the person who asks",
        ),
        Route(
            "GET",
            "/cases/{case}/recalls",
            RIGHTS,
            OFFICER,
            show.recalls,
            answer=Recalls,
            summary="Recipients that must forget someone, and what they answered",
            looks="one",
            because=ReasonCode.RIGHTS_CASE,
        ),
    )
