"""Before something dangerous somebody proves anew who they are (G-71): it freshens this session alone."""

from chassis.decision import Accepted, Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.factors import Prove, Proved
from services.accounts.handlers.prove_factor import ProveFactor
from services.accounts.handlers.prove_passkey import REFUSED, ProvePasskey
from services.accounts.handlers.prove_password import ProvePassword
from services.accounts.store import factors, sessions
from services.accounts.store.sessions import Own
from services.accounts.visiting import hashed


class StepUp:
    """POST /account/proof."""

    def __init__(
        self, work: Workplace, password: ProvePassword, factor: ProveFactor, passkey: ProvePasskey
    ) -> None:
        self._work = work
        self._passkey = passkey
        self._password = password
        self._factor = factor

    async def __call__(self, call: Call) -> Proved | Refused:
        """Since when the session is fresh; or session-ended, factor-needed, code-wrong, passkey-refused,
        password-wrong, challenge-over, too-many-attempts, log-in-busy."""
        asked: Prove = call.body
        async with self._work("account", call.actor) as tx:
            own = await sessions.own(tx, hashed(asked.secret), tx.now)
            methods = () if own is None else await factors.methods(tx, own.subject)
        if own is None:
            return Refused("session-ended")
        refused = await self._refused(call, asked, own, methods)
        if refused is not None:
            return refused
        async with self._work("account", call.actor) as tx:
            await sessions.proved(tx, own.session, tx.now)
        return Proved(proved_at=tx.now)

    async def _refused(self, call: Call, asked: Prove, own: Own, methods: tuple[str, ...]) -> Refused | None:
        if asked.code is not None:
            code = asked.code.get_secret_value()
            return _refusal(await self._factor(call.actor, own.subject, code, asked.origin))
        if asked.passkey is not None:
            signer = await self._passkey(call.actor, asked.passkey)
            # Somebody else's passkey is right, and proves nothing here.
            return _refusal(signer) or (None if signer == Accepted(own.subject) else REFUSED)
        # A password is enough for who has nothing else, and for nobody else: what is stronger stays needed.
        if asked.password is None or {"totp", "passkey"} & set(methods):
            return Refused("factor-needed", {"methods": " ".join(methods)})
        return _refusal(await self._password(call, asked.secret, asked.password.get_secret_value()))


def _refusal(outcome: object) -> Refused | None:
    return outcome if isinstance(outcome, Refused) else None
