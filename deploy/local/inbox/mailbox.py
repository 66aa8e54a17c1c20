"""The folder of mails: one .eml file each; a restart forgets nothing, and any mail reader can open them."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.inbox.mail import Mail, read_mail

# The first line of each file says who sent it to whom in the SMTP dialogue; to a mail reader it is a header.
ENVELOPE = b"X-Inbox-Envelope: "


@dataclass(frozen=True)
class Summary:
    """A line of the list. ``to`` are the recipients of the SMTP dialogue, blind copies included."""

    id: str
    to: list[str]
    sender: str
    subject: str
    received_at: datetime
    attachments: list[dict[str, Any]]

    def document(self) -> dict[str, Any]:
        """As JSON for scripts."""
        return {
            "id": self.id,
            "to": self.to,
            "from": self.sender,
            "subject": self.subject,
            "received_at": self.received_at.isoformat(),
            "attachments": self.attachments,
        }


class Mailbox:
    """Stores, lists, reads and deletes mails; ``now`` gives seconds since 1970."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        """Reads what the folder holds; makes it when missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._now = folder, now
        self._summaries = {path.stem: self._summarise(path.stem) for path in sorted(folder.glob("*.eml"))}

    def store(self, raw: bytes, sender: str, recipients: list[str]) -> str:
        """Keeps a mail; its id. Ids sort by time of arrival."""
        at = self._now()
        id = f"{int(at * 1000):013d}-{secrets.token_hex(4)}"
        envelope = json.dumps({"at": at, "from": sender, "to": recipients}).encode()
        fresh = self._folder / f"{id}.part"
        fresh.write_bytes(ENVELOPE + envelope + b"\r\n" + raw)
        fresh.rename(self._path(id))
        self._summaries[id] = self._summarise(id)
        return id

    def summaries(self, to: str | None = None) -> list[Summary]:
        """All mails, or those to one address; newest first."""
        found = sorted(self._summaries.values(), key=lambda s: (s.received_at, s.id), reverse=True)
        if to is None:
            return found
        return [s for s in found if to.strip().casefold() in (r.casefold() for r in s.to)]

    def read(self, id: str) -> tuple[Summary, Mail] | None:
        """One mail, with its line of the list."""
        raw = self.raw(id)
        return None if raw is None else (self._summaries[id], read_mail(raw))

    def raw(self, id: str) -> bytes | None:
        """One mail exactly as it was sent."""
        if id not in self._summaries:
            return None
        return self._path(id).read_bytes().partition(b"\r\n")[2]

    def delete(self, to: str | None = None) -> int:
        """Deletes all mails, or those to one address; how many."""
        doomed = self.summaries(to)
        for summary in doomed:
            self._path(summary.id).unlink(missing_ok=True)
            del self._summaries[summary.id]
        return len(doomed)

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.eml"

    def _summarise(self, id: str) -> Summary:
        first, _, raw = self._path(id).read_bytes().partition(b"\r\n")
        envelope = json.loads(first.removeprefix(ENVELOPE))
        mail = read_mail(raw)
        attachments = [
            {"n": n, "name": a.name, "content_type": a.content_type, "size": len(a.content)}
            for n, a in enumerate(mail.attachments)
        ]
        received_at = datetime.fromtimestamp(envelope["at"], UTC)
        return Summary(id, envelope["to"], mail.sender, mail.subject, received_at, attachments)
