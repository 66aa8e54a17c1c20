"""Makes a message at the moment it leaves, from what is held and allowed then: nothing stale goes out."""

from __future__ import annotations

from enum import Enum

from chassis.gate import is_restricted
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.sharing.domain import message as messages
from services.sharing.domain.message import Kind, Message, Show
from services.sharing.domain.purposes import (
    ADMINISTRATION,
    DOOR_LIST,
    EXCHANGE,
    NEWS,
    AtTheDoor,
    Share,
    agreed_now,
    may_leave,
)
from services.sharing.handlers.acting import for_organisation
from services.sharing.store import agreements, attendees, deliveries, happenings, ledger
from services.sharing.store.deliveries import Claimed

RIGHTS = "rights"


class NoMessage(Enum):
    """Why nothing leaves."""

    NOTHING_ALLOWED = "nothing_allowed"  # the person was forgotten, or refused everything
    NO_AGREEMENT = "no_agreement"  # terms lapsed: delivery stops (W-30)
    NOT_YET = "not_yet"  # the event's facts have not arrived


class Compose:
    """Reads each field under the purpose that it is held for."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, claimed: Claimed) -> Message | NoMessage:
        """The message as it may leave now, or why there is none."""
        if claimed.kind is Kind.REGISTERED:
            return await self._registered(claimed)
        if claimed.kind is Kind.CORRECTED:
            return await self._corrected(claimed)
        if claimed.kind is Kind.OBJECTED:
            return await self._objected(claimed)
        if claimed.kind is Kind.RESTRICTED:
            return await self._restricted(claimed)
        return await self._erased(claimed)

    async def _registered(self, claimed: Claimed) -> Message | NoMessage:
        async with self._work(EXCHANGE, SYSTEM) as tx:
            share = await attendees.by_id(tx, claimed.attendee)
            if share is None:
                return NoMessage.NOTHING_ALLOWED
            agreed = agreed_now(await agreements.terms(tx, claimed.organisation), tx.now)
            show = await happenings.find(tx, share.event)
        if not agreed:
            return NoMessage.NO_AGREEMENT
        if show is None:
            return NoMessage.NOT_YET
        return await self._with_parts(share, show, agreed)

    async def _with_parts(self, share: Share, show: Show, agreed: frozenset[str]) -> Message | NoMessage:
        """Each purpose is asked for its part; row policies show none of who refused it."""
        door = await self._door(share)
        email = await self._news(share)
        gates = {ADMINISTRATION} if await self._counts(share) else set()
        gates |= {DOOR_LIST} if door else set()
        gates |= {NEWS} if email else set()
        purposes = may_leave(share, agreed, gates)
        if not purposes:
            return NoMessage.NOTHING_ALLOWED
        return messages.registered(share, show, purposes, door, email)

    async def _counts(self, share: Share) -> bool:
        """Whether the person is among those that are settled."""
        async with self._work(ADMINISTRATION, for_organisation(share.organisation)) as tx:
            return await attendees.by_id(tx, share.id) is not None

    async def _door(self, share: Share) -> AtTheDoor | None:
        """The door list's part, or None where the person objected."""
        async with self._work(DOOR_LIST, for_organisation(share.organisation)) as tx:
            return await attendees.door_part(tx, share)

    async def _news(self, share: Share) -> str | None:
        """The address for news, or None without a consent that stands."""
        async with self._work(NEWS, for_organisation(share.organisation)) as tx:
            return await attendees.news_part(tx, share)

    async def _corrected(self, claimed: Claimed) -> Message | NoMessage:
        async with self._work(RIGHTS, SYSTEM) as tx:
            share = await attendees.by_id(tx, claimed.attendee)
            if share is None or not await deliveries.was_told(tx, claimed.attendee):
                return NoMessage.NOTHING_ALLOWED
            door = await attendees.door_part(tx, share)
            email = await attendees.news_part(tx, share)
        name = door.name if door else None
        made = messages.corrected(share, claimed.about, share.allowed, name, email)
        return made or NoMessage.NOTHING_ALLOWED

    async def _objected(self, claimed: Claimed) -> Message | NoMessage:
        async with self._work(RIGHTS, SYSTEM) as tx:
            share = await attendees.by_id(tx, claimed.attendee)
            told = await deliveries.was_told(tx, claimed.attendee)
        refused = [purpose for purpose in claimed.about if share and purpose not in share.allowed]
        if not told or not refused:
            return NoMessage.NOTHING_ALLOWED
        return messages.objected(claimed.attendee, refused)

    async def _restricted(self, claimed: Claimed) -> Message | NoMessage:
        async with self._work(RIGHTS, SYSTEM) as tx:
            share = await attendees.by_id(tx, claimed.attendee)
            told = await deliveries.was_told(tx, claimed.attendee)
            stored_only = share is not None and await is_restricted(tx, share.subject)
        if share is None or not told:
            return NoMessage.NOTHING_ALLOWED
        return messages.restricted(claimed.attendee, stored_only)

    async def _erased(self, claimed: Claimed) -> Message | NoMessage:
        recall = None
        if claimed.recall is not None:
            async with self._work(RIGHTS, SYSTEM) as tx:
                recall = await ledger.find(tx, claimed.recall)
        return messages.erased(claimed.attendee, recall.due_at) if recall else NoMessage.NOTHING_ALLOWED
