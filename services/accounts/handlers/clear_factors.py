"""Somebody lost every factor: two people in charge clear them, and the log says who did (G-71)."""

from collections.abc import Sequence
from uuid import UUID

from chassis.decision import Refused
from chassis.reason import Reason
from chassis.work import Workplace
from contracts.accounts.api import Origin
from contracts.actors import SYSTEM, Actor, Role
from contracts.looks import ReasonCode
from services.accounts.handlers.prove_factor import ProveFactor
from services.accounts.ordering import order_notice
from services.accounts.passwords import user_key
from services.accounts.store import factors, sessions
from services.accounts.visiting import end_all_but

IN_CHARGE = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})
EYES = 2
WHY = Reason(ReasonCode.CUSTOMER_ASKED)


class ClearFactors:
    """For the command line of whoever runs the house, with the two people beside them."""

    def __init__(self, work: Workplace, prove: ProveFactor) -> None:
        self._work = work
        self._prove = prove

    async def __call__(self, user: str, approved: Sequence[tuple[str, str]]) -> str | None:
        """Clear what `user` has; `approved` are users in charge, each with a code of their own app.

        Why not, in a few words; None where it was done. Whoever lost everything then logs in by the password
        and is led to a new factor.
        """
        subject = await self._subject(user)
        if subject is None:
            return "no such user"
        eyes: list[Actor] = []
        for name, code in approved:
            found = await self._in_charge(name, code, subject)
            if isinstance(found, str):
                return found
            eyes.append(found)
        if len({one.id for one in eyes}) != EYES:
            return "not two people"
        for one in eyes:
            # Each of them stands in the log of looks, which its person reads, before anything is cleared.
            async with self._work("security", one, WHY) as log:
                log.saw((subject,))
        async with self._work("account", SYSTEM) as tx:
            await factors.remove_all(tx, subject)
            await end_all_but(tx, subject, None)
            await order_notice(tx, subject, "factor_removed")
        return None

    async def _in_charge(self, name: str, code: str, subject: UUID) -> Actor | str:
        approver = await self._subject(name)
        sql = self._work.once("account", SYSTEM)
        holder = await sessions.who(sql, approver) if approver else None
        if holder is None or approver == subject or holder.actor.role not in IN_CHARGE:
            return "not in charge"
        proved = await self._prove(SYSTEM, holder.actor.id, code, Origin())
        return proved.slug.replace("-", " ") if isinstance(proved, Refused) else holder.actor

    async def _subject(self, user: str) -> UUID | None:
        return await sessions.subject_of(self._work.once("security", SYSTEM), user_key(user))
