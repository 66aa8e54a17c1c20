"""Whose tickets somebody may print."""

from __future__ import annotations

from chassis.claims import is_one
from chassis.work import Sql
from contracts.actors import Actor, Role
from services.notify.store.papers import PaperOrder


async def may_see(sql: Sql, actor: Actor, order: PaperOrder) -> bool:
    """A visitor sees their own tickets, the counter those that were sold without a name."""
    if actor.role is Role.BOX_OFFICE:
        return order.subject is None
    return await is_one(sql, order.subject, actor)
