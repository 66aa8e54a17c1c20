"""A figure: what was measured, against what, and whether the goal holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Goal:
    """Where a figure should be: at least or at most a bound, in its unit, or in times the reference."""

    bound: float
    at_most: bool = False

    def reached(self, value: float) -> bool:
        """Whether a value is on the good side."""
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        return f"at {'most' if self.at_most else 'least'} {short(self.bound)}"


@dataclass(frozen=True)
class Reference:
    """What a figure is compared with, in the same unit."""

    name: str
    value: float


@dataclass(frozen=True)
class Sent:
    """What the load generator sent for a figure: latencies in milliseconds, and its own CPU in seconds.

    `failed` counts, by step and reason, every answer that was not one of the good ones.
    """

    requests: int
    failed: Mapping[str, int]
    p50: float
    p99: float
    seconds: float
    generator_cpu: float


@dataclass(frozen=True)
class Figure:
    """One line of the benchmark.

    With a reference, the goals are about value ÷ reference; without one, about the value. A figure whose
    load had failures holds no goal, however fast the rest was. `profile` says where the time goes, and
    belongs to every goal that is missed.
    """

    name: str
    value: float
    unit: str
    goal: Goal | None = None
    stretch: Goal | None = None
    reference: Reference | None = None
    sent: Sent | None = None
    note: str = ""
    profile: tuple[str, ...] = field(default=())

    @property
    def ratio(self) -> float | None:
        """Value ÷ reference, or None where there is nothing to compare with."""
        if self.reference is None or not self.reference.value:
            return None
        return self.value / self.reference.value

    @property
    def sound(self) -> bool:
        """Whether something was measured at all, and every request was answered well."""
        sent = self.sent
        return math.isfinite(self.value) and (sent is None or (sent.requests > 0 and not sent.failed))

    @property
    def holds(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        return self._reaches(self.goal)

    def _reaches(self, goal: Goal | None) -> bool | None:
        if goal is None:
            return None
        judged = self.value if self.reference is None else self.ratio
        return self.sound and judged is not None and goal.reached(judged)

    def told(self) -> dict[str, Any]:
        """As results.json keeps it."""
        sent = self.sent
        return {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "goal": str(self.goal) if self.goal else None,
            "holds": self.holds,
            "stretch": str(self.stretch) if self.stretch else None,
            "stretch_holds": self._reaches(self.stretch),
            "reference": {"name": self.reference.name, "value": rounded(self.reference.value)}
            if self.reference
            else None,
            "ratio": rounded(self.ratio) if self.ratio is not None else None,
            "p50_ms": rounded(sent.p50) if sent else None,
            "p99_ms": rounded(sent.p99) if sent else None,
            "requests": sent.requests if sent else None,
            "failed": dict(sent.failed) if sent else {},
            "seconds": rounded(sent.seconds) if sent else None,
            "generator_cpu_seconds": rounded(sent.generator_cpu) if sent else None,
            "note": self.note,
            "profile": list(self.profile),
        }

    def lines(self) -> list[str]:
        """As the benchmark prints it."""
        said = f"{self.name}: {short(self.value)} {self.unit}".rstrip()
        return [", ".join([said, *self._compared(), *self._judged()]), *self._details()]

    def _compared(self) -> list[str]:
        if self.reference is None:
            return []
        times = f" = {short(self.ratio)} ×" if self.ratio is not None else ""
        return [f"{self.reference.name} {short(self.reference.value)}{times}"]

    def _judged(self) -> list[str]:
        verdicts = [("goal", self.goal), ("stretch", self.stretch)]
        return [
            f"{name} {goal}: {'holds' if self._reaches(goal) else 'MISSED'}"
            for name, goal in verdicts
            if goal is not None
        ]

    def _details(self) -> list[str]:
        lines = []
        if self.sent is not None:
            failed = sum(self.sent.failed.values())
            lines.append(
                f"    p50 {short(self.sent.p50)} ms, p99 {short(self.sent.p99)} ms, "
                f"{self.sent.requests} requests in {short(self.sent.seconds)} s, {failed} failed"
            )
            lines += [f"    failed: {what} × {count}" for what, count in sorted(self.sent.failed.items())]
        lines += [f"    {self.note}"] if self.note else []
        if self.holds is False and not self.profile:
            lines.append("    no profile was taken")
        return lines + [f"      {line}" for line in self.profile]


def rounded(value: float) -> float:
    """Four digits that matter: more would claim what one run cannot know."""
    return float(f"{value:.4g}") if math.isfinite(value) else value


def short(value: float | None) -> str:
    """A number as a reader wants it: no exponent, three digits that matter."""
    if value is None:
        return "?"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
