"""Hold places: orders keeps them, the gateway begins a draft for whoever will buy them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from contracts.orders.api import Hold, HoldRequest
from services.gateway.domain.session import Session
from services.gateway.handlers.begin_draft import begin_draft
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.pass_waiting_room import pass_waiting_room
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting


@dataclass(frozen=True)
class Wanted:
    """Places to hold; a repetition with the same key is the same hold, or `anew` the one that follows it."""

    places: HoldRequest
    language: str
    key: str | None = None
    anew: bool = False

    @classmethod
    def clicked(cls, places: HoldRequest, session: Session, language: str) -> Wanted:
        """A form has no key of its own: the same places for the same visitor are the same click."""
        key = hashlib.sha256(session.id_hash + places.model_dump_json().encode()).hexdigest()
        return cls(places, language, key, anew=True)


async def hold_places(desk: Desk, session: Session, wanted: Wanted) -> Hold | Declined:
    """The hold, with a draft that remembers what this visitor typed before; first comes the waiting room."""
    refused = await pass_waiting_room(desk, session, wanted.places.event)
    if refused is not None:
        return refused
    key = wanted.key
    held = await _ask(desk, session, wanted, key)
    while wanted.anew and isinstance(held, Hold) and held.state != "held":
        # Over: the same click again has a key that follows from that hold, so that twice is once here too.
        key = hashlib.sha256(f"{key} {held.id}".encode()).hexdigest()
        held = await _ask(desk, session, wanted, key)
    if isinstance(held, Hold):
        desk.waiting.has_chosen(wanted.places.event, session)
        await begin_draft(desk, session, held)
    return held


async def _ask(desk: Desk, session: Session, wanted: Wanted, key: str | None) -> Hold | Declined:
    acting = Acting(session, session.subject)
    question = Question("orders", "POST", "/holds", acting, wanted.places, language=wanted.language, key=key)
    return await desk.neighbours.ask(question, Hold)
