"""Who acts: one enumeration of roles for the whole house (G-71)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A role that a token, a charter or a route can name."""

    VISITOR = "visitor"
    BOX_OFFICE = "box_office"
    STEWARD = "steward"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    MARKETING = "marketing"
    FINANCE = "finance"
    ORGANISER = "organiser"
    ORGANISER_KEY = "organiser_key"  # a program of an organisation, which asks with a key
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"
    SYSTEM_JOB = "system_job"


PEOPLE = frozenset(set(Role) - {Role.SYSTEM_JOB, Role.ORGANISER_KEY})
"""Roles in which somebody acts, and no machine."""
STAFF = frozenset(set(Role) - {Role.VISITOR, Role.SYSTEM_JOB})
"""Roles that only a log-in can give: services accept them from the issuer accounts alone."""


@dataclass(frozen=True)
class Actor:
    """Someone who acts: role, own id (a visitor's is the subject id), and the organisation acted for.

    An `owner` of that organisation may do what its other people may not.
    """

    role: Role
    id: UUID
    organisation: UUID | None = None
    owner: bool = False


SYSTEM = Actor(Role.SYSTEM_JOB, UUID(int=0))
"""The house itself: timers and listeners act as this."""
