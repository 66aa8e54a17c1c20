"""`python -m examples.organiser`: runs the receiver until it is told to stop."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from examples.organiser.cabinet import Cabinet
from examples.organiser.web import Receiver


def main() -> int:
    """0 after an orderly stop, 2 where a setting is missing."""
    missing = [name for name in ("RECEIVER_STATE", "RECEIVER_SECRET_FILE") if not os.environ.get(name)]
    if missing:
        print(f"Set {' and '.join(missing)}; the README says how.", file=sys.stderr)
        return 2
    host, port = os.environ.get("RECEIVER_HOST", "127.0.0.1"), int(os.environ.get("RECEIVER_PORT", "8195"))
    receiver = Receiver(
        Cabinet(Path(os.environ["RECEIVER_STATE"])),
        Path(os.environ["RECEIVER_SECRET_FILE"]),
        os.environ.get("RECEIVER_NAME", "Organiser"),
        lambda: datetime.now(UTC),
    )
    print(f"Receiver on http://{host}:{port}", flush=True)
    web.run_app(receiver.app(), host=host, port=port, access_log=None, print=None, shutdown_timeout=1.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
