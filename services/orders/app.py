"""orders, composed: the only place that wires."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.copying import copy_route
from chassis.forgetting import Receipts, forgetting_subscriptions
from chassis.gate import gate_subscriptions, protection_subscription
from chassis.looks import looks_route
from chassis.problems import Problems
from chassis.routes import Route
from chassis.sealing import Seal
from chassis.serve import Service, serve, workplace_of
from chassis.work import Workplace
from chassis.writers import Writers
from contracts.texts import Text
from services.orders.domain.limits import BuyerKeys
from services.orders.domain.provider_key import mode_for
from services.orders.domain.ticket_code import Verify
from services.orders.entrypoints.bus import subscriptions
from services.orders.entrypoints.clock import timers
from services.orders.entrypoints.planning import PlanningDesks, planning_routes
from services.orders.entrypoints.tickets import TicketDesks, ticket_routes
from services.orders.entrypoints.web import Desks, routes
from services.orders.handlers.admit import Admit
from services.orders.handlers.announce_attendees import AnnounceAttendees
from services.orders.handlers.catalogue import Catalogue, catalogue
from services.orders.handlers.claim_places import ClaimPlaces
from services.orders.handlers.contest_limit import ContestLimit
from services.orders.handlers.draw_halls import DrawHalls
from services.orders.handlers.end_holds import EndHolds
from services.orders.handlers.extend_hold import ExtendHold
from services.orders.handlers.find_orders import FindOrdersOf
from services.orders.handlers.find_subject import FindSubject
from services.orders.handlers.follow_money import FollowMoney
from services.orders.handlers.forget_after_event import ForgetAfterEvent
from services.orders.handlers.give_back import GiveBack
from services.orders.handlers.hear_mollie import HearMollie
from services.orders.handlers.hear_neighbours import HearNeighbours
from services.orders.handlers.hold_again import HoldPlacesAgain
from services.orders.handlers.hold_places import HoldPlaces
from services.orders.handlers.inside import Inside
from services.orders.handlers.issue_invoice import Invoices
from services.orders.handlers.issue_tickets import Printer
from services.orders.handlers.name_holders import NameTicketHolders
from services.orders.handlers.pay_again import PayAgain
from services.orders.handlers.place_order import PlaceOrder, ShopFacts, new_payment
from services.orders.handlers.plan_brands import PlanBrands
from services.orders.handlers.plan_events import PlanEvents
from services.orders.handlers.plan_programme import PlanProgramme
from services.orders.handlers.plan_refunds import PlanRefunds
from services.orders.handlers.plan_sale import PlanSale
from services.orders.handlers.plan_vouchers import PlanVouchers
from services.orders.handlers.release_hold import ReleaseHold
from services.orders.handlers.sell_at_counter import SellAtCounter
from services.orders.handlers.send_again import SendAgain
from services.orders.handlers.settle_payment import SettlePayment
from services.orders.handlers.show_hold import ShowHold
from services.orders.handlers.show_keys import ShowKeys
from services.orders.handlers.show_methods import ShowMethods
from services.orders.handlers.show_order import ShowOrders
from services.orders.handlers.show_season import ShowSeason
from services.orders.handlers.show_sums import ShowSums
from services.orders.handlers.take_orders import Checked, Outcome, TakeOrders
from services.orders.handlers.take_payment import Cashier
from services.orders.handlers.take_places import PlaceWish, Taken, TakePlaces, kind_of
from services.orders.providers.mollie import Mollie
from services.orders.settings import OrdersSettings
from services.orders.signing import as_key_set, known_keys, signer_from, verifier_of
from services.orders.store import holders, limits
from services.orders.vat_numbers import read_vat_number

HERE = Path(__file__).parent
NAME = "orders"


@dataclass(frozen=True)
class _Sale:
    """What the doors of a sale have in common."""

    printer: Printer
    shown: Catalogue
    provider: Mollie
    inside: Inside
    attendees: AnnounceAttendees
    cashier: Cashier
    follow: FollowMoney
    methods: ShowMethods
    writers: Writers[UUID, PlaceWish, Taken]


def compose(settings: OrdersSettings, clock: Clock) -> Service:
    """Everything wired, nothing started."""
    charter = Charter.read(HERE / "charter.toml")
    work = workplace_of(settings, charter, clock)
    seal = Seal.read(settings.secret_path("sealing.key"))
    sale = _sale(settings, work, clock)
    forgetting = forgetting_subscriptions(
        work, charter, Receipts.of(NAME), clock, seal, production=settings.environment == "production"
    )
    refunds = GiveBack(work, clock, sale.provider, sale.follow, sale.printer.currency)
    forget = [ForgetAfterEvent(work, clock, one) for one in (limits.forget, holders.forget)]
    return Service(
        name=NAME,
        charter=charter,
        workplace=work,
        routes=(*_doors(settings, work, sale), copy_route(work, seal), looks_route(work)),
        problems=Problems.load(HERE / "problems.toml"),
        subscriptions=(
            *subscriptions(HearNeighbours(work, sale.attendees)),
            *gate_subscriptions(work),
            protection_subscription(work),
            *forgetting,
        ),
        timers=timers(settings, work, EndHolds(work, clock), sale.cashier, refunds, sale.attendees, *forget),
        on_stop=(sale.writers.close, sale.cashier.close, sale.provider.close),
    )


def _sale(settings: OrdersSettings, work: Workplace, clock: Clock) -> _Sale:
    signer = signer_from(settings.secret_path("signing.pem"))
    printer = Printer(signer, _of_house(settings.house, "currency"))
    provider = _mollie(settings)
    attendees = AnnounceAttendees(work)
    moment = timedelta(seconds=settings.catalogue_seconds)
    shown, inside = catalogue(work, clock, moment), Inside(work, clock, moment)
    settle = SettlePayment(work, printer, shown, attendees.of_order)
    follow = FollowMoney(work, printer.currency)
    methods = ShowMethods(
        provider, clock, mode_for(settings.secret("mollie"), production=settings.environment == "production")
    )
    cashier = Cashier(work, clock, provider, settle, follow, settings.payment_times)
    release = ReleaseHold(work)
    writers: Writers[UUID, PlaceWish, Taken] = Writers(
        TakePlaces(work, printer, _refunds(settings.house)).commit, release.unwanted, kind_of
    )
    return _Sale(printer, shown, provider, inside, attendees, cashier, follow, methods, writers)


def _doors(settings: OrdersSettings, work: Workplace, sale: _Sale) -> tuple[Route, ...]:
    keys = known_keys(settings.secret_path("tickets"))
    after = TicketDesks(
        SendAgain(work, sale.printer),
        FindOrdersOf(work, sale.shown),
        FindSubject(work),
        ShowKeys(as_key_set(keys)),
        Invoices(work, read_vat_number, sale.printer.currency),
        NameTicketHolders(work),
    )
    return (
        *routes(_desks(settings, work, sale, verifier_of(keys))),
        *ticket_routes(after),
        *planning_routes(_planning(settings.house, work)),
    )


def _desks(settings: OrdersSettings, work: Workplace, sale: _Sale, verify: Verify) -> Desks:
    printer, cashier, writers = sale.printer, sale.cashier, sale.writers
    shop = ShopFacts(settings.public_url, settings.webhook, printer.currency, settings.payment_times)
    first = partial(new_payment, shop)
    checkouts: Writers[None, Checked, Outcome] = Writers(TakeOrders(work, shop.times, first).commit)
    buyers = BuyerKeys(settings.secret("buyers.key").encode())
    claim, contest = ClaimPlaces(work, buyers), ContestLimit(work, buyers)
    refunds = _refunds(settings.house)
    show, show_hold = ShowOrders(work, printer, sale.shown), ShowHold(work, printer.currency, refunds)
    return Desks(
        season=ShowSeason(work, refunds),
        hold=HoldPlaces(writers, show_hold),
        show_hold=show_hold,
        release=ReleaseHold(work),
        extend=ExtendHold(work, show_hold),
        again=HoldPlacesAgain(work, writers, show_hold),
        contest=contest,
        place=PlaceOrder(shop, checkouts, claim, cashier, show),
        pay_again=PayAgain(work, shop, cashier, show),
        show=show,
        mollie=HearMollie(cashier),
        methods=sale.methods,
        counter=SellAtCounter(work, writers, show),
        door=Admit(work, verify, sale.shown, sale.inside),
        sums=ShowSums(work),
        find=FindSubject(work),
    )


def _planning(house: Path, work: Workplace) -> PlanningDesks:
    zone = _of_house(house, "time_zone")
    return PlanningDesks(
        PlanProgramme(work),
        DrawHalls(work, zone),
        PlanEvents(work, zone),
        PlanSale(work),
        PlanVouchers(work),
        PlanBrands(work),
        PlanRefunds(work, _refunds(house)),
    )


def _mollie(settings: OrdersSettings) -> Mollie:
    return Mollie(
        settings.mollie_endpoint,
        settings.secret("mollie"),
        settings.mollie_connect_seconds,
        settings.mollie_read_seconds,
        settings.mollie_at_once,
    )


def _refunds(house: Path) -> Text:
    """When this house gives money back: its own terms, for organisations without others (F-17)."""
    return Text.model_validate(tomllib.loads(house.read_text(encoding="utf-8"))["refunds"]["policy"])


def _of_house(house: Path, fact: str) -> str:
    """A fact of this house, such as the currency in which it sells."""
    return str(tomllib.loads(house.read_text(encoding="utf-8"))["house"][fact])


if __name__ == "__main__":
    serve(compose)
