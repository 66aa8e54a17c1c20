"""What is done to accounts beside the running service, with its settings, by whoever runs the house (G-71).

`echo USER | python -m services.accounts revoke` takes a role away and ends every session.

`python -m services.accounts clear-factors` clears the second factors of somebody who lost them all. On
standard input: the user, then two people in charge (administrator, privacy officer), a line each with user
name, a blank and the code that their app shows now. Both stand in the log of looks.

Names and codes come by standard input and so stand in no process list. Exit status 0 when it was done, 1 when
it was refused, 2 for a wrong command.
"""

import asyncio
import base64
import sys
from collections.abc import Sequence
from pathlib import Path

from chassis.charter import Charter
from chassis.clock import SystemClock
from chassis.sealing import Keyring
from chassis.service import workplace_of
from chassis.work import Workplace
from services.accounts.handlers.clear_factors import ClearFactors
from services.accounts.handlers.guard_log_in import Guard, Pace
from services.accounts.handlers.prove_factor import ProveFactor
from services.accounts.handlers.revoke_actor import RevokeActor
from services.accounts.settings import AccountsSettings

COMMANDS = ("revoke", "clear-factors")
USAGE = f"usage: python -m services.accounts {'|'.join(COMMANDS)} < names\n"


def main(arguments: Sequence[str]) -> int:
    """Read the command and the names, do it, say what happened."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        sys.stderr.write(USAGE)
        return 2
    lines = [line.strip() for line in sys.stdin.read().splitlines()]
    refused = asyncio.run(_done(arguments[0], lines or [""]))
    sys.stdout.write(f"{arguments[0]}: {refused or 'done'}\n")
    return 1 if refused else 0


async def _done(command: str, lines: Sequence[str]) -> str | None:
    """Why it was refused, in a few words; None where it was done."""
    # Values come from the environment, as they do for the service itself.
    settings = AccountsSettings()
    charter = Charter.read(Path(__file__).with_name("charter.toml"))
    work = workplace_of(settings, charter, SystemClock())
    try:
        if command == "revoke":
            return None if await RevokeActor(work)(lines[0]) else "no such user"
        return await _cleared(settings, work, lines)
    finally:
        await work.close()


async def _cleared(settings: AccountsSettings, work: Workplace, lines: Sequence[str]) -> str | None:
    key = base64.b64decode(settings.secret("sealing.key"), validate=True)
    pace = Pace(settings.login_failures, settings.address_failures, settings.login_window, key)
    keys = Keyring.read(settings.secret_path("factors"))
    approved = [(name, code) for name, _, code in (line.rpartition(" ") for line in lines[1:])]
    clear = ClearFactors(work, ProveFactor(work, Guard(work, pace), keys))
    return await clear(lines[0], approved)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
