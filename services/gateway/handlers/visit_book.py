"""What visits write and read in the gateway's own tables: what comes at the same moment shares a commit.

Every buyer writes a session, a draft, what they typed and which order became of it. Each for itself would be
a commit of its own; the house writes them together, for the purpose that all of them serve.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.sealing import Seal
from chassis.work import Sql, Workplace
from chassis.writers import Writers
from contracts.actors import SYSTEM
from services.gateway.domain.draft import Draft, Typed
from services.gateway.domain.session import DRAFT_LIFE, GUEST_ORDER_LIFE, Session
from services.gateway.store import drafts, guest_orders, sessions

Asked = tuple[bytes, UUID]
"""A session by the hash of its cookie, and the hold or the order that it asks about."""


class VisitBook:
    """The tables of visits, in batches."""

    def __init__(self, work: Workplace, clock: Clock, seal: Seal) -> None:
        self._work = work
        self._clock = clock
        self._seal = seal
        self._begun: Writers[None, Session, None] = Writers(self._begin)
        self._cookies: Writers[None, bytes, Session | None] = Writers(self._find)
        self._drafts: Writers[None, Draft, None] = Writers(self._draft)
        self._typed: Writers[None, tuple[Asked, Typed], Draft | None] = Writers(self._keep)
        self._orders: Writers[None, tuple[UUID, Draft], None] = Writers(self._order)
        self._subjects: Writers[None, Asked, UUID | None] = Writers(self._whose)

    async def begin(self, session: Session) -> None:
        """Keep a new session."""
        await self._begun.submit(None, session)

    async def find(self, id_hash: bytes) -> Session | None:
        """The session of a hashed cookie, or None."""
        return await self._cookies.submit(None, id_hash)

    async def draft(self, draft: Draft) -> None:
        """Begin a draft with its hold and what this session typed last."""
        await self._drafts.submit(None, draft)

    async def keep_typed(self, session: bytes, hold: UUID, typed: Typed) -> Draft | None:
        """Keep what was typed in the draft of a hold; None where this session has none."""
        return await self._typed.submit(None, ((session, hold), typed))

    async def ordered(self, order: UUID, draft: Draft) -> None:
        """Remember that a draft became an order and holds no places any more."""
        await self._orders.submit(None, (order, draft))

    async def whose(self, session: bytes, order: UUID) -> UUID | None:
        """As whom this session placed the order, or None where it did not."""
        return await self._subjects.submit(None, (session, order))

    def _sql(self) -> Sql:
        return self._work.once("order_guidance", SYSTEM)

    async def _begin(self, _: None, new: Sequence[Session]) -> list[None]:
        await sessions.add(self._sql(), self._seal, new, self._clock.now())
        return [None] * len(new)

    async def _find(self, _: None, hashes: Sequence[bytes]) -> list[Session | None]:
        found = await sessions.find(self._sql(), self._seal, hashes)
        return [found.get(one) for one in hashes]

    async def _draft(self, _: None, new: Sequence[Draft]) -> list[None]:
        now = self._clock.now()
        await drafts.begin(self._sql(), new, now, now + DRAFT_LIFE)
        return [None] * len(new)

    async def _keep(self, _: None, typed: Sequence[tuple[Asked, Typed]]) -> list[Draft | None]:
        found = await drafts.keep_typed(self._sql(), dict(typed), self._clock.now())
        return [found.get(asked) for asked, _ in typed]

    async def _order(self, _: None, placed: Sequence[tuple[UUID, Draft]]) -> list[None]:
        now = self._clock.now()
        await guest_orders.add(self._sql(), placed, now, now + GUEST_ORDER_LIFE)
        return [None] * len(placed)

    async def _whose(self, _: None, asked: Sequence[Asked]) -> list[UUID | None]:
        found = await guest_orders.subjects_of(self._sql(), asked, self._clock.now())
        return [found.get(one) for one in asked]
