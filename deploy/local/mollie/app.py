"""Wires the simulator: book, teller, courier and doors."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from deploy.local.mollie.api import Api
from deploy.local.mollie.book import Book
from deploy.local.mollie.checkout import Checkout
from deploy.local.mollie.control import Control
from deploy.local.mollie.courier import Courier
from deploy.local.mollie.faults import FaultBoard, Faults
from deploy.local.mollie.problems import Problem, answer
from deploy.local.mollie.settings import Settings
from deploy.local.mollie.teller import Teller

BODY_LIMIT = 256 * 1024


def compose(settings: Settings, now: Callable[[], float]) -> web.Application:
    """The web application; ``now`` gives seconds since 1970."""
    book = Book(settings.state)
    faults = FaultBoard(Faults(duplicate=1, reorder=True) if settings.unruly else Faults())
    courier = Courier(book, faults, settings, now)
    teller = Teller(book, faults, settings, now, courier.announce)
    app = web.Application(client_max_size=BODY_LIMIT, middlewares=[problems_as_documents])
    app.add_routes(Api(book, teller, faults, settings, now).routes())
    app.add_routes(Checkout(teller).routes())
    app.add_routes(Control(book, teller, faults).routes())

    async def run(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(courier.work(teller.let_time_pass))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        book.close()

    app.cleanup_ctx.append(run)
    return app


@web.middleware
async def problems_as_documents(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answers unknown addresses, wrong methods and bodies over the limit the way Mollie does."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return answer(Problem(error.status, f"{error.reason}."))
