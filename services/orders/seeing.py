"""Whose orders somebody may see."""

from __future__ import annotations

from uuid import UUID

from chassis.claims import is_one
from chassis.work import Sql
from contracts.actors import Actor, Role


async def may_see(sql: Sql, actor: Actor, owner: UUID | None) -> bool:
    """A visitor sees own orders only; the box office sees all, because nobody's name is in one."""
    return actor.role is not Role.VISITOR or await is_one(sql, owner, actor)
