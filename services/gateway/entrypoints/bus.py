"""What the gateway hears: it takes part in forgetting and copies like every service."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.charter import Charter
from chassis.forgetting import Receipts, forgetting_subscriptions
from chassis.gate import gate_subscriptions
from chassis.heard import Subscription
from contracts.accounts.events import SessionEndedV1
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.forget_login import ForgetLogin


def subscriptions(desk: Desk, charter: Charter, environment: str) -> Sequence[Subscription]:
    """Gate, ended log-ins, erasure, anonymisation, sweep and copy."""
    return [
        *gate_subscriptions(desk.work),
        Subscription(SessionEndedV1, "security", ForgetLogin(desk.work)),
        *forgetting_subscriptions(
            desk.work,
            charter,
            Receipts.of(charter.service),
            desk.clock,
            desk.seal,
            production=environment == "production",
        ),
    ]
