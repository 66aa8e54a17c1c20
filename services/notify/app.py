"""notify, composed: the only place that wires."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

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
from chassis.tokens import LinkSigner
from chassis.work import Workplace
from contracts.retention.events import ErasureTellingV1
from services.notify.account_letters import AccountComposer
from services.notify.apple_wallet import PassSigner
from services.notify.compose import Composer, Links
from services.notify.entrypoints.bus import subscriptions
from services.notify.entrypoints.clock import Postmen, timers
from services.notify.entrypoints.web import paper_route, routes, wallet_routes
from services.notify.google_wallet import GoogleWallet, is_offered
from services.notify.handlers.print_invoice import PrintInvoice
from services.notify.handlers.send_account_letters import SendAccountLetters
from services.notify.handlers.send_messages import SendMessages
from services.notify.handlers.send_notices import SendNotices
from services.notify.handlers.send_reminders import SendReminders
from services.notify.handlers.send_reviews import SendReviews
from services.notify.handlers.show_passes import ShowPasses
from services.notify.handlers.show_wallet_links import ShowWalletLinks
from services.notify.handlers.tell_of_erasure import Forget, SendLastLetters, TellOfErasure
from services.notify.paper import Press
from services.notify.post import SmtpPost
from services.notify.postman import Kind, L, Postman
from services.notify.reminder_letters import ReminderComposer
from services.notify.settings import NotifySettings
from services.notify.store.account_letters import POSTMAN as ACCOUNT_POSTMAN
from services.notify.store.messages import LAST_POSTMAN, POSTMAN
from services.notify.store.notices import POSTMAN as NOTICE_POSTMAN
from services.notify.store.reminders import POSTMAN as REMINDER_POSTMAN
from services.notify.store.review_letters import POSTMAN as REVIEW_POSTMAN
from services.notify.workroom import Workroom

HERE = Path(__file__).parent
NAME = "notify"


def compose(settings: NotifySettings, clock: Clock) -> Service:
    """Everything wired, nothing started."""
    charter = Charter.read(HERE / "charter.toml")
    work, seal = workplace_of(settings, charter, clock), Seal.read(settings.secret_path("sealing.key"))
    house: Mapping[str, Any] = tomllib.loads(settings.house.read_text(encoding="utf-8"))
    signer = LinkSigner(settings.secret_path("signing.pem").read_bytes())
    workroom, links = Workroom(), Links(signer, settings.public_url, settings.link_days)
    composer = Composer(house, links, workroom, press := Press())
    post, forget = SmtpPost(settings, lambda: settings.secret("smtp")), Forget(charter)
    compose_account = AccountComposer(house, signer, settings.public_url, workroom)
    makers = composer, compose_account, ReminderComposer(house, links, workroom)
    postmen = _postmen(work, makers, (post, clock, settings.lease), forget)
    wallets = wallet_routes(*_wallets(settings, work, house, clock, workroom))
    papers = *wallets, paper_route(PrintInvoice(house, workroom, press))
    return Service(
        name=NAME,
        charter=charter,
        workplace=work,
        routes=(*routes(work, composer), *papers, copy_route(work, seal), looks_route(work)),
        problems=Problems.load(HERE / "problems.toml"),
        subscriptions=(
            *subscriptions(work, TellOfErasure(work, forget)),
            *gate_subscriptions(work),
            *_ordered(settings, work, charter, clock, seal),
        ),
        timers=timers(work, postmen),
        on_stop=(post.close,),
    )


def _postmen(
    work: Workplace,
    makers: tuple[Composer, AccountComposer, ReminderComposer],
    means: tuple[SmtpPost, Clock, timedelta],
    forget: Forget,
) -> Postmen:
    """Who sends: each kind of letter has a purpose and a timer of its own."""
    (composer, compose_account, compose_reminder), (post, clock, lease) = makers, means

    def postman(kind: Kind[L]) -> Postman[L]:
        return Postman(work, kind, post, clock)

    return {
        POSTMAN: postman(SendMessages(composer, lease)),
        LAST_POSTMAN: SendLastLetters(work, composer, post, clock, forget, lease),
        ACCOUNT_POSTMAN: postman(SendAccountLetters(compose_account, lease)),
        NOTICE_POSTMAN: postman(SendNotices(composer, lease)),
        REVIEW_POSTMAN: postman(SendReviews(composer.review, lease)),
        REMINDER_POSTMAN: postman(SendReminders(compose_reminder, lease)),
    }


def _wallets(
    settings: NotifySettings, work: Workplace, house: Mapping[str, Any], clock: Clock, workroom: Workroom
) -> tuple[ShowPasses, ShowWalletLinks]:
    """Wallets as this house offers them; no production starts that would sign with a test certificate."""
    signer = wallet = None
    if house["wallet"]["apple"]:
        signer = PassSigner.read(settings.secret_path("wallet"))
        if signer.is_test and settings.environment == "production":
            raise ValueError("house.toml offers Apple Wallet, and notify has a test certificate for it")
    if is_offered(house):
        wallet = GoogleWallet.read(settings.secret_path("wallet/google.json"), house)
    return ShowPasses(work, house, workroom, signer), ShowWalletLinks(work, clock, wallet)


def _ordered(
    settings: NotifySettings, work: Workplace, charter: Charter, clock: Clock, seal: Seal
) -> list[Subscription]:
    """What retention orders of every service, without the erasure: here a letter comes before it."""
    ordered = forgetting_subscriptions(
        work,
        charter,
        Receipts.of(NAME),
        clock,
        seal,
        erasure_event=ErasureTellingV1,
        production=settings.environment == "production",
    )
    return [one for one in ordered if one.event is not ErasureTellingV1]


if __name__ == "__main__":
    serve(compose)
