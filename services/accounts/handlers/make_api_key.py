"""An owner makes a key for a program of the organisation: told once, kept hashed (W-60)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.keys import KEY_PREFIX, ApiKey, MadeKey, MakeKey
from services.accounts.domain.api_keys import may_make
from services.accounts.ordering import order_notice
from services.accounts.store import api_keys, team
from services.accounts.visiting import fresh_secret, hashed

END = 4


class MakeApiKey:
    """POST /organisation/keys."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> MadeKey | Refused:
        """The key itself, this once; or keys-enough."""
        asked: MakeKey = call.body
        organisation = call.actor.organisation
        assert organisation is not None, "the purpose is bound to an organisation"
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            tx.saw_nobody()
            await api_keys.take_turns(tx, organisation)
            allowed = may_make(len(await api_keys.listed(tx)))
            if isinstance(allowed, Refused):
                return allowed
            secret, until = KEY_PREFIX + fresh_secret(), tx.now + timedelta(days=asked.days)
            made = ApiKey(
                id=uuid4(),
                name=asked.name,
                end=secret[-END:],
                scopes=tuple(sorted(asked.scopes)),
                made_at=tx.now,
                expires_at=until,
                last_used_on=None,
            )
            await api_keys.add(tx, organisation, made, hashed(secret))
            for subject, owner in (await team.people_of(tx, organisation)).items():
                if owner:
                    await order_notice(tx, subject, "organisation_key")
        return MadeKey(key=made, secret=secret)
