"""Which page answers where."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from chassis.openapi import describe
from chassis.problems import CONTENT_TYPE
from services.gateway.declarations import Declarations
from services.gateway.domain.visits_limit import VisitsLimit
from services.gateway.entrypoints.by_key import KeyPace, by_key
from services.gateway.entrypoints.flood import Flood, against_flood
from services.gateway.entrypoints.honouring import honouring
from services.gateway.entrypoints.middleware import sessions
from services.gateway.entrypoints.pages.api_keys import ApiKeysPage
from services.gateway.entrypoints.pages.basket import Baskets
from services.gateway.entrypoints.pages.books import BooksPage
from services.gateway.entrypoints.pages.choices import ChoicesPage
from services.gateway.entrypoints.pages.claim import ClaimPage
from services.gateway.entrypoints.pages.colleagues import ColleaguesPage
from services.gateway.entrypoints.pages.confirm import Confirm
from services.gateway.entrypoints.pages.counter import Counter
from services.gateway.entrypoints.pages.counter_care import CounterCare
from services.gateway.entrypoints.pages.door import Door
from services.gateway.entrypoints.pages.embed import Embed
from services.gateway.entrypoints.pages.factors import Factors
from services.gateway.entrypoints.pages.feeds import Feeds
from services.gateway.entrypoints.pages.frame import Frame, Page, Refusal
from services.gateway.entrypoints.pages.holders import HoldersPage
from services.gateway.entrypoints.pages.incoming import to_log_in
from services.gateway.entrypoints.pages.invoice import InvoicePage
from services.gateway.entrypoints.pages.looks import LooksPage
from services.gateway.entrypoints.pages.opening import Opening
from services.gateway.entrypoints.pages.order import Orders
from services.gateway.entrypoints.pages.organisation import OrganisationPage
from services.gateway.entrypoints.pages.organisations import OrganisationsPage
from services.gateway.entrypoints.pages.organiser import Organiser
from services.gateway.entrypoints.pages.own import Own
from services.gateway.entrypoints.pages.people import PeopleDesk
from services.gateway.entrypoints.pages.people_shield import ShieldDesk
from services.gateway.entrypoints.pages.planner.doors import planner_pages
from services.gateway.entrypoints.pages.privacy_desk import PrivacyDesk
from services.gateway.entrypoints.pages.profile import ProfilePage
from services.gateway.entrypoints.pages.protection import Protection
from services.gateway.entrypoints.pages.rights import Rights
from services.gateway.entrypoints.pages.shop import Shop
from services.gateway.entrypoints.pages.signing_off import SigningOff
from services.gateway.entrypoints.pages.statement import Statement
from services.gateway.entrypoints.pages.take_along import TakeAlong
from services.gateway.entrypoints.pages.team import TeamPage
from services.gateway.entrypoints.pages.visits import Visits
from services.gateway.entrypoints.pages.waiting import Waiting
from services.gateway.entrypoints.pages.wishes import WishPages
from services.gateway.entrypoints.passage import retry_after
from services.gateway.entrypoints.web import routes
from services.gateway.paths import PATHS

STATIC = Path(__file__).parents[2] / "static"
KEPT_HEADERS = frozenset({"Allow", "Cache-Control", "Retry-After", "X-Content-Type-Options", "X-Request-Id"})
PROGRAMS = ("/api/", "/livez", "/readyz", "/metrics", "/openapi.json", "/static/")


def pages(
    frame: Frame, declarations: Declarations, house: Mapping[str, Any]
) -> Callable[[web.Application], None]:
    """Adds all pages, static files and the gateway's middlewares to its application."""
    paces = _paces(frame, house)
    known = (
        *_visitor(frame),
        *_along(frame, house),
        *_line(frame),
        *_wishes(frame),
        *_self(frame, declarations),
        *_accounts(frame),
        *_working(frame),
        *_people(frame, declarations),
        *_desks(frame),
        *_house(frame, declarations, house),
    )

    def add(app: web.Application) -> None:
        app.middlewares.insert(0, _plain_words(frame))
        app.middlewares.append(sessions(frame.desk))
        app.middlewares.append(_refusals(frame, Confirm(frame)))
        app.middlewares.extend(paces)
        app.middlewares.append(honouring(frame))
        for method, name, page in known:
            add_route = app.router.add_get if method == "GET" else app.router.add_post
            add_route(_pattern(PATHS[name]), page)
        app.router.add_get("/api/openapi.json", _openapi(frame))
        app.router.add_static("/static/", STATIC)
        app.on_response_prepare.append(_keep_static)

    return add


def _paces(frame: Frame, house: Mapping[str, Any]) -> tuple[Middleware, Middleware]:
    """How fast visits may begin from one address, and how often a key may ask."""
    visits, keys = VisitsLimit.of(house["visits_of_an_address"]), VisitsLimit.of(house["api_keys"])
    clock = frame.desk.clock
    return against_flood(Flood(visits, clock)), by_key(KeyPace(keys, clock))


async def _keep_static(request: web.Request, response: web.StreamResponse) -> None:
    """Fonts, style and script are everybody's, and stay in a browser for an hour."""
    if request.path.startswith("/static/") and response.status in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=3600"


def _openapi(frame: Frame) -> Page:
    """The public API's own description (OpenAPI 3.1), where its clients look for it."""
    document = describe("gateway", routes(frame.desk))

    async def openapi(_: web.Request) -> web.Response:
        return web.json_response(document)

    return openapi


def _pattern(template: str) -> str:
    return template.replace("{slug}", "{slug:[a-z0-9-]{1,80}}")


def _refusals(frame: Frame, confirm: Confirm) -> Middleware:
    """A page that cannot go on answers with its problem document, like every other door.

    Where only a fresh proof is missing it is asked for, and then the page goes on.
    """

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            declined = refusal.declined
            if declined.slug == "step-up-needed":
                return await confirm.ask(request)
            if declined.slug == "session-ended":
                raise to_log_in(request) from None
            told = {**declined.document, "title": frame.said(request, declined)}
            return web.json_response(
                told, status=declined.status, content_type=CONTENT_TYPE, headers=retry_after(declined)
            )

    return around


def _plain_words(frame: Frame) -> Middleware:
    """Where a person looks, a problem document becomes a page: whatever went wrong, and wherever."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if request.path.startswith(PROGRAMS) or response.content_type != CONTENT_TYPE:
            return response
        assert isinstance(response, web.Response)
        assert response.text is not None
        page = frame.problem(request, json.loads(response.text))
        for name in KEPT_HEADERS & response.headers.keys():
            page.headers[name] = response.headers[name]
        return page

    return around


def _visitor(frame: Frame) -> list[tuple[str, str, Page]]:
    shop, basket, orders, visits = Shop(frame), Baskets(frame), Orders(frame), Visits(frame)
    return [
        ("GET", "season", shop.season),
        ("GET", "event", shop.event),
        ("POST", "hold", shop.hold),
        ("GET", "basket", basket.basket),
        ("POST", "release", basket.release),
        ("POST", "extend", basket.extend),
        ("POST", "again", basket.again),
        ("POST", "pay", basket.pay),
        ("POST", "contest", basket.contest),
        ("GET", "back", orders.back),
        ("GET", "order", orders.order),
        ("POST", "order_look", orders.look),
        ("POST", "pay_again", orders.pay_again),
        ("GET", "tickets_pdf", orders.paper),
        ("GET", "login", visits.form),
        ("POST", "login", visits.log_in),
        ("GET", "login_code", visits.code_form),
        ("POST", "login_code", visits.code),
        ("POST", "login_passkey", visits.passkey),
        ("POST", "logout", visits.log_out),
    ]


def _along(frame: Frame, house: Mapping[str, Any]) -> list[tuple[str, str, Page]]:
    along, invoice, holders = TakeAlong(frame, house), InvoicePage(frame), HoldersPage(frame)
    return [
        ("GET", "holders", holders.form),
        ("POST", "holders", holders.keep),
        ("GET", "invoice", invoice.form),
        ("POST", "invoice", invoice.ask),
        ("GET", "invoice_pdf", invoice.paper),
        ("GET", "order_ics", along.calendar),
        ("GET", "wallet_pass", along.wallet_pass),
        ("GET", "google_wallet", along.google),
        ("POST", "tickets_again", along.again),
    ]


def _accounts(frame: Frame) -> list[tuple[str, str, Page]]:
    opening, protection, factors, confirm = (
        Opening(frame),
        Protection(frame),
        Factors(frame),
        Confirm(frame),
    )
    return [
        ("GET", "register", opening.register),
        ("POST", "register", opening.ask_account),
        ("GET", "forgot", opening.forgot),
        ("POST", "forgot", opening.ask_password),
        ("GET", "letter_link", opening.follow),
        ("GET", "letter", opening.letter),
        ("POST", "letter", opening.answer),
        ("GET", "account", protection.account),
        ("POST", "new_password", protection.password),
        ("POST", "new_email", protection.email),
        ("POST", "end_sessions", protection.sessions),
        ("GET", "add_app", factors.offer),
        ("POST", "add_app", factors.add),
        ("POST", "add_passkey", factors.add_passkey),
        ("POST", "remove_factor", factors.remove),
        ("POST", "recovery", factors.renew),
        ("GET", "confirm", confirm.form),
        ("POST", "confirm", confirm.prove),
        ("POST", "answer_invitation", protection.invitation),
    ]


def _team(frame: Frame) -> list[tuple[str, str, Page]]:
    team = TeamPage(frame)
    return [
        ("GET", "team", team.team),
        ("POST", "team_invite", team.invite),
        ("POST", "team_withdraw", team.withdraw),
        ("POST", "team_give", team.give),
        ("POST", "team_review", team.review),
        ("POST", "team_end", team.end),
    ]


def _working(frame: Frame) -> list[tuple[str, str, Page]]:
    return [*_team(frame), *_organisations(frame)]


def _organisations(frame: Frame) -> list[tuple[str, str, Page]]:
    own, house = OrganisationPage(frame), OrganisationsPage(frame)
    people, keys = ColleaguesPage(frame, own), ApiKeysPage(frame, own)
    return [
        ("GET", "sign_up_organisation", own.sign_up_form),
        ("POST", "sign_up_organisation", own.sign_up),
        ("GET", "organisation", own.own),
        ("POST", "organisation", own.change),
        ("POST", "invite_colleague", people.invite),
        ("POST", "withdraw_colleague", people.withdraw),
        ("POST", "appoint_colleague", people.give),
        ("POST", "end_colleague", people.end),
        ("POST", "make_key", keys.make),
        ("POST", "revoke_key", keys.revoke),
        ("POST", "renew_webhook", keys.renew),
        ("GET", "house_organisations", house.all),
        ("GET", "house_organisation", house.one),
        ("POST", "decide_organisation", house.decide),
    ]


def _line(frame: Frame) -> list[tuple[str, str, Page]]:
    waiting, embed = Waiting(frame), Embed(frame)
    return [
        ("GET", "embed_js", embed.script),
        ("GET", "embed", embed.season),
        ("GET", "embed_event", embed.event),
        ("GET", "wait", waiting.page),
        ("POST", "wait", waiting.join),
        ("GET", "wait_place", waiting.place),
        ("POST", "wait_more", waiting.more_time),
        ("POST", "wait_leave", waiting.leave),
    ]


def _wishes(frame: Frame) -> list[tuple[str, str, Page]]:
    wishes = WishPages(frame)
    return [
        ("POST", "wish", wishes.add),
        ("GET", "wishes", wishes.page),
        ("POST", "wish_remove", wishes.remove),
        ("POST", "wish_reminders", wishes.remind),
        ("POST", "wish_share", wishes.share),
        ("POST", "wish_unshare", wishes.unshare),
        ("GET", "wish_list", wishes.shared),
    ]


def _self(frame: Frame, declarations: Declarations) -> list[tuple[str, str, Page]]:
    own, rights, choices = Own(frame), Rights(frame), ChoicesPage(frame, declarations.offered())
    signing_off, profile, claim = SigningOff(frame), ProfilePage(frame), ClaimPage(frame)
    return [
        ("GET", "link", own.link),
        ("GET", "claim", claim.ask),
        ("POST", "claim", claim.answer),
        ("GET", "sign_off", signing_off.ask),
        ("POST", "sign_off", signing_off.act),
        ("GET", "my_data", own.my_data),
        ("GET", "looks", LooksPage(frame).looks),
        ("POST", "correct", own.correct),
        ("GET", "profile", profile.form),
        ("POST", "profile", profile.keep),
        ("GET", "choices", choices.page),
        ("POST", "choices", choices.choose),
        ("GET", "choice_receipts", choices.receipts),
        ("GET", "choice_receipt", choices.receipt),
        ("POST", "copy", rights.order_copy),
        ("GET", "copy_case", rights.copy),
        ("GET", "copy_download", rights.download),
        ("POST", "restrict", rights.restrict),
        ("POST", "unrestrict", rights.lift),
        ("GET", "erase", rights.before_erasure),
        ("POST", "erase", rights.erase),
        ("GET", "erased", rights.erased),
    ]


def _people(frame: Frame, declarations: Declarations) -> list[tuple[str, str, Page]]:
    people = PeopleDesk(frame, declarations.offered())
    shield = ShieldDesk(people)
    return [
        ("GET", "people", people.form),
        ("POST", "people", people.find),
        ("POST", "people_one", people.person),
        ("POST", "people_choose", people.choose),
        ("POST", "people_name", shield.name),
        ("POST", "people_shield", shield.begin),
        ("POST", "people_unshield", shield.end),
    ]


def _desks(frame: Frame) -> list[tuple[str, str, Page]]:
    counter, door, organiser = Counter(frame), Door(frame), Organiser(frame)
    privacy, care = PrivacyDesk(frame), CounterCare(frame)
    return [
        ("GET", "counter", counter.counter),
        ("POST", "sell", counter.sell),
        ("GET", "counter_pdf", counter.paper),
        ("GET", "counter_find", care.form),
        ("POST", "counter_find", care.find),
        ("POST", "counter_again", care.again),
        ("GET", "door", door.door),
        ("POST", "admit", door.admit),
        ("GET", "organiser", organiser.organiser),
        ("GET", "books", BooksPage(frame).books),
        ("GET", "privacy_desk", privacy.desk),
        ("POST", "desk_find", privacy.find),
        ("POST", "desk_cases", privacy.open),
        ("GET", "desk_case", privacy.case),
        ("POST", "desk_lift", privacy.lift),
        ("POST", "desk_decide", privacy.decide),
        ("POST", "desk_review", privacy.review),
        ("POST", "desk_sweeps", privacy.sweep),
    ]


def _house(frame: Frame, declarations: Declarations, house: Mapping[str, Any]) -> list[tuple[str, str, Page]]:
    statement, feeds = Statement(frame, declarations, house), Feeds(frame, house)
    return [
        *planner_pages(frame),
        ("GET", "season_ics", feeds.season),
        ("GET", "event_ics", feeds.event),
        ("GET", "brand", feeds.brand),
        ("GET", "brand_css", feeds.brand_css),
        ("GET", "privacy", statement.privacy),
        ("GET", "privacy_data", statement.data),
        ("GET", "privacy_version", statement.earlier),
        ("GET", "house_css", statement.house_css),
        ("GET", "gpc", statement.signal),
    ]
