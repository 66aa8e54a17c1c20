"""`python -m deploy.local.inbox`: runs the inbox until it is told to stop."""

import logging
import os
import sys
from collections.abc import AsyncIterator

from aiohttp import web

from deploy.local.inbox.faults import Faults
from deploy.local.inbox.mailbox import Mailbox
from deploy.local.inbox.settings import Settings, read_settings
from deploy.local.inbox.smtp import listen
from deploy.local.inbox.web import Pages


def compose(settings: Settings) -> web.Application:
    """The web application; the SMTP door opens and closes with it."""
    mailbox, faults = Mailbox(settings.folder), Faults()
    app = web.Application()
    app.add_routes(Pages(mailbox, faults).routes())

    async def smtp(_: web.Application) -> AsyncIterator[None]:
        server = await listen(settings, mailbox, faults)
        yield
        server.close()

    app.cleanup_ctx.append(smtp)
    return app


def main() -> int:
    """0 after an orderly stop, 2 where it was not told where to keep mails."""
    settings = read_settings(os.environ)
    if settings is None:
        print("INBOX_FOLDER must name the folder in which mails are kept.", file=sys.stderr)
        return 2
    # aiosmtpd logs addresses at the lower levels.
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
    print(
        f"Inbox on http://{settings.host}:{settings.web_port}, SMTP on port {settings.smtp_port}", flush=True
    )
    web.run_app(
        compose(settings),
        host=settings.host,
        port=settings.web_port,
        access_log=None,
        print=None,
        shutdown_timeout=1.0,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
