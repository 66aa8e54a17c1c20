"""What the person who starts the house sees: a line per step, and one screen when all is ready."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

ADDRESSES = (
    ("Shop", "shop"),
    ("Box office", "boxoffice"),
    ("Door", "door"),
    ("Organiser", "organiser"),
    ("Privacy desk", "privacy"),
    ("Books", "books"),
    ("Local inbox", "inbox"),
    ("Mollie simulator", "mollie"),
    ("Organiser's receiver", "receiver"),
    ("RabbitMQ", "broker_address"),
)


@dataclass
class Screen:
    """Progress with the seconds since the start. Colour only where a person reads along."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    _since: float = field(default_factory=time.monotonic, init=False)

    def say(self, text: str) -> None:
        print(f"{self.seconds:6.1f} s  {text}", file=self.out, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._since

    def ready(self, endpoints: Mapping[str, Any], *, foreground: bool) -> None:
        """The screen that stays: addresses, log-ins, how to stop. `endpoints` as in endpoints.json."""
        print("\n".join(["", *_screen(endpoints, self._bold, foreground), ""]), file=self.out, flush=True)

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.out.isatty() else text


def _screen(endpoints: Mapping[str, Any], bold: Any, foreground: bool) -> list[str]:
    lines = [bold(f"Avondkassa is ready: everything runs after {endpoints['ready_after']:.1f} s."), ""]
    lines += [f"  {label:<22}{endpoints[key]}" for label, key in ADDRESSES]
    logins: Mapping[str, Mapping[str, str]] = endpoints["logins"]
    if logins:
        lines += ["", bold("Demo log-ins"), _row("role", "user", "password", "secret of the code app")]
        lines += [
            _row(role, one["user"], one["password"], one.get("totp", "")) for role, one in logins.items()
        ]
    how = "Ctrl-C stops everything." if foreground else "make stop stops everything."
    return [*lines, "", f"{how} Data stays until make reset. Logs: {endpoints['logs']}"]


def _row(role: str, user: str, password: str, totp: str) -> str:
    return f"  {role:<18}{user:<20}{password:<32}{totp}".rstrip()
