"""Signing off with the link of a mail, without logging in, in one click (Art. 7(3), 21(2), RFC 8058)."""

from __future__ import annotations

from chassis.purposes import known_purposes
from chassis.tokens import SignOff
from contracts.accounts.api import ChoiceRequest, Choices
from services.gateway.domain.session import rights
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.read_sign_off import WORDING
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting


async def sign_off(desk: Desk, told: SignOff) -> Choices | Declined:
    """The choices as they stand then.

    No session begins: the link speaks for this one thing, whoever's browser or mail server follows it.
    """
    gate = known_purposes()[told.purpose].gate
    wanted = ChoiceRequest(
        purpose=told.purpose,
        state="withdrawn" if gate == "consent" else "objected",
        wording=WORDING.id,
        place="unsubscribe",
    )
    acting = Acting(rights(b"", told.subject, desk.clock.now()))
    asked = Question("accounts", "POST", "/people/me/choices", acting, wanted, language=told.locale)
    return await desk.neighbours.ask(asked, Choices)
