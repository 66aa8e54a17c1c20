"""An organisation signs up: somebody with an account says what it is, and the house looks (W-01, W-03)."""

from __future__ import annotations

from uuid import uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.organisations import SignUp, Standing
from services.accounts.domain.organisations import may_sign_up
from services.accounts.organising import said_of
from services.accounts.store import organisations


class SignUpOrganisation:
    """POST /organisations."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Standing | Refused:
        """It waits for the house; or iban-wrong, registration-wrong, account-needed, role-held,
        sign-up-waiting."""
        asked: SignUp = call.body
        said = said_of(asked, asked.iban)
        if isinstance(said, Refused):
            return said
        person, id = call.actor.id, uuid4()
        async with self._work("trader_tracing", call.actor) as tx:
            found = await organisations.free_to_sign_up(tx, person)
            allowed = may_sign_up(found.log_in, found.role, found.waiting)
            if isinstance(allowed, Refused):
                return allowed
            await organisations.sign_up(tx, id, person, said.value, tx.now)
        return Standing(id=id, name=asked.name, state="waiting", ground=None, signed_up_at=tx.now)
