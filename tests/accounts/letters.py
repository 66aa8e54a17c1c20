"""Someone at accounts' door who reads the letters of a mailbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.tokens import LinkSigner
from contracts.accounts.events import LetterOrderedV1
from services.accounts.handlers.ask_for_letter import ANSWER_REQUESTS
from tests.accounts.conftest import rested, second_step
from tests.accounts.premises import Open

GOOD = "drie natte zeehonden"
OTHER = "vier droge parasols"
HOUR = timedelta(hours=1)


async def letters(door: Open) -> list[LetterOrderedV1]:
    """What was ordered since the last look, oldest first; requests are answered before."""
    await door.run_timer(ANSWER_REQUESTS)
    return [event for event in await door.said() if isinstance(event, LetterOrderedV1)]


def token(door: Open, letter: LetterOrderedV1) -> str:
    """The token that notify puts into the link of a letter."""
    signer = LinkSigner(door.premises.notify_key)
    return signer.sign_letter(letter.letter, door.clock.now(), letter.expires_at)


async def ask(door: Open, what: str, email: str, **origin: Any) -> tuple[int, Any]:
    """Ask for a letter: `registrations` or `password-resets`."""
    body = {"email": email, "locale": "nl", **({"origin": origin} if origin else {})}
    return await door.call("POST", f"/{what}", body)


async def registered(door: Open, email: str, password: str = GOOD, **origin: Any) -> dict[str, Any]:
    """A session of someone who just opened an account."""
    await ask(door, "registrations", email)
    letter = (await letters(door))[-1]
    body = {"token": token(door, letter), "name": "Noor", "password": password, "locale": "fr"}
    status, session = await door.call("POST", "/accounts", {**body, **({"origin": origin} if origin else {})})
    assert status == 201, session
    await door.said()
    found: dict[str, Any] = session
    return found


async def log_in(door: Open, user: str, password: str = GOOD, **origin: Any) -> tuple[int, Any]:
    """Log in, from somewhere where it matters."""
    body = {"user": user, "password": password, **({"origin": origin} if origin else {})}
    status, told = await door.call("POST", "/sessions", body)
    if told.get("type") != "/problems/factor-needed":
        return status, told
    await rested(door)
    return await second_step(door, told, **origin)


async def works(door: Open, session: dict[str, Any]) -> bool:
    """Whether a session still gives tokens."""
    body = {"secret": session["secret"], "audience": "orders"}
    return (await door.call("POST", "/tokens", body))[0] == 200
