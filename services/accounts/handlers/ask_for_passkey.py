"""What a passkey is to sign: the same for everybody, because nobody has said yet who they are."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.factors import AskPasskey, PasskeyChallenge
from services.accounts.handlers.ask_second_factor import ANSWERED_WITHIN
from services.accounts.handlers.guard_log_in import Guard
from services.accounts.passkeys import RelyingParty, fresh_nonce
from services.accounts.store import factors
from services.accounts.store.factors import Challenge
from services.accounts.visiting import fresh_secret, hashed


class AskForPasskey:
    """POST /passkeys/challenge."""

    def __init__(self, work: Workplace, guard: Guard, house: RelyingParty) -> None:
        self._work = work
        self._guard = guard
        self._house = house

    async def __call__(self, call: Call) -> PasskeyChallenge | Refused:
        """What to sign; or too-many-attempts, where one place on the network asks without end."""
        asked: AskPasskey = call.body
        if asked.origin.address is not None:
            allowed = await self._guard.may_ask(call.actor, f"passkeys\0{asked.origin.address}")
            if isinstance(allowed, Refused):
                return allowed
        token, nonce = fresh_secret(), fresh_nonce()
        async with self._work("account", call.actor) as tx:
            until = tx.now + ANSWERED_WITHIN
            await factors.ask(tx, hashed(token), "passkey", until, Challenge(None, nonce))
        return PasskeyChallenge(challenge=token, options=self._house.request(nonce))
