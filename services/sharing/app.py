"""sharing, composed: the only place that wires."""

from __future__ import annotations

from pathlib import Path

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.copying import copy_route
from chassis.forgetting import Receipts, forgetting_subscriptions
from chassis.gate import gate_subscriptions, protection_subscription
from chassis.looks import looks_route
from chassis.problems import Problems
from chassis.sealing import Keyring, Seal
from chassis.serve import Service, serve, workplace_of
from services.sharing.entrypoints.bus import subscriptions
from services.sharing.entrypoints.clock import timers
from services.sharing.entrypoints.web import routes
from services.sharing.handlers.deliver import Deliver
from services.sharing.handlers.keep_secrets import KeepSecrets
from services.sharing.handlers.order_recalls import OrderRecalls
from services.sharing.handlers.recall_shielded import RecallShielded
from services.sharing.handlers.tell_objection import tell_objection
from services.sharing.handlers.tell_restriction import tell_restriction
from services.sharing.secret_box import SecretBox
from services.sharing.settings import SharingSettings
from services.sharing.store.agreements import name_of
from services.sharing.webhooks import HttpRecipients

HERE = Path(__file__).parent
NAME = "sharing"


def compose(settings: SharingSettings, clock: Clock) -> Service:
    """Everything wired, nothing started."""
    charter = Charter.read(HERE / "charter.toml")
    work = workplace_of(settings, charter, clock)
    seal = Seal.read(settings.secret_path("sealing.key"))
    recipients = HttpRecipients(settings.webhook_seconds, plain_http=settings.plain_http)
    box = SecretBox(Keyring.read(settings.secret_path("webhooks")), seal)
    deliver = Deliver(work, recipients, box, clock, settings.lease)
    recalls, real = OrderRecalls(settings.recall_term, settings.lease), settings.environment == "production"
    answers = Receipts.of(NAME)
    forgetting = forgetting_subscriptions(work, charter, answers, clock, seal, recalls, production=real)
    return Service(
        name=NAME,
        charter=charter,
        workplace=work,
        routes=(*routes(work, box), copy_route(work, seal), looks_route(work, name_of)),
        problems=Problems.load(HERE / "problems.toml"),
        subscriptions=(
            *subscriptions(work),
            *gate_subscriptions(work, also=tell_objection, also_restricted=tell_restriction),
            protection_subscription(work, then=RecallShielded(work, recalls)),
            *forgetting,
        ),
        timers=timers(work, deliver, KeepSecrets(work, box)),
        on_start=(recipients.open,),
        on_stop=(deliver.stop, recipients.close),
    )


if __name__ == "__main__":
    serve(compose)
