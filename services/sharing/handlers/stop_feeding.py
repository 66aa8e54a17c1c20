"""Whoever is protected is in nobody's feed (F-70)."""

from __future__ import annotations

from chassis.work import Work
from contracts.accounts.events import ProtectionSetV1
from services.sharing.domain.purposes import CO_PRESENTATION
from services.sharing.store import attendees


async def stop_feeding(tx: Work, news: ProtectionSetV1) -> None:
    """Keep nothing that only a feed needs; what waits to leave finds nothing that may.

    Runs in the transaction that keeps the protection in the gate (purpose keeping_choices). What orders
    tells later comes in anew once the protection has ended.
    """
    if not news.protected:
        return
    await attendees.take_turns(tx, news.subject)
    await attendees.drop_door(tx, news.subject, None)
    await attendees.drop_news(tx, news.subject, None)
    for purpose in CO_PRESENTATION:
        await attendees.refuse(tx, news.subject, purpose, None)
