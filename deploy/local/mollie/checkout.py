"""The page where a customer pays: says honestly that this is a test, and lets them choose how it ends."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from aiohttp import web
from babel.dates import format_time, get_timezone
from babel.numbers import format_currency

from deploy.local.mollie.book import Payment
from deploy.local.mollie.methods import METHODS, icon
from deploy.local.mollie.problems import Problem
from deploy.local.mollie.teller import FINAL, Teller
from deploy.local.mollie.wording import WORDING, Wording, language_of

HERE = Path(__file__).parent
TIME_ZONE = "Europe/Brussels"


@dataclass(frozen=True)
class View:
    """What the page shows; ``methods`` are pairs of id and name, empty where nothing is left to choose."""

    payment: Payment
    amount: str
    until: str
    methods: list[tuple[str, str]]
    back: str


class Checkout:
    """The hosted payment page and what its form does."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    def routes(self) -> list[web.RouteDef]:
        """The page, its form, its style sheet and the signs of the methods."""
        return [
            web.get("/checkout/select-method/{token}", self._show),
            web.post("/checkout/select-method/{token}", self._choose),
            web.get("/checkout.css", self._style),
            web.get("/icons/{method}.svg", self._icon),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        payment = self._find(request)
        if payment is None:
            return self._page("missing.html", WORDING[language_of(None, request.headers)], 404)
        language = language_of(payment.facts.get("locale"), request.headers)
        view = look_at(payment, language)
        response = self._page("checkout.html", WORDING[language], view=view)
        # Browsers check redirects after a form against form-action too, so the shop's address belongs there.
        shop = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, _ways_back(payment))}
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {' '.join(sorted(shop))}"
        )
        return response

    async def _choose(self, request: web.Request) -> web.StreamResponse:
        payment = self._find(request)
        if payment is None:
            return self._page("missing.html", WORDING[language_of(None, request.headers)], 404)
        form = await request.post()
        status, method = form.get("status"), form.get("method")
        if not isinstance(status, str) or status not in FINAL:
            return web.Response(text="status must be one of: " + ", ".join(FINAL), status=400)
        view = look_at(payment, "en")
        chosen = method if isinstance(method, str) and method in METHODS else view.methods[0][0]
        self._teller.settle(payment, status, chosen if status in {"paid", "failed"} else None)
        # Whoever presses twice, or comes late, is sent to the shop with whatever the payment became first.
        raise web.HTTPSeeOther(_way_back(payment))

    def _find(self, request: web.Request) -> Payment | None:
        for mode in ("test", "live"):
            payment = self._teller.find("tr_" + request.match_info["token"], mode)
            if not isinstance(payment, Problem):
                return payment
        return None

    def _page(
        self, template: str, wording: Wording, status: int = 200, view: View | None = None
    ) -> web.Response:
        html = self._pages.get_template(template).render(w=wording, view=view)
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return web.Response(text=html, status=status, content_type="text/html", headers=headers)

    async def _style(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(HERE / "templates" / "checkout.css")

    async def _icon(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if method not in METHODS:
            raise web.HTTPNotFound
        return web.Response(text=icon(method), content_type="image/svg+xml")


def _way_back(payment: Payment) -> str:
    back: str = payment.facts["redirectUrl"]
    return payment.facts.get("cancelUrl", back) if payment.status == "canceled" else back


def _ways_back(payment: Payment) -> list[str]:
    return [payment.facts[name] for name in ("redirectUrl", "cancelUrl") if name in payment.facts]


def look_at(payment: Payment, language: str) -> View:
    """The view of a payment: amount and time in the customer's language, and the methods to choose from."""
    asked = payment.facts.get("method") or list(METHODS)
    methods = asked if isinstance(asked, list) else [asked]
    amount = payment.facts["amount"]
    return View(
        payment=payment,
        amount=format_currency(Decimal(amount["value"]), amount["currency"], locale=language),
        until=format_time(payment.expires, "short", tzinfo=get_timezone(TIME_ZONE), locale=language),
        methods=[(method, METHODS[method]) for method in methods],
        back=_way_back(payment),
    )
