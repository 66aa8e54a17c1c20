"""Who may come to act for an organisation, and who may no longer (W-01, G-71)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.decision import Accepted, Refused


def may_end(acting: Mapping[UUID, bool], subject: UUID, by: UUID) -> Accepted[None] | Refused:
    """Whether somebody can be let go by this owner; `acting` says who owns the organisation.

    A token outlives its role by minutes, so whoever decides must still be an owner. Refusals: member-unknown,
    role-own, owner-needed.
    """
    if subject not in acting:
        return Refused("member-unknown")
    if subject == by:
        return Refused("role-own")
    return Accepted(None) if acting.get(by) else Refused("owner-needed")
