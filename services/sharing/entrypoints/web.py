"""The door for requests."""

from __future__ import annotations

from dataclasses import replace

from chassis.routes import Route
from chassis.work import Workplace
from contracts.actors import Role
from contracts.looks import ReasonCode
from contracts.sharing.api import (
    Agreements,
    Attendees,
    Deliveries,
    Disclosures,
    Endpoint,
    NewSecret,
    Recalls,
)
from services.sharing.domain.purposes import ADMINISTRATION, DOOR_LIST
from services.sharing.handlers.renew_secret import RenewSecret
from services.sharing.handlers.show import RIGHTS, OfEvent, Show
from services.sharing.secret_box import SecretBox

ORGANISER = frozenset({Role.ORGANISER})
OR_ITS_KEY = frozenset({Role.ORGANISER, Role.ORGANISER_KEY})
VISITOR = frozenset({Role.VISITOR})
OFFICER = frozenset({Role.PRIVACY_OFFICER})


def routes(work: Workplace, box: SecretBox) -> tuple[Route, ...]:
    """What sharing answers."""
    return (*_shown(work), *_messages(work, box))


def _messages(work: Workplace, box: SecretBox) -> tuple[Route, ...]:
    show, renew, path = Show(work), RenewSecret(work, box), "/endpoint/secret"
    seen = Route("GET", "/endpoint", ADMINISTRATION, ORGANISER, show.endpoint, answer=Endpoint)
    new = Route("POST", path, ADMINISTRATION, ORGANISER, renew, answer=NewSecret, status=201, owner=True)
    return (
        replace(seen, summary="Where messages to the organisation go", looks="nobody"),
        replace(new, summary="Renew the secret that signs them", looks="nobody", fresh=True),
    )


def _shown(work: Workplace) -> tuple[Route, ...]:
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
            OR_ITS_KEY,
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
