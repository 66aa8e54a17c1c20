"""A passkey signs what it was asked to: once, for this house, with its person verified (G-71)."""

from uuid import UUID

from chassis.decision import Accepted, Refused
from chassis.work import Work, Workplace
from contracts.accounts.factors import PasskeyAnswer
from contracts.actors import Actor
from services.accounts.passkeys import RelyingParty, named_in
from services.accounts.store import factors, passkeys
from services.accounts.visiting import hashed

OVER, REFUSED = Refused("challenge-over"), Refused("passkey-refused")


class ProvePasskey:
    """Says whose passkey signed. A challenge is used up by the first answer, right or wrong."""

    def __init__(self, work: Workplace, house: RelyingParty) -> None:
        self._work = work
        self._house = house

    async def __call__(self, actor: Actor, answer: PasskeyAnswer) -> Accepted[UUID] | Refused:
        """The person; or challenge-over, passkey-refused."""
        token = hashed(answer.challenge)
        async with self._work("account", actor) as tx:
            asked = await factors.find(tx, token, "passkey", tx.now)
            if asked is None or asked.nonce is None or not await factors.answered(tx, token):
                return OVER
            subject = await self._signer(tx, answer.credential, asked.nonce)
        return REFUSED if subject is None else Accepted(subject)

    async def _signer(self, tx: Work, credential: str, nonce: bytes) -> UUID | None:
        named = named_in(credential)
        row = await passkeys.find(tx, named[0]) if named else None
        if named is None or row is None or named[1] not in (None, row.subject.bytes):
            return None
        count = self._house.signed(credential, nonce, row.public_key, row.sign_count)
        return row.subject if count is not None and await passkeys.used(tx, row, count) else None
