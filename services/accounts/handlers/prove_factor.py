"""A code of an app or a recovery code is checked, and counted like a password is: nobody guesses for long."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.decision import Accepted, Refused
from chassis.sealing import Keyring
from chassis.work import Work, Workplace
from contracts.accounts.api import Origin
from contracts.actors import Actor
from services.accounts.codes import fresh_step
from services.accounts.domain.factors import App, bare, is_app_code
from services.accounts.handlers.guard_log_in import Guard, Try
from services.accounts.ordering import order_notice
from services.accounts.store import factors, sessions

WRONG = Refused("code-wrong")
Method = Literal["totp", "recovery"]


@dataclass(frozen=True, slots=True)
class ProvedFactor:
    """By what somebody proved themselves, and the try that it was."""

    method: Method
    tried: Try


def place_of(subject: UUID) -> str:
    """What the sealed secret of a person's app is bound to."""
    return f"totp/{subject}"


class ProveFactor:
    """Checks a code of a person. Each code works once, of an app and to recover."""

    def __init__(self, work: Workplace, guard: Guard, keys: Keyring) -> None:
        self._work = work
        self._guard = guard
        self._keys = keys

    async def __call__(
        self, actor: Actor, subject: UUID, typed: str, origin: Origin
    ) -> Accepted[ProvedFactor] | Refused:
        """By what the code proves the person; or code-wrong, too-many-attempts."""
        key = await sessions.key_of(self._work.once("account", actor), subject)
        tried = await self._guard.begin(actor, f"code\0{key}", subject, origin)
        if isinstance(tried, Refused):
            return tried
        async with self._work("account", actor) as tx:
            method = await self._used(tx, subject, bare(typed))
        if method is None:
            await self._guard.failed(actor, tried, subject)
            return WRONG
        async with self._work("security", actor) as tx:
            await self._guard.passed(tx, tried)
        return Accepted(ProvedFactor(method, tried))

    def recovery_hash(self, subject: UUID, code: str) -> bytes:
        """How a recovery code is stored: keyed, and bound to its person."""
        return self._guard.mark_of(f"recovery\0{subject}\0{bare(code)}")

    async def _used(self, tx: Work, subject: UUID, code: str) -> Method | None:
        if is_app_code(code):
            return "totp" if await self._app_code(tx, subject, code) else None
        if not await factors.use_code(tx, subject, self.recovery_hash(subject, code)):
            return None
        await order_notice(tx, subject, "recovery_used")
        return "recovery"

    async def _app_code(self, tx: Work, subject: UUID, code: str) -> bool:
        for row in await factors.apps(tx, subject):
            secret = self._keys.open(row.key_id, row.sealed, place_of(subject)).decode()
            step = fresh_step(App(row.id, secret, row.last_step), code, tx.now)
            if step is not None:
                return await factors.use_step(tx, row.id, step)
        return False
