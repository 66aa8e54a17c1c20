"""The door for events."""

from types import ModuleType

from chassis.gathering import Listener
from chassis.heard import Subscription
from chassis.work import Workplace
from contracts.accounts import receipts as accounts
from contracts.accounts.events import ObjectionRaisedV1
from contracts.answers import AnonymisationCarriedOut
from contracts.gateway import receipts as gateway
from contracts.notify import receipts as notify
from contracts.notify.events import MessageSentV1
from contracts.orders import receipts as orders
from contracts.orders.events import (
    DecisionAutomatedV1,
    DecisionContestedV1,
)
from contracts.retention import receipts as retention
from contracts.sharing import receipts as sharing
from contracts.sharing.events import RecallAcknowledgedV1, RecallOverdueV1
from services.retention.handlers.note_activity import KINDS, Active, note_activity
from services.retention.handlers.note_told import NoteTold
from services.retention.handlers.open_objection import OpenObjection
from services.retention.handlers.take_contest import TakeContest
from services.retention.handlers.take_copy import TakeCopyPart
from services.retention.handlers.take_decision import TakeDecision
from services.retention.handlers.take_erasure import Erasures, TakeErasureReceipt, TakeRecipientAnswer
from services.retention.handlers.take_sweep import TakeSweepReceipt, take_anonymisations

EVERY_SERVICE: tuple[ModuleType, ...] = (accounts, orders, notify, sharing, retention, gateway)


def subscriptions(work: Workplace, erasures: Erasures, promised_days: int) -> tuple[Subscription, ...]:
    """What retention hears beside the orders that it carries out itself."""
    return (
        *_activity(work),
        *_cases(work, erasures),
        *_sweeps(work),
        Subscription(ObjectionRaisedV1, "rights", OpenObjection(work, promised_days)),
        Subscription(DecisionAutomatedV1, "rights", TakeDecision(work)),
        Subscription(DecisionContestedV1, "rights", TakeContest(work, promised_days)),
        Subscription(MessageSentV1, "rights", NoteTold(work)),
    )


def _activity(work: Workplace) -> tuple[Subscription, ...]:
    note: Listener[Active] = Listener(work, "storage_limitation", note_activity)
    return tuple(note.hears(event) for event in KINDS)


def _cases(work: Workplace, erasures: Erasures) -> tuple[Subscription, ...]:
    erased, copied = TakeErasureReceipt(work, erasures), TakeCopyPart(work)
    answered = TakeRecipientAnswer(work, erasures)
    return (
        *(Subscription(said.ErasureCarriedOutV1, "rights", erased) for said in EVERY_SERVICE),
        *(Subscription(said.CopyReadyV1, "rights", copied) for said in EVERY_SERVICE),
        Subscription(RecallAcknowledgedV1, "rights", answered),
        Subscription(RecallOverdueV1, "rights", answered),
    )


def _sweeps(work: Workplace) -> tuple[Subscription, ...]:
    anonymised: Listener[AnonymisationCarriedOut] = Listener(work, "storage_limitation", take_anonymisations)
    swept = TakeSweepReceipt(work)
    return (
        *(anonymised.hears(said.AnonymisationCarriedOutV1) for said in EVERY_SERVICE),
        *(Subscription(said.SweepCarriedOutV1, "storage_limitation", swept) for said in EVERY_SERVICE),
    )
