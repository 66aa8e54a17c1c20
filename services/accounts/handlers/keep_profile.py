"""Somebody adds to their account what they care to add, or empties it again (G-10, W-41).

Nothing outside accounts holds any of it, so a change here has reached everybody who must hear of it.
"""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.profile import Profile
from services.accounts.domain.ages import believable
from services.accounts.handlers.end_young_consents import END_YOUNG_CONSENTS
from services.accounts.store import people, profiles


class KeepProfile:
    """PUT /people/me/profile."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Profile | Refused:
        """The profile as it stands now; or birth-date-impossible, person-unknown."""
        wanted: Profile = call.body
        me = call.actor.id
        async with self._work("account", call.actor) as tx:
            born = believable(wanted.birth_date, tx.now.date())
            if isinstance(born, Refused):
                return born
            if not await tx.remembers(me) or await people.reach(tx, me) is None:
                return Refused("person-unknown")
            await profiles.keep(tx, me, wanted, tx.now)
            if wanted.birth_date is not None:
                tx.ring(END_YOUNG_CONSENTS)
        return wanted
