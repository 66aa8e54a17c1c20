"""accounts, composed: the only place that wires."""

import base64
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.copying import copy_route
from chassis.countries import known_countries
from chassis.forgetting import Receipts, forgetting_subscriptions
from chassis.gate import gate_subscriptions, protection_subscription
from chassis.heard import Subscription
from chassis.looks import looks_route
from chassis.problems import Problems
from chassis.purposes import known_purposes
from chassis.routes import Route
from chassis.sealing import Keyring, Seal
from chassis.serve import Service, serve, workplace_of
from chassis.tokens import Issuer, LinkReader, read_keys
from chassis.work import Workplace
from contracts.accounts.events import SubjectMergedV1
from services.accounts.choosing import rules_of
from services.accounts.domain.choices import Rules
from services.accounts.entrypoints.account import account_routes, answering
from services.accounts.entrypoints.api_keys import key_routes
from services.accounts.entrypoints.bus import subscriptions
from services.accounts.entrypoints.clock import ByItself, timers
from services.accounts.entrypoints.colleagues import colleague_routes
from services.accounts.entrypoints.factors import factor_routes
from services.accounts.entrypoints.organisations import organisation_routes
from services.accounts.entrypoints.shielding import shielding_routes
from services.accounts.entrypoints.team import team_routes
from services.accounts.entrypoints.web import choice_routes, person_routes
from services.accounts.entrypoints.wishes import wish_routes
from services.accounts.handlers.end_young_consents import EndYoungConsents
from services.accounts.handlers.expire_consents import ExpireConsents
from services.accounts.handlers.guard_log_in import Guard, Pace
from services.accounts.handlers.reseal_factors import ResealFactors
from services.accounts.handlers.show_receipts import ShowReceipts
from services.accounts.lobby import Lobby
from services.accounts.passkeys import RelyingParty
from services.accounts.passwords import Passwords
from services.accounts.receipts import ReceiptIssuer
from services.accounts.settings import AccountsSettings
from services.accounts.wish_links import WishLinks

HERE = Path(__file__).parent
NAME = "accounts"


def compose(settings: AccountsSettings, clock: Clock) -> Service:
    """Everything wired, nothing started."""
    charter = Charter.read(HERE / "charter.toml")
    work = workplace_of(settings, charter, clock)
    seal = Seal.read(settings.secret_path("sealing.key"))
    lobby = _lobby(settings, clock, work)
    house = tomllib.loads(settings.house.read_text(encoding="utf-8"))
    rules = rules_of(known_purposes().values(), known_countries()[house["house"]["country"]])
    return Service(
        name=NAME,
        charter=charter,
        workplace=work,
        routes=(
            *_doors(lobby),
            *_people(work),
            *choice_routes(work, rules, _proof(settings, work, charter, house)),
            *wish_routes(work, WishLinks(_key(settings))),
            copy_route(work, seal),
            looks_route(work),
        ),
        problems=Problems.load(HERE / "problems.toml"),
        subscriptions=(*subscriptions(work, rules), *_ordered(settings, work, charter, clock, seal)),
        timers=timers(work, clock, charter, _by_itself(lobby, rules)),
        on_stop=(lobby.passwords.close,),
    )


def _doors(lobby: Lobby) -> tuple[Route, ...]:
    work = lobby.work
    here = (*account_routes(lobby), *factor_routes(lobby), *team_routes(work))
    return *here, *organisation_routes(work), *colleague_routes(work), *key_routes(work)


def _people(work: Workplace) -> tuple[Route, ...]:
    return (*person_routes(work), *shielding_routes(work))


def _ordered(
    settings: AccountsSettings, work: Workplace, charter: Charter, clock: Clock, seal: Seal
) -> list[Subscription]:
    """Gates and forgetting. Whose a guest is stands here first: what is heard of it is about choices."""
    ordered = forgetting_subscriptions(
        work, charter, Receipts.of(NAME), clock, seal, production=settings.environment == "production"
    )
    gates = (*gate_subscriptions(work), protection_subscription(work))
    return [*gates, *(one for one in ordered if one.event is not SubjectMergedV1)]


def _proof(
    settings: AccountsSettings, work: Workplace, charter: Charter, house: Mapping[str, Any]
) -> ShowReceipts:
    issuer = ReceiptIssuer(house, settings.public_url + "/my-choices")
    return ShowReceipts(work, issuer, charter.keep["choice"].term)


def _by_itself(lobby: Lobby, rules: Rules) -> ByItself:
    work = lobby.work
    return ByItself(
        answering(lobby),
        ExpireConsents(work, rules),
        EndYoungConsents(work, rules),
        ResealFactors(work, lobby.keys),
    )


def _lobby(settings: AccountsSettings, clock: Clock, work: Workplace) -> Lobby:
    window = settings.login_window
    pace = Pace(settings.login_failures, settings.address_failures, window, _key(settings))
    house = tomllib.loads(settings.house.read_text(encoding="utf-8"))["house"]
    return Lobby(
        work=work,
        clock=clock,
        passwords=Passwords(settings.password_queue),
        guard=Guard(work, pace),
        issuer=Issuer(settings.secret_path("signing.pem").read_bytes(), NAME),
        links=LinkReader(read_keys(settings.secrets / "keys")),
        keys=Keyring.read(settings.secret_path("factors")),
        house=RelyingParty.of(settings.public_url, house["name"], settings.relying_party),
        terms=settings,
        words=(house["name"], house["town"]),
    )


def _key(settings: AccountsSettings) -> bytes:
    """What keyed hashes of this service are made with."""
    return base64.b64decode(settings.secret("sealing.key"), validate=True)


if __name__ == "__main__":
    serve(compose)
