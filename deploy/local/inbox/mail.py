"""One mail, taken apart: headers, text, HTML and attachments."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message


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
    # The modern policy of the email package breaks off at some malformed addresses; the old one does not.
    message = message_from_bytes(raw)
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


def _leaves(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if not part.is_multipart():
            yield part


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    try:
        return _content(part).decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return _content(part).decode("latin-1")


def _attachment(part: Message, number: int) -> Attachment:
    kind = part.get_content_type()
    name = part.get_filename() or f"part-{number + 1}{mimetypes.guess_extension(kind) or ''}"
    content_id = _clean(part.get("Content-ID", "")).strip("<> ") or None
    return Attachment(_clean(name), kind, _content(part), content_id)


def _clean(value: object) -> str:
    """A header value decoded, without line breaks, and without bytes that no encoding explains."""
    try:
        text = str(make_header(decode_header(str(value))))
    except (MessageError, LookupError, ValueError):
        text = str(value)
    return " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
