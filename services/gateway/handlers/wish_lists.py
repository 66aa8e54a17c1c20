"""The wish list of a visit: with accounts for whom the house knows, with the visit for a stranger (F-12)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from chassis.work import Sql
from contracts.accounts.wishes import MOST_WISHES, Wishes, WishesAdded, WishKinds
from services.gateway.domain.session import Session
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.carry_wishes import carry_wishes
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import wish_drafts

LIST = "/people/me/wishes"
UNKNOWN = Declined.ours("wishes-of-nobody", 403)
"""A stranger's list is read in their own browser only: there is nobody to write to, or to take it back."""


@dataclass(frozen=True)
class WishLists:
    """What can be done with one's list."""

    desk: Desk

    async def whose(self, session: Session) -> Acting | None:
        """As whom accounts keeps the list; None for a stranger."""
        acting = await act_for_self(self.desk, session)
        return None if session.kind == "guest" and acting.subject is None else acting

    async def see(self, session: Session, language: str) -> Wishes | Declined:
        """The list; what was kept with the visit before its person was known goes to it first."""
        acting = await self.whose(session)
        if acting is None:
            return await self._kept(session)
        await carry_wishes(self.desk, session, acting, acting.actor.id)
        return await self._ask(acting, ("GET", LIST), language)

    async def add(self, session: Session, event: UUID, language: str) -> Wishes | Declined:
        """The list with the event; as accounts declines it, or wish-list-full."""
        acting = await self.whose(session)
        if acting is not None:
            return await self._ask(acting, ("POST", LIST), language, WishesAdded(events=(event,)))
        kept = await self._kept(session)
        if len(kept.events) >= MOST_WISHES and event not in kept.events:
            return Declined.ours("wish-list-full", 409, most=MOST_WISHES)
        now = self.desk.clock.now()
        await wish_drafts.add(self._sql(session), session.id_hash, event, now, session.expires_at)
        return await self._kept(session)

    async def remove(self, session: Session, event: UUID, language: str) -> Wishes | Declined:
        """The list without the event."""
        acting = await self.whose(session)
        if acting is not None:
            return await self._ask(acting, ("DELETE", f"{LIST}/{event}"), language)
        await wish_drafts.remove(self._sql(session), session.id_hash, event)
        return await self._kept(session)

    async def hear_of(self, session: Session, kinds: WishKinds, language: str) -> Wishes | Declined:
        """Of what somebody wants to hear; whether anything is mailed is a choice beside it."""
        return await self._known(session, ("PUT", "/people/me/wish-kinds"), language, kinds)

    async def share(self, session: Session, language: str) -> Wishes | Declined:
        """A new link by which others read the list; the one before ends."""
        return await self._known(session, ("POST", "/people/me/wish-link"), language)

    async def end_link(self, session: Session, language: str) -> Wishes | Declined:
        """Nobody reads the list by a link any more."""
        return await self._known(session, ("DELETE", "/people/me/wish-link"), language)

    async def _known(
        self, session: Session, asked: tuple[str, str], language: str, body: BaseModel | None = None
    ) -> Wishes | Declined:
        acting = await self.whose(session)
        return UNKNOWN if acting is None else await self._ask(acting, asked, language, body)

    async def _ask(
        self, acting: Acting, asked: tuple[str, str], language: str, body: BaseModel | None = None
    ) -> Wishes | Declined:
        question = Question("accounts", *asked, acting, body, language=language)
        return await self.desk.neighbours.ask(question, Wishes)

    async def _kept(self, session: Session) -> Wishes:
        events = await wish_drafts.events(self._sql(session), session.id_hash, self.desk.clock.now())
        return Wishes(events=events, kinds=())

    def _sql(self, session: Session) -> Sql:
        return self.desk.work.once("wish_list", session.buyer)
