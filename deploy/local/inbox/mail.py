"""One mail, taken apart: headers, text, HTML and attachments."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(frozen=True)
class Attachment:
    """A part of a mail that is no body; ``content_id`` is how the HTML refers to it, where it does."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None


@dataclass(frozen=True)
class Mail:
    """A mail as a reader sees it. ``headers`` in order; ``text`` and ``html`` None where there is none."""

    subject: str
    sender: str
    headers: list[tuple[str, str]]
    text: str | None
    html: str | None
    attachments: list[Attachment]


def read_mail(raw: bytes) -> Mail:
    """Takes a mail apart; whatever a sender got wrong is shown as well as it can be."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage), "the default policy makes these"
    headers = [(name, _clean(value)) for name, value in message.items()]
    named = {name.lower(): value for name, value in reversed(headers)}
    bodies: dict[str, str] = {}
    attachments: list[Attachment] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        is_body = kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment"
        if is_body and kind not in bodies:
            bodies[kind] = _text(part)
        else:
            attachments.append(_attachment(part, len(attachments)))
    return Mail(
        subject=named.get("subject", ""),
        sender=named.get("from", ""),
        headers=headers,
        text=bodies.get("text/plain"),
        html=bodies.get("text/html"),
        attachments=attachments,
    )


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: EmailMessage) -> str:
    try:
        return _content(part).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return _content(part).decode("latin-1")


def _attachment(part: EmailMessage, number: int) -> Attachment:
    kind = part.get_content_type()
    name = part.get_filename() or f"part-{number + 1}{mimetypes.guess_extension(kind) or ''}"
    content_id = _clean(part.get("Content-ID", "")).strip("<> ") or None
    return Attachment(_clean(name), kind, _content(part), content_id)


def _clean(value: object) -> str:
    """A header value without line breaks, and without bytes that no encoding explains."""
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split())
