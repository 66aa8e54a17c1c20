"""What a device needs to make a passkey for this house."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Mine
from contracts.accounts.factors import PasskeyChallenge
from services.accounts.handlers.ask_second_factor import ANSWERED_WITHIN
from services.accounts.handlers.welcome_factor import WelcomeFactor
from services.accounts.passkeys import RelyingParty, fresh_nonce
from services.accounts.store import factors, passkeys
from services.accounts.store.factors import Challenge
from services.accounts.visiting import fresh_secret, hashed


class OfferPasskey:
    """POST /account/passkeys/offer."""

    def __init__(self, work: Workplace, house: RelyingParty, welcome: WelcomeFactor) -> None:
        self._work = work
        self._house = house
        self._welcome = welcome

    async def __call__(self, call: Call) -> PasskeyChallenge | Refused:
        """What a device needs to make a passkey; or session-ended, step-up-needed."""
        asked: Mine = call.body
        token, nonce = fresh_secret(), fresh_nonce()
        async with self._work("account", call.actor) as tx:
            own = await self._welcome.own(tx, asked.secret)
            if isinstance(own, Refused):
                return own
            question = Challenge(own.subject, nonce)
            await factors.ask(tx, hashed(token), "new_passkey", tx.now + ANSWERED_WITHIN, question)
            known = await passkeys.known(tx, own.subject)
        options = self._house.creation(own.subject, own.user_key, nonce, known)
        return PasskeyChallenge(challenge=token, options=options)
