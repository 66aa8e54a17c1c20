"""Accounts: who has one, links that were used or never signed, owners locked out or moved away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from joserfc.jws import extract_compact

from chassis.clock import SystemClock
from chassis.decision import Refused
from chassis.routes import Answer
from chassis.tokens import LinkSigner
from contracts.accounts.api import LogIn, Origin
from contracts.actors import Actor, Role
from services.accounts.domain.entrance import BY_LETTER
from services.accounts.handlers.ask_for_letter import AskForLetter
from services.accounts.handlers.open_account import OpenAnAccount
from services.accounts.passwords import hash_password, user_key
from services.accounts.store import letters
from services.accounts.visiting import fresh_secret, hashed
from services.gateway.entrypoints.bodies import Credentials
from services.gateway.neighbours.caller import Question
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_tokens import OWN_PEM
from tests.attacks.http_wall import Answered, Careless, ask, http_attack, rerouted

GOOD, OTHER = "drie natte zeehonden", "vier droge parasols"
TRIES, TIMES = 10, 6
LETTERS = ("/registrations", "/password-resets")
WORTH = 0.015
"""Seconds: whatever a known address costs more, a hash or a mail, is longer; less tells nothing."""


@dataclass(frozen=True)
class Owner:
    """Someone with an account, a device that is known, and a letter for a new password on its way."""

    subject: UUID
    email: str
    device: str
    letter: UUID


@asynccontextmanager
async def owner(ground: Ground) -> AsyncIterator[Owner]:
    """An account that is there for one attack."""
    email = f"noor.{uuid4().hex[:10]}@example.org"
    one, now = Owner(uuid4(), email, fresh_secret(), uuid4()), SystemClock().now()
    async with ground.superuser("accounts") as db:
        await db.execute(
            "INSERT INTO person"
            " (subject_id, name, email, email_key, locale, version, known_since, changed_at)"
            " VALUES ($1, 'Noor', $2, $2, 'nl', 1, $3, $3)",
            one.subject,
            email,
            now,
        )
        login = "INSERT INTO login (subject_id, user_key, password_hash, created_at) VALUES ($1, $2, $3, $4)"
        await db.execute(login, one.subject, user_key(email), hash_password(GOOD), now)
        device = "INSERT INTO device (device_hash, subject_id, last_at) VALUES ($1, $2, $3)"
        await db.execute(device, hashed(one.device), one.subject, now)
        letter = (
            "INSERT INTO letter (id, subject_id, kind, email, expires_at) VALUES ($1, $2, 'reset', $3, $4)"
        )
        await db.execute(letter, one.letter, one.subject, email, now + timedelta(hours=1))
        try:
            yield one
        finally:
            for table in ("session", "device", "arrival", "letter", "attempt", "login", "person"):
                await db.execute(f"DELETE FROM {table} WHERE subject_id = $1", one.subject)


async def call(ground: Ground, path: str, body: object) -> Answered:
    """Ask accounts itself."""
    return await ask("POST", ground.doors["accounts"] + path, body=body)


def _link(ground: Ground, letter: UUID, key: bytes | None = None) -> str:
    """The token of a letter's link, signed by notify unless with another key."""
    pem = key or (ground.instance.secrets / "notify" / "signing.pem").read_bytes()
    now = SystemClock().now()
    return LinkSigner(pem).sign_letter(letter, now, now + timedelta(hours=1))


async def _who_is_known(ground: Ground) -> str:
    async with owner(ground) as one:
        for path in LETTERS:
            known, unknown = await _asked(ground, path, one.email), await _asked(ground, path)
            if (known.status, known.body) != (unknown.status, unknown.body):
                return "which addresses have an account, by asking for one"
    raise Held(f"all answers are {known.status} and empty")


async def _who_is_known_by_time(ground: Ground) -> str:
    # The quickest of several: whatever else the machine does only makes answers slower.
    async with owner(ground) as one:
        for path in LETTERS:
            took: dict[str | None, list[float]] = {one.email: [], None: []}
            for _ in range(TIMES):
                for email, seconds in took.items():
                    began = time.perf_counter()
                    await _asked(ground, path, email)
                    seconds.append(time.perf_counter() - began)
            apart = min(took[one.email]) - min(took[None])
            if apart >= WORTH:
                return f"which addresses have an account, {apart * 1000:.0f} ms apart"
    raise Held("all answers take as long")


async def _asked(ground: Ground, path: str, email: str | None = None) -> Answered:
    return await call(ground, path, {"locale": "nl", "email": email or f"{uuid4().hex}@example.org"})


async def _used_link(ground: Ground) -> str:
    async with owner(ground) as one:
        token = _link(ground, one.letter)
        (await call(ground, "/passwords", {"token": token, "password": GOOD})).granted()
        session = (await call(ground, "/passwords", {"token": token, "password": OTHER})).granted()
    return f"the account of a {session['role']}, by a link that lay in the history"


async def _unsigned_link(ground: Ground) -> str:
    async with owner(ground) as one:
        token = _link(ground, one.letter, OWN_PEM)
        session = (await call(ground, "/passwords", {"token": token, "password": OTHER})).granted()
    return f"the account of a {session['role']}, by a letter's id from the bus"


async def _other_kind(ground: Ground) -> str:
    async with owner(ground) as one:
        body = {"token": _link(ground, one.letter), "name": "Noor", "password": OTHER, "locale": "nl"}
        session = (await call(ground, "/accounts", body)).granted()
    return f"a second way into the account of a {session['role']}"


async def _lock_out(ground: Ground) -> str:
    async with owner(ground) as one:
        for _ in range(TRIES):
            await call(ground, "/sessions", {"user": one.email, "password": "mis"})
        origin = {"known": one.device}
        mine = await call(ground, "/sessions", {"user": one.email, "password": GOOD, "origin": origin})
    if mine.status == 201:
        raise Held("the owner came in on a device of theirs")
    return "an account that its owner cannot open"


async def _moved_away(ground: Ground) -> str:
    async with owner(ground) as one:
        token = ground.token(Actor(Role.VISITOR, one.subject), "accounts", "gateway")
        url, body = ground.doors["accounts"] + "/people/me", {"email": f"{uuid4().hex}@example.com"}
        moved = (await ask("PATCH", url, token, body)).granted()
    return f"an account that belongs to {moved['email'].split('@')[1]} now, by a link from an old mail"


async def _from_elsewhere(ground: Ground) -> str:
    url = ground.doors["gateway"] + "/api/v1/sessions"
    origin = {"address": "198.51.100.7", "device": "phone"}
    tried = {"user": uuid4().hex, "password": "mis", "origin": origin}
    answer = await ask("POST", url, body=tried)
    if answer.slug == "log-in-refused":
        return "tries that count for an address of its choice"
    answer.granted()
    raise RuntimeError("nobody has this password")


async def _telling(self: Any, call: Any) -> Any:
    from services.accounts.store import sessions

    sql = self._work.once("account", call.actor)
    taken = await sessions.log_in_of(sql, user_key(call.body.email))
    return Refused("email-same") if taken else Answer(None, status=202)


async def _at_once(self: AskForLetter, call: Any) -> Any:
    """Does for known addresses what the clock should do for all."""
    from services.accounts.store import sessions

    sql = self._work.once("account", call.actor)
    if await sessions.log_in_of(sql, user_key(call.body.email)):
        await asyncio.to_thread(hash_password, uuid4().hex)
    return Answer(None, status=202)


async def _keeping(sql: Any, letter: UUID, kinds: tuple[str, ...], now: Any) -> Any:
    found = await letters.read(sql, letter, now)
    return (found.subject, found.kind) if found else None


def _trusting(_: Any, token: str, now: Any) -> UUID:
    import json

    return UUID(json.loads(extract_compact(token.encode()).payload)["sub"])


async def _any_letter(self: OpenAnAccount, call: Any) -> Any:
    found = await self._letters.of(call.actor, call.body.token)
    if isinstance(found, Refused):
        return found
    from services.accounts.visiting import open_session

    async with self._work("account", call.actor) as tx:
        return await open_session(tx, found.value.subject, self._lengths, BY_LETTER)


async def _nobodys(*_: Any) -> tuple[bool, bool, bool]:
    return False, False, False


async def _no_key(*_: Any) -> None:
    return None


class _Claiming(Credentials):
    """A body that is believed to say where it comes from."""

    origin: Origin = Origin()

    def question(self, origin: Origin, language: str) -> Question:
        """What accounts is asked, as the body wants it."""
        body = LogIn(user=self.user, password=self.password, origin=self.origin)
        return Question("accounts", "POST", "/sessions", body=body, language=language)


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    handlers, store = "services.accounts.handlers", "services.accounts.store"
    return (
        http_attack(
            "addresses by asking for an account",
            "a list of who has an account here",
            "asking for an account says the same for every address",
            _who_is_known,
            Careless("accounts", ((f"{handlers}.ask_for_letter:AskForLetter", "__call__", _telling),)),
        ),
        http_attack(
            "addresses by the clock",
            "a list of who has an account here, by how long an answer takes",
            "asking for a letter is the same work for every address",
            _who_is_known_by_time,
            Careless("accounts", ((f"{handlers}.ask_for_letter:AskForLetter", "__call__", _at_once),)),
        ),
        http_attack(
            "a reset link used again",
            "an account, by a link that was used before",
            "a letter's link speaks once (G-71)",
            _used_link,
            Careless("accounts", ((f"{store}.letters", "use", _keeping),)),
        ),
        http_attack(
            "a letter's id from the bus",
            "an account, by what stands in a queue or a dump",
            "a letter's link counts by notify's signature",
            _unsigned_link,
            Careless("accounts", (("chassis.tokens:LinkReader", "read_letter", _trusting),)),
        ),
        http_attack(
            "a letter for another end",
            "to open with one letter what another one is for",
            "a letter does what it was written for and nothing else",
            _other_kind,
            Careless("accounts", ((f"{handlers}.open_account:OpenAnAccount", "__call__", _any_letter),)),
        ),
        http_attack(
            "an owner locked out",
            "an account to stay shut for whoever owns it",
            "a device of the owner keeps a lane of its own (G-71)",
            _lock_out,
            Careless("accounts", ((f"{store}.devices", "recognise", _nobodys),)),
        ),
        http_attack(
            "an account moved away",
            "an account, by a link about an old order",
            "the address that opens an account changes with a yes of both (W-41)",
            _moved_away,
            Careless("accounts", ((f"{store}.sessions", "key_of", _no_key),)),
        ),
        http_attack(
            "an origin of one's own choice",
            "to guess from an address that never gets full (mass assignment)",
            "from where a log-in comes is what the gateway sees",
            _from_elsewhere,
            Careless("gateway", routes=rerouted("/api/v1/sessions", body=_Claiming)),
        ),
    )
