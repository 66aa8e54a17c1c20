"""The door for whoever opens, guards or enters an account.

All of it is open: a password, the secret of a session or the token of a letter in the body says who it is.
"""

from chassis.routes import Handle, Route
from contracts.accounts import api
from contracts.accounts.claims import Claimed, ClaimGuest
from contracts.envelope import Model
from services.accounts.handlers.agree_to_email import AgreeToEmail
from services.accounts.handlers.answer_requests import AnswerRequests
from services.accounts.handlers.ask_for_letter import AskForLetter
from services.accounts.handlers.change_email import AskForOtherEmail
from services.accounts.handlers.change_password import ChangeOwnPassword
from services.accounts.handlers.choose_password import ChoosePassword
from services.accounts.handlers.claim_guest import ClaimAGuest
from services.accounts.handlers.end_session import EndOneSession
from services.accounts.handlers.end_sessions import EndOwnSessions
from services.accounts.handlers.give_token import GiveToken
from services.accounts.handlers.judge_password import JudgePassword
from services.accounts.handlers.open_account import OpenAnAccount
from services.accounts.handlers.prove_owner import ProveOwner
from services.accounts.handlers.prove_password import ProvePassword
from services.accounts.handlers.read_letter import Letters, ReadLetter
from services.accounts.handlers.reset_password import ResetPassword
from services.accounts.handlers.show_account import ShowAccount
from services.accounts.handlers.start_session import StartSession
from services.accounts.lobby import Lobby

GUARDED, OWN = ("security",), ("account",)
"""Tries are counted where passwords are; what concerns an account is found by its session or its letter."""


def answering(lobby: Lobby) -> AnswerRequests:
    """What answers requests for letters, by the clock."""
    return AnswerRequests(lobby.work, lobby.guard, lobby.terms.letter_length, lobby.terms.letters_asked)


def account_routes(lobby: Lobby) -> tuple[Route, ...]:
    """Opening an account, logging in and out, and what protects both."""
    claim = ClaimAGuest(lobby.work, lobby.links, lobby.clock)
    return (
        *_sessions(lobby),
        *_asked(lobby),
        *_linked(lobby),
        *_protected(lobby),
        *_shown(lobby),
        open_route(
            "POST /account/guests", claim, "Keep a guest's order.", ClaimGuest, Claimed, of="rights", also=OWN
        ),
    )


def _sessions(lobby: Lobby) -> tuple[Route, ...]:
    work, lengths = lobby.work, lobby.terms.session_lengths
    start = StartSession(work, lobby.passwords, lobby.guard, lengths)
    give = GiveToken(work, lobby.issuer)
    return (
        open_route("POST /sessions", start, "Log in.", api.LogIn, api.Session, 201, also=GUARDED),
        open_route("POST /tokens", give, "A token for one service.", api.TokenRequest, api.Token),
        open_route("DELETE /sessions", EndOneSession(work), "Log out.", api.EndSession, status=204),
    )


def _asked(lobby: Lobby) -> tuple[Route, ...]:
    register, reset = (
        AskForLetter(lobby.work, lobby.guard, "register"),
        AskForLetter(lobby.work, lobby.guard, "reset"),
    )
    body, status = api.AskLetter, 202
    return (
        open_route("POST /registrations", register, "Ask for an account.", body, status=status, also=GUARDED),
        open_route("POST /password-resets", reset, "Ask for a password.", body, status=status, also=GUARDED),
    )


def _linked(lobby: Lobby) -> tuple[Route, ...]:
    work, lengths = lobby.work, lobby.terms.session_lengths
    letters, choose = Letters(work, lobby.links, lobby.clock), ChoosePassword(lobby.passwords, lobby.words)
    opened = OpenAnAccount(work, letters, choose, lengths)
    renewed = ResetPassword(work, letters, choose, lobby.guard, lengths)
    read, agree, session = ReadLetter(letters), AgreeToEmail(work, letters), api.Session
    return (
        open_route("POST /letters", read, "What a letter is for.", api.ReadLetter, api.Letter),
        open_route("POST /accounts", opened, "Open an account.", api.OpenAccount, session, 201, also=GUARDED),
        open_route("POST /passwords", renewed, "New password.", api.NewPassword, session, 201, also=GUARDED),
        open_route("POST /emails", agree, "Agree.", api.ReadLetter, api.EmailChange, of="rights", also=OWN),
    )


def _protected(lobby: Lobby) -> tuple[Route, ...]:
    work, choose = lobby.work, ChoosePassword(lobby.passwords, lobby.words)
    word_of = ProvePassword(work, lobby.passwords, lobby.guard, lobby.clock)
    prove = ProveOwner(work, word_of, lobby.clock, lobby.terms.fresh_for)
    change = ChangeOwnPassword(work, prove, choose)
    other = AskForOtherEmail(work, prove, lobby.terms.letter_length)
    word, address = api.ChangePassword, api.ChangeEmail
    return (
        open_route("PUT /account/password", change, "Change it.", word, status=204, also=GUARDED),
        open_route("POST /account/email", other, "Another address.", address, status=202, also=GUARDED),
    )


def _shown(lobby: Lobby) -> tuple[Route, ...]:
    judge, show = JudgePassword(lobby.words), ShowAccount(lobby.work, lobby.clock)
    end, mine = EndOwnSessions(lobby.work), api.Mine
    return (
        open_route("POST /passwords/strength", judge, "How good a password is.", api.Judge, api.Strength),
        open_route("POST /account", show, "What protects it.", mine, api.Account, of="security", also=OWN),
        open_route("POST /account/sessions", end, "Log out elsewhere.", api.EndSessions, status=204),
    )


def open_route(
    door: str,
    handle: Handle,
    summary: str,
    body: type[Model],
    answer: type[Model] | None = None,
    status: int = 200,
    of: str = "account",
    also: tuple[str, ...] = (),
) -> Route:
    method, path = door.split(" ")
    return Route(
        method,
        path,
        of,
        frozenset(),
        handle,
        body=body,
        answer=answer,
        status=status,
        summary=summary,
        open=True,
        also=also,
    )
