"""`python -m deploy.local.mollie`: runs the simulator until it is told to stop."""

import logging
import os
import sys
import time

from aiohttp import web

from deploy.local.mollie.app import compose
from deploy.local.mollie.settings import read_settings, refusal


def main() -> int:
    """0 after an orderly stop, 2 where it may not start."""
    refused = refusal(os.environ)
    if refused is not None:
        print(refused, file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s")
    settings = read_settings(os.environ)
    print(f"Mollie simulator on http://{settings.host}:{settings.port}", flush=True)
    app = compose(settings, time.time)
    web.run_app(
        app, host=settings.host, port=settings.port, access_log=None, print=None, shutdown_timeout=1.0
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
