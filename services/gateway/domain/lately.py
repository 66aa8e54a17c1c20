"""Who did something a moment ago: what the others may see a moment late, they see at once."""

from __future__ import annotations

from datetime import datetime, timedelta


class Lately:
    """Remembers who did it, for so long, and no longer than until they looked."""

    def __init__(self, within: timedelta) -> None:
        self._within = within
        self._at: dict[bytes, datetime] = {}

    def note(self, who: bytes, now: datetime) -> None:
        """They did it now. Whose moment is over is forgotten, so that a crowd takes no room for long."""
        self._at.pop(who, None)
        while self._at and now - self._at[oldest := next(iter(self._at))] > self._within:
            del self._at[oldest]
        self._at[who] = now

    def take(self, who: bytes, now: datetime) -> bool:
        """Whether they did it in the last moment and have not looked since."""
        noted = self._at.pop(who, None)
        return noted is not None and now - noted <= self._within
