"""The receiver's files: attendees.json and deliveries.json, readable by their owner only."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from examples.organiser.attendees import Held

DELIVERIES_KEPT = 10_000


@dataclass(frozen=True)
class Delivery:
    """One message as it is logged; `fields` names what its data carried, so that too much is noticed."""

    id: str
    type: str | None
    at: str
    signature_ok: bool
    acknowledged: bool
    fields: tuple[str, ...] = ()


class Cabinet:
    """Reads the files once, writes them after each change; a write is whole or not at all."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self.held = Held(**self._read("attendees.json", {}))
        self.deliveries: list[dict[str, Any]] = self._read("deliveries.json", [])

    def answered(self, id: str) -> bool | None:
        """Whether a message that was carried out before is an acknowledged one; None if it is new."""
        for delivery in reversed(self.deliveries):
            if delivery["id"] == id and delivery["signature_ok"]:
                return bool(delivery["acknowledged"])
        return None

    def note(self, delivery: Delivery) -> None:
        """Adds to the log of deliveries: ids, types and names of fields, never what a message said."""
        self.deliveries.append(asdict(delivery))
        del self.deliveries[:-DELIVERIES_KEPT]

    def save(self) -> None:
        """Writes both files; the log last, so that a message is never logged that was not carried out."""
        self._write("attendees.json", asdict(self.held))
        self._write("deliveries.json", self.deliveries)

    def _read(self, name: str, otherwise: Any) -> Any:
        path = self._folder / name
        return json.loads(path.read_bytes()) if path.exists() else otherwise

    def _write(self, name: str, content: object) -> None:
        fresh = self._folder / f"{name}.part"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / name)
