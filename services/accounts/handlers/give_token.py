"""A token of five minutes for one service, in the role that the holder of the session has now (G-71)."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.tokens import LIFETIME, Issuer
from chassis.work import Workplace
from contracts.accounts.api import Token, TokenRequest
from services.accounts.store import sessions
from services.accounts.visiting import hashed


class GiveToken:
    """POST /tokens."""

    def __init__(self, work: Workplace, issuer: Issuer) -> None:
        self._work = work
        self._issuer = issuer

    async def __call__(self, call: Call) -> Token | Refused:
        """A token; or session-ended."""
        asked: TokenRequest = call.body
        async with self._work("account", call.actor) as tx:
            found = await sessions.holder(tx, hashed(asked.secret), tx.now)
        if found is None:
            return Refused("session-ended")
        actor, proof = found
        token = self._issuer.sign(actor, asked.audience, tx.now, proof)
        return Token(token=token, expires_at=tx.now + LIFETIME)
