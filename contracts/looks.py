"""Who looked at a person's data: closed lists of reasons and kinds, and what every service answers about it.

Route of every service that holds data of persons:
    GET /people/me/looks   rights, visitor, ?before= -> Looks
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from contracts.actors import Role
from contracts.envelope import Model
from contracts.texts import Text

REASON_HEADER = "Access-Reason"
CASE_HEADER = "Access-Case"


class ReasonCode(StrEnum):
    """Why someone of the staff looks at one person; there is no other reason, and never free text."""

    CUSTOMER_ASKED = "customer-asked"
    ORDER_PROBLEM = "order-problem"
    COMPLAINT = "complaint"
    RIGHTS_REQUEST = "rights-request"
    RIGHTS_CASE = "rights-case"
    DOOR_CHECK = "door-check"
    LEGAL_DEMAND = "legal-demand"
    SECURITY_INCIDENT = "security-incident"
    ACCESS_MANAGEMENT = "access-management"


@dataclass(frozen=True, slots=True)
class ReasonMeaning:
    """What a reason is called, by staff who choose it and visitors who read it; some need a case."""

    text: Text
    needs_case: bool = False


REASONS: Mapping[ReasonCode, ReasonMeaning] = {
    ReasonCode.CUSTOMER_ASKED: ReasonMeaning(
        Text(nl="vraag van de bezoeker", fr="question du spectateur", en="a question from the visitor")
    ),
    ReasonCode.ORDER_PROBLEM: ReasonMeaning(
        Text(nl="probleem met een bestelling", fr="problème de commande", en="a problem with an order")
    ),
    ReasonCode.COMPLAINT: ReasonMeaning(Text(nl="klacht", fr="réclamation", en="a complaint")),
    ReasonCode.RIGHTS_REQUEST: ReasonMeaning(
        Text(nl="verzoek over gegevens", fr="demande relative aux données", en="a request about data")
    ),
    ReasonCode.RIGHTS_CASE: ReasonMeaning(
        Text(
            nl="lopend dossier over gegevens",
            fr="dossier en cours sur les données",
            en="an open case about data",
        ),
        needs_case=True,
    ),
    ReasonCode.DOOR_CHECK: ReasonMeaning(
        Text(
            nl="ticketcontrole aan de deur",
            fr="contrôle des billets à l’entrée",
            en="a ticket check at the door",
        )
    ),
    ReasonCode.LEGAL_DEMAND: ReasonMeaning(
        Text(nl="wettelijke vordering", fr="réquisition légale", en="a legal demand"), needs_case=True
    ),
    ReasonCode.SECURITY_INCIDENT: ReasonMeaning(
        Text(nl="veiligheidsincident", fr="incident de sécurité", en="a security incident"), needs_case=True
    ),
    ReasonCode.ACCESS_MANAGEMENT: ReasonMeaning(
        Text(
            nl="regelen wie voor het huis werkt",
            fr="gestion des accès du personnel",
            en="deciding who works for the house",
        )
    ),
}


class LookKind(StrEnum):
    """One person was looked at, several in a list, or data went to a recipient."""

    ONE = "one"
    LIST = "list"
    EXPORT = "export"


class Look(Model):
    """One look at a person's data. Staff are a role: who of them it was is between them and the house.

    `organisation` is the recipient or employer where it was not the house itself.
    """

    id: UUID
    at: datetime
    role: Role
    organisation: UUID | None
    organisation_name: str | None
    purpose: str
    reason: ReasonCode | None
    kind: LookKind


class Looks(Model):
    """One page of looks, newest first; `before` asks for the next page and is None on the last."""

    looks: tuple[Look, ...]
    before: UUID | None


class LooksBefore(Model):
    """The query: looks older than this one of one's own."""

    before: UUID | None = None
