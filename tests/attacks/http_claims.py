"""Orders of guests: kept by somebody without the mail, or used to get at a whole account."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from joserfc.jws import extract_compact

from chassis.clock import SystemClock
from chassis.decision import Accepted
from chassis.tokens import Link, LinkSigner
from tests.attacks.attack import Attack
from tests.attacks.ground import Ground
from tests.attacks.http_accounts import GOOD, Owner, call, owner
from tests.attacks.http_tokens import OWN_PEM
from tests.attacks.http_wall import Careless, http_attack


async def _keeps(ground: Ground, thief: Owner, subject: UUID, key: bytes) -> None:
    """Log in, and keep whomever a link speaks for."""
    words = {"user": thief.email, "password": GOOD}
    session = (await call(ground, "/sessions", words)).granted()
    link = LinkSigner(key).sign(subject, "nl", SystemClock().now(), 30)
    try:
        (await call(ground, "/account/guests", {"secret": session["secret"], "link": link})).granted()
    finally:
        async with ground.superuser("accounts") as db:
            await db.execute("DELETE FROM claimed_guest WHERE account = $1", thief.subject)
            await db.execute("DELETE FROM outbox WHERE subject = $1", subject)


async def _forged(ground: Ground) -> str:
    async with owner(ground) as thief:
        await _keeps(ground, thief, uuid4(), OWN_PEM)
    return "a guest's order in an account, by a link signed at home"


async def _whole_account(ground: Ground) -> str:
    pem = (ground.instance.secrets / "notify" / "signing.pem").read_bytes()
    async with owner(ground) as thief, owner(ground) as victim:
        await _keeps(ground, thief, victim.subject, pem)
    return "somebody's account inside another one, by a mail about one of its orders"


def _trusting(_: Any, token: str, now: Any) -> Link:
    told = json.loads(extract_compact(token.encode()).payload)
    return Link(UUID(told["sub"]), told["locale"])


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    claim = "services.accounts.handlers.claim_guest"
    return (
        http_attack(
            "a guest's order by a forged link",
            "somebody else's order, kept in an account",
            "an order is kept by the link that notify signed, and by nothing else",
            _forged,
            Careless("accounts", (("chassis.tokens:LinkReader", "read", _trusting),)),
        ),
        http_attack(
            "an account kept like a guest",
            "everything of an account, by one mail",
            "only guests are kept, never whoever has a log-in of their own",
            _whole_account,
            Careless("accounts", ((claim, "may_claim", lambda *_, **__: Accepted(True)),)),
        ),
    )
