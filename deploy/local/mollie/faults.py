"""What the simulator does wrong on request, so that the shop is tested against a provider on a bad day."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from deploy.local.mollie.problems import Problem


@dataclass(frozen=True)
class Faults:
    """The faults in force.

    duplicate: each webhook is sent this many times more.
    delay_seconds: webhooks wait this long.
    reorder: every second webhook waits until a later one has passed.
    timeout_after_create: so many next payments and refunds are made, but the client never hears so.
    webhook_drop: so many next webhooks are lost for good.
    unavailable: so many next calls are answered with 503.
    no_balance: so many next refunds are refused, because there is nothing to pay them from.
    refund_fails: so many next refunds are taken up and come to nothing.
    """

    duplicate: int = 0
    delay_seconds: float = 0.0
    reorder: bool = False
    timeout_after_create: int = 0
    webhook_drop: int = 0
    unavailable: int = 0
    no_balance: int = 0
    refund_fails: int = 0


class FaultBoard:
    """Holds the faults in force and counts down those that are limited."""

    def __init__(self, usual: Faults) -> None:
        """``usual`` are the faults at the start and after a reset."""
        self._usual = usual
        self.now = usual

    def set(self, given: object) -> Problem | None:
        """Changes the faults that are named, leaves the others; refuses unknown names and wrong types."""
        if not isinstance(given, dict):
            return Problem(422, "The faults must be a JSON object")
        known: dict[str, type[Any]] = {f.name: type(getattr(self._usual, f.name)) for f in fields(Faults)}
        for name, value in given.items():
            if name not in known:
                return Problem(422, "There is no such fault", str(name)[:40])
            if not isinstance(value, int | float) or value < 0:
                return Problem(422, "The fault must be a number or true or false", name)
        changes: dict[str, Any] = {name: known[name](value) for name, value in given.items()}
        self.now = replace(self.now, **changes)
        return None

    def reset(self) -> None:
        """Back to how the simulator started."""
        self.now = self._usual

    def take(self, name: str) -> bool:
        """Uses up one of a limited fault; False when none is left."""
        left: int = getattr(self.now, name)
        if left <= 0:
            return False
        changes: dict[str, Any] = {name: left - 1}
        self.now = replace(self.now, **changes)
        return True

    def document(self) -> dict[str, object]:
        """The faults in force, as JSON."""
        return asdict(self.now)
