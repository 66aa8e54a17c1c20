"""What everything around logging in stands on, put together once in app.py."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.sealing import Keyring
from chassis.tokens import Issuer, LinkReader
from chassis.work import Workplace
from services.accounts.handlers.guard_log_in import Guard
from services.accounts.passkeys import RelyingParty
from services.accounts.passwords import Passwords
from services.accounts.settings import AccountsSettings


@dataclass(frozen=True)
class Lobby:
    """`words` of the house are as easy to guess in a password as those of its owner."""

    work: Workplace
    clock: Clock
    passwords: Passwords
    guard: Guard
    issuer: Issuer
    links: LinkReader
    keys: Keyring
    house: RelyingParty
    terms: AccountsSettings
    words: tuple[str, ...]
