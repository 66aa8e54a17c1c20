"""Guests whose cookies came lately: their sessions need not be read for every click."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from services.gateway.domain.session import Session

KEPT = timedelta(seconds=60)
LARGEST = 10_000


class KnownGuests:
    """Sessions of guests, by the hash of their cookie, for a minute each.

    Only guests: nobody ends their sessions from elsewhere, and nothing is behind one but a basket. Who logged
    in, or came by a signed link, is looked up each time.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[Session, datetime]] = OrderedDict()

    def find(self, id_hash: bytes, now: datetime) -> Session | None:
        """A guest's session that was seen within the last minute."""
        known = self._known.get(id_hash)
        return known[0] if known is not None and now < known[1] else None

    def meet(self, session: Session, now: datetime) -> None:
        """Remember a session, if it is a guest's."""
        if session.kind == "guest":
            self._known[session.id_hash] = (session, now + KEPT)
            self._known.move_to_end(session.id_hash)
            while len(self._known) > LARGEST:
                self._known.popitem(last=False)

    def forget(self, session: Session) -> None:
        """This session ended."""
        self._known.pop(session.id_hash, None)
