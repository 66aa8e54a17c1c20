"""Second factors: codes used again or guessed, ways around them, and proofs that belong to somebody else."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pyotp

from chassis.clock import SystemClock
from chassis.decision import Accepted
from chassis.sealing import Keyring
from chassis.tokens import Issuer
from contracts.actors import Actor, Role
from services.accounts.codes import DRIFT, fresh_step
from services.accounts.domain.factors import App
from services.accounts.handlers.prove_factor import place_of
from services.accounts.passwords import hash_password, user_hash, user_key
from services.accounts.store import factors
from tests.attacks.attack import Attack
from tests.attacks.ground import Ground
from tests.attacks.http_tokens import Trusting
from tests.attacks.http_wall import Answered, Careless, ask, http_attack

GOOD = "drie natte zeehonden"
RECOVERY = "ABCD-EFGH-JKLM-NPQR"
TRIES = 10
OWNED = ("session", "device", "arrival", "attempt", "challenge", "totp", "passkey", "recovery_code")


@dataclass(frozen=True)
class Owner:
    """Somebody with an app, a passkey and one recovery code; the attacker has the password."""

    subject: UUID
    user: str
    key: str

    def code(self, ahead: int = 0) -> str:
        """What the app shows."""
        return pyotp.TOTP(self.key).at(SystemClock().now(), counter_offset=ahead)


@asynccontextmanager
async def _owner(ground: Ground) -> AsyncIterator[Owner]:
    """Somebody who is there for one attack."""
    one, now = Owner(uuid4(), f"kassa.{uuid4().hex[:10]}", pyotp.random_base32()), SystemClock().now()
    secrets = ground.instance.secrets / "accounts"
    key_id, sealed = Keyring.read(secrets / "factors").seal(one.key.encode(), place_of(one.subject))
    mark = f"recovery\0{one.subject}\0{RECOVERY.replace('-', '')}"
    hashed = user_hash(base64.b64decode((secrets / "sealing.key").read_text()), mark)
    rows: Sequence[tuple[str, tuple[Any, ...]]] = (
        (
            "INSERT INTO person"
            " (subject_id, name, email, email_key, locale, version, known_since, changed_at)"
            " VALUES ($1, 'Kassa', $2, $2, 'nl', 1, $3, $3)",
            (one.subject, f"{one.user}@example.org", now),
        ),
        (
            "INSERT INTO login (subject_id, user_key, password_hash, created_at) VALUES ($1, $2, $3, $4)",
            (one.subject, user_key(one.user), hash_password(GOOD), now),
        ),
        (
            "INSERT INTO appointment (subject_id, role, since) VALUES ($1, 'box_office', $2)",
            (one.subject, now),
        ),
        (
            "INSERT INTO totp (id, subject_id, name, key_id, sealed_secret, last_step, added_at)"
            " VALUES ($1, $1, 'app', $2, $3, 0, $4)",
            (one.subject, key_id, sealed, now),
        ),
        (
            "INSERT INTO passkey (id, subject_id, name, credential_id, public_key, sign_count, added_at)"
            " VALUES ($1, $1, 'key', $2, $2, 0, $3)",
            (one.subject, one.subject.bytes, now),
        ),
        (
            "INSERT INTO recovery_code (subject_id, code_hash, made_at) VALUES ($1, $2, $3)",
            (one.subject, hashed, now),
        ),
    )
    async with ground.superuser("accounts") as db:
        for statement, values in rows:
            await db.execute(statement, *values)
        try:
            yield one
        finally:
            for table in (*OWNED, "appointment", "login", "person"):
                await db.execute(f"DELETE FROM {table} WHERE subject_id = $1", one.subject)


async def _call(ground: Ground, path: str, body: object) -> Answered:
    return await ask("POST", ground.doors["accounts"] + path, body=body)


async def _second(ground: Ground, owner: Owner, code: str) -> Answered:
    """Both steps of a log-in, with the password that the attacker has."""
    first = await _call(ground, "/sessions", {"user": owner.user, "password": GOOD})
    if first.slug != "factor-needed":
        return first
    challenge = first.json()["facts"]["challenge"]
    return await _call(ground, "/sessions/factor", {"challenge": challenge, "code": code})


async def _replayed(ground: Ground) -> str:
    async with _owner(ground) as owner:
        code = owner.code()
        (await _second(ground, owner, code)).granted()
        session = (await _second(ground, owner, code)).granted()
    return f"a session of the {session['role']}, by a code that was read over a shoulder"


async def _guessed(ground: Ground) -> str:
    async with _owner(ground) as owner:
        right = {owner.code(ahead) for ahead in range(-DRIFT, DRIFT + 2)}
        wrong = [code for code in (f"{number:06d}" for number in range(TRIES + 4)) if code not in right]
        for code in wrong[:TRIES]:
            await _second(ground, owner, code)
        session = (await _second(ground, owner, owner.code())).granted()
    return f"a session of the {session['role']}, at the eleventh code"


async def _downgraded(ground: Ground) -> str:
    async with _owner(ground) as owner:
        first = await _call(ground, "/sessions", {"user": owner.user, "password": GOOD})
        session = first.granted()
    return f"a session of {session['display_name']}, by the password alone"


async def _twice_recovered(ground: Ground) -> str:
    async with _owner(ground) as owner:
        (await _second(ground, owner, RECOVERY)).granted()
        session = (await _second(ground, owner, RECOVERY)).granted()
    return f"a session of the {session['role']}, by a recovery code that was crossed out"


async def _carried_over(ground: Ground) -> str:
    """An old session that somebody stole; its owner proves who they are in another one."""
    async with _owner(ground) as owner:
        stolen = (await _second(ground, owner, RECOVERY)).granted()["secret"]
        async with ground.superuser("accounts") as db:
            age = "UPDATE session SET proved_at = proved_at - interval '1 hour' WHERE subject_id = $1"
            await db.execute(age, owner.subject)
        own = (await _second(ground, owner, owner.code())).granted()["secret"]
        (await _call(ground, "/account/proof", {"secret": own, "code": owner.code(1)})).granted()
        offer = await _call(ground, "/account/apps/offer", {"secret": stolen})
        key = offer.granted()["key"]
    return f"an app of its own on the account ({key[:4]}…), by a proof that somebody else gave"


async def _written_in(ground: Ground) -> str:
    """A token of an hour-old log-in, with a proof that the attacker wrote into it."""
    pem, now = (ground.instance.secrets / "accounts" / "signing.pem").read_bytes(), SystemClock().now()
    token = Issuer(pem, "accounts").sign(Actor(Role.PRIVACY_OFFICER, uuid4()), "retention", now)
    head, body, mark = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"auth_time": int(now.timestamp())}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    url, wish = ground.doors["retention"] + "/sweeps", {"as_of": "1990-01-01T00:00:00Z"}
    swept = (await ask("POST", url, f"{head}.{forged}.{mark}", wish)).granted()
    return f"a sweep ({swept['id'][:8]}…), at a screen that somebody left"


async def _stale(ground: Ground) -> str:
    """The same token as it is: an hour ago its owner proved who they are."""
    pem, now = (ground.instance.secrets / "accounts" / "signing.pem").read_bytes(), SystemClock().now()
    token = Issuer(pem, "accounts").sign(Actor(Role.PRIVACY_OFFICER, uuid4()), "retention", now)
    url, wish = ground.doors["retention"] + "/sweeps", {"as_of": "1990-01-01T00:00:00Z"}
    swept = (await ask("POST", url, token, wish)).granted()
    return f"a sweep ({swept['id'][:8]}…), by whoever sits down at an open screen"


def _any_step(app: App, code: str, now: Any) -> int | None:
    return fresh_step(replace(app, last_step=0), code, now)


async def _forgetful(*_: Any) -> bool:
    return True


async def _lasting(sql: Any, subject: UUID, code_hash: bytes) -> bool:
    found = "SELECT EXISTS (SELECT FROM recovery_code WHERE subject_id = $1 AND code_hash = $2)"
    return bool(await sql.fetchval(found, subject, code_hash))


async def _never(*_: Any) -> None:
    return None


def _unfresh(routes: Any) -> Any:
    return [replace(route, fresh=False) for route in routes]


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_codes(), *_proofs())


def _codes() -> Sequence[Attack[Ground]]:
    handlers, store = "services.accounts.handlers", factors.__name__
    again = ((f"{handlers}.prove_factor", "fresh_step", _any_step), (store, "use_step", _forgetful))
    guard = (f"{handlers}.guard_log_in", "may_try", lambda *_: Accepted(None))
    return (
        http_attack(
            "a code read over a shoulder",
            "a session, by a code that was used a moment ago",
            "a code of an app works once (G-71)",
            _replayed,
            Careless("accounts", again),
        ),
        http_attack(
            "a code by trying",
            "a code of six digits, by trying one after the other",
            "after ten failures the codes of a person rest (G-71)",
            _guessed,
            Careless("accounts", (guard,)),
        ),
        http_attack(
            "a password instead of a passkey",
            "a session of somebody who has a passkey, by a password from a false page",
            "who has a second factor needs it always (F-74)",
            _downgraded,
            Careless("accounts", ((f"{handlers}.start_session", "second_factor_of", _never),)),
        ),
        http_attack(
            "a recovery code from the bin",
            "a session, by a recovery code that was used before",
            "a recovery code works once",
            _twice_recovered,
            Careless("accounts", ((store, "use_code", _lasting),)),
        ),
    )


def _proofs() -> Sequence[Attack[Ground]]:
    everywhere = (
        "UPDATE session SET proved_at = $2 WHERE subject_id = (SELECT subject_id FROM session WHERE id = $1)"
    )
    return (
        http_attack(
            "a proof of another session",
            "to add an app of its own, in an old session that was stolen",
            "a proof freshens the session that it was given in, and no other",
            _carried_over,
            Careless("accounts", (("services.accounts.store.sessions", "PROVED", everywhere),)),
        ),
        http_attack(
            "a proof written into a token",
            "a dangerous act, by a claim of its own",
            "when somebody proved who they are is signed by accounts",
            _written_in,
            Careless("retention", verifier=lambda keys, audience: Trusting(keys, audience, "Ed25519")),
        ),
        http_attack(
            "an open screen",
            "a dangerous act, in the session of somebody who left for a moment",
            "a dangerous act takes a proof of the last minutes (G-71)",
            _stale,
            Careless("retention", routes=_unfresh),
        ),
    )
