"""What the simulator is told by its environment, and when it refuses to start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NOT_IN_PRODUCTION = (
    "The Mollie simulator takes no money and refuses to start in production "
    "(AVONDKASSA_ENVIRONMENT=production). Point the shop at Mollie itself."
)
# Mollie calls ten times over 26 hours; a developer waits minutes at most, so the pauses are shorter here.
LOCAL_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)


@dataclass(frozen=True)
class Settings:
    """All durations are seconds.

    ``base`` is the address clients and browsers use ("http://host:port"); None: as the request names it.
    ``keys`` are the API keys that are accepted; empty means any well-formed key. ``silence`` is how long a
    connection stays open whose answer is withheld.
    """

    state: Path
    host: str = "127.0.0.1"
    port: int = 8180
    base: str | None = None
    keys: frozenset[str] = frozenset()
    expires_after: float = 15 * 60
    webhook_pauses: tuple[float, ...] = LOCAL_PAUSES
    webhook_timeout: float = 15.0
    refund_after: float = 2.0
    silence: float = 30.0
    unruly: bool = False


def refusal(environ: Mapping[str, str]) -> str | None:
    """Why the simulator must not start in this environment, in a sentence; None where it may."""
    if environ.get("AVONDKASSA_ENVIRONMENT", "").strip().lower() in {"production", "prod", "live"}:
        return NOT_IN_PRODUCTION
    if not environ.get("MOLLIE_SIM_STATE"):
        return "MOLLIE_SIM_STATE must name the file in which the simulator keeps its payments."
    return None


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings from MOLLIE_SIM_* variables; ValueError where a number is none."""
    pauses = environ.get("MOLLIE_SIM_WEBHOOK_PAUSES")
    return Settings(
        state=Path(environ["MOLLIE_SIM_STATE"]),
        host=environ.get("MOLLIE_SIM_HOST", "127.0.0.1"),
        port=int(environ.get("MOLLIE_SIM_PORT", "8180")),
        base=environ.get("MOLLIE_SIM_BASE", "").rstrip("/") or None,
        keys=frozenset(environ.get("MOLLIE_SIM_KEYS", "").replace(",", " ").split()),
        expires_after=float(environ.get("MOLLIE_SIM_EXPIRES_SECONDS", 15 * 60)),
        webhook_pauses=tuple(float(p) for p in pauses.split(",")) if pauses else LOCAL_PAUSES,
        webhook_timeout=float(environ.get("MOLLIE_SIM_WEBHOOK_TIMEOUT", "15")),
        refund_after=float(environ.get("MOLLIE_SIM_REFUND_SECONDS", "2")),
        silence=float(environ.get("MOLLIE_SIM_SILENCE_SECONDS", "30")),
        unruly=environ.get("MOLLIE_SIM_UNRULY", "") == "1",
    )
