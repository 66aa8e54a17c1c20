"""Whose cases somebody may see."""

from __future__ import annotations

from uuid import UUID

from chassis.claims import is_one
from chassis.work import Sql
from contracts.actors import Actor, Role


async def may_read(sql: Sql, actor: Actor, subject: UUID) -> bool:
    """A visitor reads own cases only, those of guests that their account keeps among them."""
    return actor.role is not Role.VISITOR or await is_one(sql, subject, actor)
