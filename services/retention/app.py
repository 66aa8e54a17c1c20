"""retention, composed: the only place that wires."""

from pathlib import Path

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.copying import copy_route
from chassis.forgetting import Receipts, forgetting_subscriptions
from chassis.gate import gate_subscriptions
from chassis.heard import Subscription
from chassis.looks import looks_route
from chassis.problems import Problems
from chassis.sealing import Seal
from chassis.serve import Service, serve, workplace_of
from chassis.work import Workplace
from services.retention.entrypoints.bus import subscriptions
from services.retention.entrypoints.clock import timers
from services.retention.entrypoints.web import case_routes, decision_routes, sweep_routes
from services.retention.handlers.note_erased import NoteErased
from services.retention.handlers.open_case import Pace
from services.retention.handlers.order_sweep import OrderSweep
from services.retention.handlers.take_claim import take_claim
from services.retention.handlers.take_erasure import Erasures
from services.retention.settings import RetentionSettings

HERE = Path(__file__).parent
NAME = "retention"


def compose(settings: RetentionSettings, clock: Clock) -> Service:
    """Everything wired, nothing started."""
    charter = charter_of_retention()
    work = workplace_of(settings, charter, clock)
    seal = Seal.read(settings.secret_path("sealing.key"))
    pace = Pace(settings.first_repeat, settings.last_repeat)
    return Service(
        name=NAME,
        charter=charter,
        workplace=work,
        routes=(
            *case_routes(work, settings.answer_within_days(), pace),
            *decision_routes(work, settings.lift_notice),
            *sweep_routes(work, sweep_order(work, charter, settings)),
            copy_route(work, seal),
            looks_route(work),
        ),
        problems=Problems.load(HERE / "problems.toml"),
        subscriptions=(
            *subscriptions(work, Erasures(settings.erasure_ledger, pace), settings.answer_within_days()),
            *gate_subscriptions(work),
            *_forgetting(settings, work, charter, clock, seal),
        ),
        timers=timers(work, clock, charter, pace, settings),
    )


def _forgetting(
    settings: RetentionSettings, work: Workplace, charter: Charter, clock: Clock, seal: Seal
) -> list[Subscription]:
    """What retention carries out itself of what it orders, and what it does when a guest is kept."""
    return forgetting_subscriptions(
        work,
        charter,
        Receipts.of(NAME),
        clock,
        seal,
        NoteErased(settings.erasure_ledger),
        on_claim=take_claim,
        production=not settings.future_is_real,
    )


def charter_of_retention() -> Charter:
    """The charter of this service."""
    return Charter.read(HERE / "charter.toml")


def sweep_order(work: Workplace, charter: Charter, settings: RetentionSettings) -> OrderSweep:
    """The one handler of sweeps, for the desk and for the command line."""
    pace = Pace(settings.first_repeat, settings.last_repeat)
    return OrderSweep(work, charter.keep["while_active"].term, settings.future_is_real, pace)


if __name__ == "__main__":
    serve(compose)
