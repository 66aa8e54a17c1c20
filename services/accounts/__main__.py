"""`python -m services.accounts revoke`: takes a role away from the user named on standard input (G-71).

It works beside the running service, with the same settings. The name comes by standard input and so
stands in no process list. Exit status 0 when it was done, 1 when there is no such user, 2 for a wrong
command.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from chassis.charter import Charter
from chassis.clock import SystemClock
from chassis.service import workplace_of
from services.accounts.handlers.revoke_actor import RevokeActor
from services.accounts.settings import AccountsSettings

USAGE = "usage: echo USER | python -m services.accounts revoke\n"


def main(arguments: Sequence[str]) -> int:
    """Read the command and the name, revoke, say what happened."""
    if list(arguments) != ["revoke"]:
        sys.stderr.write(USAGE)
        return 2
    known = asyncio.run(_revoke(sys.stdin.readline().strip()))
    sys.stdout.write("revoke: done\n" if known else "revoke: no such user\n")
    return 0 if known else 1


async def _revoke(user: str) -> bool:
    # Values come from the environment, as they do for the service itself.
    settings = AccountsSettings()
    charter = Charter.read(Path(__file__).with_name("charter.toml"))
    work = workplace_of(settings, charter, SystemClock())
    try:
        return await RevokeActor(work)(user)
    finally:
        await work.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
