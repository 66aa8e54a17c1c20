"""An app that makes codes is added: its first code proves that it has the secret of the offer."""

import json
from typing import Any
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.sealing import Keyring, SealBroken
from chassis.work import Work, Workplace
from contracts.accounts.factors import AddApp, FactorAdded
from services.accounts.codes import fresh_step
from services.accounts.domain.factors import App, bare
from services.accounts.handlers.guard_log_in import Guard
from services.accounts.handlers.prove_factor import WRONG, place_of
from services.accounts.handlers.welcome_factor import WelcomeFactor
from services.accounts.store import factors
from services.accounts.store.factors import AppRow
from services.accounts.store.sessions import Own


class AddNewApp:
    """POST /account/apps."""

    def __init__(self, work: Workplace, keys: Keyring, guard: Guard, welcome: WelcomeFactor) -> None:
        self._work = work
        self._keys = keys
        self._guard = guard
        self._welcome = welcome

    async def __call__(self, call: Call) -> FactorAdded | Refused:
        """The app counts from now on; or session-ended, step-up-needed, offer-over, code-wrong,
        too-many-attempts."""
        asked: AddApp = call.body
        async with self._work("account", call.actor) as tx:
            own = await self._welcome.own(tx, asked.secret)
            if isinstance(own, Refused):
                return own
            row = self._app(own, asked, int(tx.now.timestamp()))
            if isinstance(row, Refused):
                return row
            return await self._added(tx, own, row, asked)

    async def _added(self, tx: Work, own: Own, found: App, asked: AddApp) -> FactorAdded | Refused:
        step = fresh_step(found, bare(asked.code.get_secret_value()), tx.now)
        if step is None:
            tried = await self._guard.may_ask(tx.actor, f"new code\0{own.subject}")
            return tried if isinstance(tried, Refused) else WRONG
        id, sealed = self._keys.seal(found.secret.encode(), place_of(own.subject))
        await factors.lock(tx, own.subject)
        first = not {"totp", "passkey"} & set(await factors.methods(tx, own.subject))
        row = AppRow(found.id, own.subject, id, sealed, step)
        if not await factors.add_app(tx, row, asked.name, tx.now):
            return Refused("offer-over")
        return await self._welcome(tx, own, first, "totp")

    def _app(self, own: Own, asked: AddApp, now: int) -> App | Refused:
        id, _, sealed = asked.offer.partition(".")
        try:
            opened = self._keys.open(int(id), bytes.fromhex(sealed), offer_place(own))
        except (ValueError, SealBroken):
            return Refused("offer-over")
        told: dict[str, Any] = json.loads(opened)
        return App(UUID(told["id"]), told["key"], 0) if told["until"] > now else Refused("offer-over")


def offer_place(own: Own) -> str:
    """What a sealed offer is bound to: the session that asked, and its person."""
    return f"offer/{own.session}/{own.subject}"
