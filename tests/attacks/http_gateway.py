"""The gateway: other sites in a visitor's name, cookies that were planted or kept, links nobody sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import jinja2

from chassis.clock import SystemClock
from chassis.testing import SetClock
from chassis.tokens import Key, LinkSigner, read_keys
from services.gateway.domain.session import Session, hashed
from services.gateway.handlers.desk import Cookie, Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_input import standing_hold
from tests.attacks.http_tokens import OWN_PEM, OWN_PUBLIC
from tests.attacks.http_wall import Answered, Careless, ask, http_attack
from tests.second_step import fresh_code

EVIL = "https://evil.example"
COOKIE = "__Host-session"
SCRIPT = "<script>alert(1)</script>"
PAST = timedelta(days=400)
planted: list[str] = []
"""Cookies that an attacker put into somebody's browser, newest last."""


async def _api(
    ground: Ground, method: str, path: str, cookie: str | None = None, body: object = None
) -> Answered:
    return await ask(method, f"{ground.doors['gateway']}/api/v1{path}", body=body, cookie=cookie)


async def _logged_in(ground: Ground, role: str, before: str | None = None) -> str:
    login = ground.endpoints["logins"][role]
    words = {"user": login["user"], "password": login["password"]}
    answer = await _api(ground, "POST", "/sessions", before, words)
    if answer.slug == "factor-needed":
        code = await fresh_code(ground.instance, login)
        second = {"challenge": answer.json()["facts"]["challenge"], "code": code}
        answer = await _api(ground, "POST", "/sessions/factor", before, second)
    answer.granted()
    return answer.cookies[COOKIE]


async def _guest(ground: Ground, before: str | None = None) -> tuple[str, str]:
    """Somebody who holds a place: their cookie and the hold."""
    answer = await _api(ground, "POST", "/holds", before, standing_hold(ground))
    hold = answer.granted()["id"]
    return answer.cookies.get(COOKIE, before or ""), hold


async def _by_link(ground: Ground) -> str:
    """The victim's own session, from the link in their mail."""
    answer = await ask("GET", ground.doors["gateway"] + urlsplit(ground.someone.link).path)
    return answer.cookies[COOKIE]


async def _from_another_site(ground: Ground, headers: dict[str, str]) -> str:
    url, cookie = ground.doors["gateway"] + "/my-data/copy", await _by_link(ground)
    (await ask("POST", url, cookie=cookie, headers=headers, form={"go": "1"})).granted()
    return "something done in the name of whoever looked at another page"


async def _foreign_origin(ground: Ground) -> str:
    return await _from_another_site(ground, {"Origin": EVIL})


async def _null_origin(ground: Ground) -> str:
    return await _from_another_site(ground, {"Origin": "null"})


async def _cross_site(ground: Ground) -> str:
    return await _from_another_site(ground, {"Sec-Fetch-Site": "cross-site"})


def _any_origin() -> Careless:
    return Careless("gateway", (("services.gateway.entrypoints.middleware", "same_origin", lambda *_: True),))


def _whose(answer: Answered) -> str:
    if answer.status >= 400:
        raise Held(f"{answer.status} {answer.slug}")
    return str(answer.json().get("label") or answer.json().get("email") or "a visit")


async def _fixation(ground: Ground) -> str:
    cookie, _ = await _guest(ground)
    planted.append(cookie)
    await _logged_in(ground, "visitor", before=cookie)
    return f"the session of {_whose(await _api(ground, 'GET', '/sessions/current', cookie))}"


async def _invented(ground: Ground) -> str:
    cookie = "a-cookie-that-the-house-never-gave-" + uuid4().hex
    planted.append(cookie)
    await _guest(ground, before=cookie)
    return f"{_whose(await _api(ground, 'GET', '/sessions/current', cookie))} with a cookie of its own choice"


def _as_planted() -> Cookie:
    return Cookie(planted[-1], hashed(planted[-1]))


async def _after_log_out(ground: Ground) -> str:
    cookie = await _logged_in(ground, "visitor")
    await _api(ground, "DELETE", "/sessions/current", cookie)
    return (
        f"the session of {_whose(await _api(ground, 'GET', '/sessions/current', cookie))} after the log-out"
    )


async def _stolen_table(ground: Ground) -> str:
    """Whoever has a backup has what the database keeps of cookies."""
    await _guest(ground)
    async with ground.superuser("gateway") as connection:
        kept = await connection.fetchval("SELECT id_hash FROM session ORDER BY created_at DESC LIMIT 1")
    for cookie in (kept.hex(), kept.decode("latin-1") if kept.isascii() else ""):
        answer = await _api(ground, "GET", "/sessions/current", cookie)
        if answer.status < 400:
            return "a session, from what a backup says of it"
    raise Held(f"{answer.status} {answer.slug}: the table keeps hashes")


async def _forever(_: Desk, __: Session) -> None:
    """A log-out that forgets to end anything."""


def _link(key: bytes, ground: Ground, days: int = 30, subject: UUID | None = None) -> str:
    return LinkSigner(key).sign(subject or ground.someone.subject, "nl", SystemClock().now(), days)


async def _follow(ground: Ground, token: str) -> str:
    answer = await ask("GET", f"{ground.doors['gateway']}/l/{token}")
    if COOKIE not in answer.cookies:
        raise Held(f"{answer.status}: the link opens nothing")
    return "a session as a buyer whom it never was"


async def _forged_link(ground: Ground) -> str:
    return await _follow(ground, _link(OWN_PEM, ground))


async def _link_by_tickets(ground: Ground) -> str:
    """The key that signs tickets lies with another service."""
    return await _follow(
        ground, _link((ground.instance.secrets / "orders" / "signing.pem").read_bytes(), ground)
    )


async def _old_link(ground: Ground) -> str:
    key = (ground.instance.secrets / "notify" / "signing.pem").read_bytes()
    subject, made = ground.someone.subject, SystemClock().now() - PAST
    return await _follow(ground, LinkSigner(key).sign(subject, "nl", made, 365))


def _keys_with(more: tuple[Key, ...], folder: Path) -> tuple[Key, ...]:
    return (*read_keys(folder), *more)


def _all_as_notify(folder: Path) -> tuple[Key, ...]:
    return tuple(Key("notify", key.kid, key.key) for key in read_keys(folder))


async def _order_of_another(ground: Ground) -> str:
    cookie, _ = await _guest(ground)
    answer = await _api(ground, "GET", f"/orders/{ground.someone.order}", cookie)
    return f"{len(answer.granted()['tickets'])} tickets of another visitor's order"


async def _as_whoever_placed_it(desk: Desk, session: Session, order: UUID) -> Acting:
    sql = desk.work.once("order_guidance", session.actor)
    subject = await sql.fetchval("SELECT subject_id FROM guest_order WHERE order_id = $1", order)
    return Acting(session, subject)


async def _release(ground: Ground) -> str:
    _, hold = await _guest(ground)
    cookie, _ = await _guest(ground)
    (await _api(ground, "DELETE", f"/holds/{hold}", cookie)).granted()
    return "the places that somebody else was about to buy"


async def _release_any(desk: Desk, session: Session, hold: UUID, language: str) -> Declined | None:
    question = Question("orders", "DELETE", f"/holds/{hold}", Acting(session), language=language)
    return await desk.neighbours.tell(question)


async def _onward(ground: Ground) -> str:
    login, door = ground.endpoints["logins"]["visitor"], ground.doors["gateway"]
    for onward in (EVIL, "//evil.example", "/\\evil.example", "\\\\evil.example", " https://evil.example"):
        form = {"user": login["user"], "password": login["password"], "next": onward}
        answer = await ask("POST", door + "/login", form=form)
        if "evil.example" in answer.headers.get("Location", ""):
            return "somebody who just logged in, on a page that asks for the password again"
    raise Held(f"the log-in goes on to {answer.headers.get('Location')}")


async def _script(ground: Ground) -> str:
    """A name that is a script, on the page of whoever looks at it."""
    door, cookie = ground.doors["gateway"], await _logged_in(ground, "visitor_two")
    before = (await _api(ground, "GET", "/me", cookie)).granted()["name"]
    try:
        (await _api(ground, "PATCH", "/me", cookie, {"name": SCRIPT})).granted()
        page = await ask("GET", door + "/my-data", cookie=cookie)
    finally:
        await _api(ground, "PATCH", "/me", cookie, {"name": before})
    if SCRIPT.encode() not in page.body:
        raise Held("the page shows the name as text")
    return "a script of its own on a page of the house"


async def _framed(ground: Ground) -> str:
    answer = await ask("GET", ground.doors["gateway"] + "/login")
    policy = answer.headers.get("Content-Security-Policy", "")
    if answer.headers.get("X-Frame-Options") == "DENY" and "frame-ancestors 'none'" in policy:
        raise Held("no page may show ours in a frame")
    return "the log-in in a frame of another site"


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_other_sites(), *_sessions(), *_links(), *_others())


def _other_sites() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "a form on another site",
            "a visitor's browser to act for it",
            "what changes something comes from our own pages (CSRF)",
            _foreign_origin,
            _any_origin(),
        ),
        http_attack(
            "a form in a sandbox",
            "to act for a visitor and say no origin",
            "the origin null is a stranger",
            _null_origin,
            _any_origin(),
        ),
        http_attack(
            "a form that hides its origin",
            "to act for a visitor where no origin is sent",
            "what a browser calls cross-site is refused without an origin too",
            _cross_site,
            _any_origin(),
        ),
        http_attack(
            "an open redirect",
            "a visitor to believe another site",
            "a log-in goes on to pages of this house only",
            _onward,
            Careless(
                "gateway", (("services.gateway.entrypoints.pages.visits", "own_path", lambda path: path),)
            ),
        ),
        http_attack(
            "a script for a name",
            "code in the pages of whoever looks",
            "pages show what was typed as text",
            _script,
            Careless(
                "gateway",
                (
                    (
                        "services.gateway.rendering",
                        "Environment",
                        lambda **more: jinja2.Environment(**{**more, "autoescape": False}),
                    ),
                ),
            ),
        ),
        http_attack(
            "a frame around the log-in",
            "clicks that seem to go elsewhere",
            "no other site shows our pages in a frame",
            _framed,
            Careless("gateway", (("services.gateway.entrypoints.pages.frame", "HEADERS", {}),)),
        ),
    )


def _sessions() -> Sequence[Attack[Ground]]:
    handlers = "services.gateway.handlers"
    return (
        http_attack(
            "a planted cookie",
            "the session of whoever logs in with it",
            "a log-in gives a new cookie (no session fixation)",
            _fixation,
            Careless("gateway", ((f"{handlers}.enter", "fresh_cookie", _as_planted),)),
        ),
        http_attack(
            "an invented cookie",
            "a session under a name of its own choice",
            "only cookies that the house gave open a session",
            _invented,
            Careless("gateway", ((f"{handlers}.begin_visit", "fresh_cookie", _as_planted),)),
        ),
        http_attack(
            "a cookie after the log-out",
            "to go on at a machine that somebody left",
            "a log-out ends the session here (G-70)",
            _after_log_out,
            Careless("gateway", (("services.gateway.entrypoints.api_self", "log_out", _forever),)),
        ),
        http_attack(
            "cookies from a backup",
            "sessions, with nothing but the table",
            "the database keeps hashes of cookies",
            _stolen_table,
            Careless(
                "gateway",
                (
                    (f"{handlers}.find_session", "hashed", lambda cookie: cookie.encode()),
                    (f"{handlers}.desk", "hashed", lambda cookie: cookie.encode()),
                ),
            ),
        ),
    )


def _links() -> Sequence[Attack[Ground]]:
    own = (Key("notify", OWN_PUBLIC.thumbprint(), OWN_PUBLIC),)
    app = "services.gateway.app"
    return (
        http_attack(
            "a forged link",
            "somebody's data, by a link signed at home",
            "a mail's link counts by notify's signature (W-40)",
            _forged_link,
            Careless("gateway", ((app, "read_keys", partial(_keys_with, own)),)),
        ),
        http_attack(
            "a link signed by another service",
            "somebody's data, with the key that signs tickets",
            "no other service's key signs links",
            _link_by_tickets,
            Careless("gateway", ((app, "read_keys", _all_as_notify),)),
        ),
        http_attack(
            "a link from an old mailbox",
            "somebody's data, years later",
            "a link ends",
            _old_link,
            Careless("gateway", clock=SetClock(SystemClock().now() - PAST / 2)),
        ),
    )


def _others() -> Sequence[Attack[Ground]]:
    api = "services.gateway.entrypoints.api_shop"
    return (
        http_attack(
            "another visitor's order page",
            "tickets of an order whose address it saw",
            "an order is shown in the session that placed it",
            _order_of_another,
            Careless("gateway", ((api, "act_for_order", _as_whoever_placed_it),)),
        ),
        http_attack(
            "another visitor's places",
            "places that somebody is about to buy",
            "only the session that holds places gives them back",
            _release,
            Careless("gateway", ((api, "release_hold", _release_any),)),
        ),
    )
