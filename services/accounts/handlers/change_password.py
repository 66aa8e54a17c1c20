"""A new password by someone who knows the one that counts now; everyone else is logged out."""

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.accounts.api import ChangePassword
from services.accounts.handlers.choose_password import ChoosePassword
from services.accounts.handlers.prove_owner import ProveOwner
from services.accounts.ordering import order_notice
from services.accounts.store import letters, sessions
from services.accounts.visiting import end_all_but


class ChangeOwnPassword:
    """PUT /account/password."""

    def __init__(self, work: Workplace, prove: ProveOwner, choose: ChoosePassword) -> None:
        self._work = work
        self._prove = prove
        self._choose = choose

    async def __call__(self, call: Call) -> Answer | Refused:
        """204; or step-up-needed, why the password proves nothing, or why the new one is refused."""
        asked: ChangePassword = call.body
        proved = await self._prove(call, asked.secret, asked.current.get_secret_value())
        if isinstance(proved, Refused):
            return proved
        own = proved.value
        password = asked.password.get_secret_value()
        chosen = await self._choose(password, own.role, own.user_key, own.email, own.name)
        if isinstance(chosen, Refused):
            return chosen
        async with self._work("account", call.actor) as tx:
            await sessions.renew_password(tx, own.subject, chosen.value)
            await letters.withdraw(tx, own.subject, ("reset",))
            await end_all_but(tx, own.subject, own.session)
            await order_notice(tx, own.subject, "new_password")
        return Answer(None, status=204)
