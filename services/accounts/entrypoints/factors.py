"""The door of second factors: the second step of a log-in, a proof anew, and what proves somebody."""

from chassis.routes import Route
from contracts.accounts import api, factors
from services.accounts.entrypoints.account import GUARDED, open_route
from services.accounts.handlers.add_app import AddNewApp
from services.accounts.handlers.add_passkey import AddNewPasskey
from services.accounts.handlers.answer_challenge import AnswerLogIn
from services.accounts.handlers.ask_for_passkey import AskForPasskey
from services.accounts.handlers.enter_by_passkey import EnterWithPasskey
from services.accounts.handlers.offer_app import OfferApp
from services.accounts.handlers.offer_passkey import OfferPasskey
from services.accounts.handlers.prove_factor import ProveFactor
from services.accounts.handlers.prove_passkey import ProvePasskey
from services.accounts.handlers.prove_password import ProvePassword
from services.accounts.handlers.remove_factor import RemoveOneFactor
from services.accounts.handlers.renew_recovery_codes import RenewRecoveryCodes
from services.accounts.handlers.step_up import StepUp
from services.accounts.handlers.welcome_factor import WelcomeFactor
from services.accounts.lobby import Lobby


def factor_routes(lobby: Lobby) -> tuple[Route, ...]:
    """Whatever has to do with a second factor."""
    prove, passkey = ProveFactor(lobby.work, lobby.guard, lobby.keys), ProvePasskey(lobby.work, lobby.house)
    welcome = WelcomeFactor(prove, lobby.terms.session_lengths, lobby.terms.fresh_for)
    return (
        *_proving(lobby, prove, passkey),
        *_changing(lobby, welcome),
        *_entering_by_passkey(lobby, passkey),
        *_adding_passkeys(lobby, welcome),
    )


def _proving(lobby: Lobby, prove: ProveFactor, passkey: ProvePasskey) -> tuple[Route, ...]:
    work, clock = lobby.work, lobby.clock
    answer = AnswerLogIn(work, prove, lobby.terms.session_lengths, clock)
    password = ProvePassword(work, lobby.passwords, lobby.guard, clock)
    again, code, session = StepUp(work, password, prove, passkey), factors.AnswerChallenge, api.Session
    return (
        open_route("POST /sessions/factor", answer, "The second step.", code, session, 201, also=GUARDED),
        open_route(
            "POST /account/proof", again, "Prove it anew.", factors.Prove, factors.Proved, also=GUARDED
        ),
    )


def _changing(lobby: Lobby, welcome: WelcomeFactor) -> tuple[Route, ...]:
    work = lobby.work
    offer = OfferApp(work, lobby.keys, lobby.words[0], welcome)
    add = AddNewApp(work, lobby.keys, lobby.guard, welcome)
    remove, codes = RemoveOneFactor(work, welcome), RenewRecoveryCodes(work, welcome)
    path, gone, told = "POST /account/factors/removal", factors.RemoveFactor, factors.RecoveryCodes
    return (
        open_route("POST /account/apps/offer", offer, "A secret for an app.", api.Mine, factors.AppOffer),
        open_route(
            "POST /account/apps", add, "Add an app.", factors.AddApp, factors.FactorAdded, 201, also=GUARDED
        ),
        open_route(path, remove, "Take a factor away.", gone, status=204),
        open_route("POST /account/recovery-codes", codes, "New codes.", api.Mine, told, 201, also=GUARDED),
    )


def _entering_by_passkey(lobby: Lobby, prove: ProvePasskey) -> tuple[Route, ...]:
    work, lengths = lobby.work, lobby.terms.session_lengths
    ask = AskForPasskey(work, lobby.guard, lobby.house)
    enter = EnterWithPasskey(work, lobby.guard, prove, lengths)
    wish, answer, challenge, session = (
        factors.AskPasskey,
        factors.EnterByPasskey,
        factors.PasskeyChallenge,
        api.Session,
    )
    return (
        open_route("POST /passkeys/challenge", ask, "What to sign.", wish, challenge, also=GUARDED),
        open_route("POST /sessions/passkey", enter, "Log in by it.", answer, session, 201, also=GUARDED),
    )


def _adding_passkeys(lobby: Lobby, welcome: WelcomeFactor) -> tuple[Route, ...]:
    offer = OfferPasskey(lobby.work, lobby.house, welcome)
    add, wish, told = AddNewPasskey(lobby.work, lobby.house, welcome), factors.AddPasskey, factors.FactorAdded
    path, challenge = "POST /account/passkeys/offer", factors.PasskeyChallenge
    return (
        open_route(path, offer, "What makes a passkey.", api.Mine, challenge),
        open_route("POST /account/passkeys", add, "Add a passkey.", wish, told, 201, also=GUARDED),
    )
