"""A passkey is added: its device makes it for this house, and shows that it can sign."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.factors import AddPasskey, FactorAdded
from services.accounts.handlers.prove_passkey import OVER, REFUSED
from services.accounts.handlers.welcome_factor import WelcomeFactor
from services.accounts.passkeys import RelyingParty
from services.accounts.store import factors, passkeys
from services.accounts.visiting import hashed


class AddNewPasskey:
    """POST /account/passkeys."""

    def __init__(self, work: Workplace, house: RelyingParty, welcome: WelcomeFactor) -> None:
        self._work = work
        self._house = house
        self._welcome = welcome

    async def __call__(self, call: Call) -> FactorAdded | Refused:
        """It counts from now on; or session-ended, step-up-needed, challenge-over, passkey-refused."""
        asked: AddPasskey = call.body
        token = hashed(asked.challenge)
        async with self._work("account", call.actor) as tx:
            own = await self._welcome.own(tx, asked.secret)
            if isinstance(own, Refused):
                return own
            found = await factors.find(tx, token, "new_passkey", tx.now)
            mine = found is not None and found.subject == own.subject
            if found is None or found.nonce is None or not mine or not await factors.answered(tx, token):
                return OVER
            made = self._house.made(asked.credential, found.nonce)
            await factors.lock(tx, own.subject)
            first = not {"totp", "passkey"} & set(await factors.methods(tx, own.subject))
            if made is None or not await passkeys.add(tx, own.subject, made, asked.name, tx.now):
                return REFUSED
            return await self._welcome(tx, own, first, "passkey")
