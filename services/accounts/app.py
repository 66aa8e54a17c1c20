"""accounts, composed: the only place that wires."""

import base64
from pathlib import Path

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.copying import copy_route
from chassis.forgetting import Receipts, forgetting_subscriptions
from chassis.gate import gate_subscriptions
from chassis.problems import Problems
from chassis.purposes import known_purposes
from chassis.sealing import Seal
from chassis.serve import Service, serve, workplace_of
from chassis.tokens import Issuer
from services.accounts.entrypoints.bus import subscriptions
from services.accounts.entrypoints.clock import timers
from services.accounts.entrypoints.web import person_routes, session_routes
from services.accounts.handlers.start_session import LogInTerms
from services.accounts.passwords import Passwords
from services.accounts.settings import AccountsSettings

HERE = Path(__file__).parent
NAME = "accounts"


def compose(settings: AccountsSettings, clock: Clock) -> Service:
    """Everything wired, nothing started."""
    charter = Charter.read(HERE / "charter.toml")
    work = workplace_of(settings, charter, clock)
    seal = Seal.read(settings.secret_path("sealing.key"))
    passwords = Passwords(settings.password_queue)
    issuer = Issuer(settings.secret_path("signing.pem").read_bytes(), NAME)
    gates = {name: purpose.gate for name, purpose in known_purposes().items()}
    forgetting = forgetting_subscriptions(
        work, charter, Receipts.of(NAME), clock, seal, production=settings.environment == "production"
    )
    return Service(
        name=NAME,
        charter=charter,
        workplace=work,
        routes=(
            *session_routes(work, passwords, _terms(settings), issuer),
            *person_routes(work, gates),
            copy_route(work, seal),
        ),
        problems=Problems.load(HERE / "problems.toml"),
        subscriptions=(*subscriptions(work), *gate_subscriptions(work), *forgetting),
        timers=timers(work, clock, charter),
        on_stop=(passwords.close,),
    )


def _terms(settings: AccountsSettings) -> LogInTerms:
    key = base64.b64decode(settings.secret("sealing.key"), validate=True)
    return LogInTerms(settings.session_length, settings.login_failures, settings.login_window, key)


if __name__ == "__main__":
    serve(compose)
