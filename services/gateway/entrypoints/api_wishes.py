"""The API of wish lists: one's own, and one that somebody shows (G-03, F-12)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.routes import Call, Route
from contracts.accounts.wishes import ReadWishList, SharedWishes, Wishes, WishKinds
from contracts.actors import Role
from services.gateway.domain.session import Session
from services.gateway.entrypoints.bodies import EventWished
from services.gateway.entrypoints.passage import Outcome, in_session, told
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.wish_lists import WishLists
from services.gateway.neighbours.caller import Question

VISITOR = frozenset({Role.VISITOR})


class _Wishes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lists = WishLists(desk)

    async def see(self, call: Call, session: Session) -> Outcome:
        return told(await self._lists.see(session, call.language))

    async def add(self, call: Call, session: Session) -> Outcome:
        asked: EventWished = call.body
        return told(await self._lists.add(session, asked.event, call.language))

    async def remove(self, call: Call, session: Session) -> Outcome:
        return told(await self._lists.remove(session, UUID(call.path["event"]), call.language))

    async def hear_of(self, call: Call, session: Session) -> Outcome:
        return told(await self._lists.hear_of(session, call.body, call.language))

    async def share(self, call: Call, session: Session) -> Outcome:
        return told(await self._lists.share(session, call.language))

    async def end_link(self, call: Call, session: Session) -> Outcome:
        return told(await self._lists.end_link(session, call.language))

    async def shared(self, call: Call) -> Outcome:
        body = ReadWishList(token=call.path["token"])
        question = Question("accounts", "POST", "/wish-lists", body=body, language=call.language)
        return told(await self._desk.neighbours.ask(question, SharedWishes))


def routes(desk: Desk) -> Sequence[Route]:
    """A stranger's list is kept with their visit; reminders and links are for whom the house knows."""
    own, anybody = _Wishes(desk), Table(desk, "wish_list")
    mine = Table(desk, "wish_list", VISITOR)
    shown = "GET /wish-lists/{token:[A-Za-z0-9_-]{1,60}}"
    return [
        mine.row("GET /me/wishes", in_session(own.see), "My wish list", Wishes),
        mine.row("POST /me/wishes", in_session(own.add), "Put an event on it", Wishes, body=EventWished),
        mine.row("DELETE /me/wishes/{event}", in_session(own.remove), "Take one off", Wishes),
        mine.row("PUT /me/wish-kinds", in_session(own.hear_of), "What I hear of", Wishes, body=WishKinds),
        mine.row("POST /me/wish-link", in_session(own.share), "Show my list by a link", Wishes),
        mine.row("DELETE /me/wish-link", in_session(own.end_link), "End that link", Wishes),
        anybody.row(shown, own.shared, "A wish list that somebody shows", SharedWishes),
    ]
