"""A token of five minutes for one service, in the role that the holder of the session has now (G-71)."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.tokens import LIFETIME, Issuer
from chassis.work import Workplace
from contracts.accounts.api import Token, TokenRequest
from contracts.accounts.keys import KEY_PREFIX
from contracts.actors import Actor, Role
from services.accounts.domain.api_keys import may_ask
from services.accounts.store import api_keys, sessions
from services.accounts.visiting import hashed


class GiveToken:
    """POST /tokens."""

    def __init__(self, work: Workplace, issuer: Issuer) -> None:
        self._work = work
        self._issuer = issuer

    async def __call__(self, call: Call) -> Token | Refused:
        """A token; or session-ended. For a key: key-unknown, organisation-stands-still, scope-missing."""
        asked: TokenRequest = call.body
        if asked.secret.startswith(KEY_PREFIX):
            return await self._by_key(call, asked)
        async with self._work("account", call.actor) as tx:
            found = await sessions.holder(tx, hashed(asked.secret), tx.now)
        if found is None:
            return Refused("session-ended")
        actor, proof = found
        token = self._issuer.sign(actor, asked.audience, tx.now, proof)
        return Token(token=token, expires_at=tx.now + LIFETIME)

    async def _by_key(self, call: Call, asked: TokenRequest) -> Token | Refused:
        """A key proves nobody, so its token opens no door that wants a fresh proof."""
        async with self._work("account", call.actor) as tx:
            key = await api_keys.used(tx, hashed(asked.secret), tx.now)
        if key is None:
            return Refused("key-unknown")
        allowed = may_ask(key.state, key.scopes, asked.audience)
        if isinstance(allowed, Refused):
            return allowed
        actor = Actor(Role.ORGANISER_KEY, key.id, key.organisation)
        token = self._issuer.sign(actor, asked.audience, tx.now)
        return Token(token=token, expires_at=tx.now + LIFETIME)
