"""A letter as the mail server gets it: RFC 5322, text and HTML, tickets attached.

The parts are put together here. The email package parses every header that is set and walks through every
line of an attachment, which takes as long as drawing the tickets; of it we use what encodes.
"""

from __future__ import annotations

from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from uuid import UUID

from services.notify.domain.contact import Addressee
from services.notify.domain.messages import message_header

CRLF = b"\r\n"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the house is in a mail: name, address that it writes from, address that answers go to."""

    name: str
    address: str
    reply_to: str

    @property
    def domain(self) -> str:
        """What follows the @ of the sender's address."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF file that goes along; its name is ASCII without spaces."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, not yet in the form of the wire; `sign_off` is where somebody ends mails like this one."""

    id: UUID
    to: Addressee
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    sign_off: str | None = None


@dataclass(frozen=True, slots=True)
class Wired:
    """A mail in the form of the wire, and between which addresses it goes."""

    sender: str
    recipient: str
    content: bytes


def on_the_wire(mail: Mail, sender: Sender, now: datetime) -> Wired:
    """The mail on the wire. The Message-ID depends on the message only, so a repeat carries the same one.

    A letter that somebody can sign off from says so to mail programs too (RFC 8058); one that is part of a
    contract or of a right is no list, and has no List-… headers (G-61).
    """
    headers = {
        "From": _who(sender.name, sender.address),
        "To": _who(mail.to.name, mail.to.email),
        "Reply-To": _who(sender.name, sender.reply_to),
        "Subject": _encoded(mail.subject, "Subject"),
        "Date": format_datetime(now),
        "Message-ID": message_header(mail.id, sender.domain),
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.to.language,
        "MIME-Version": "1.0",
    }
    if mail.sign_off is not None:
        headers["List-Unsubscribe"] = f"<{mail.sign_off}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = _several("alternative", mail.id, (_words("plain", mail.text), _words("html", mail.html)))
    if mail.attachments:
        letter = _several("mixed", mail.id, (letter, *map(_file, mail.attachments)))
    return Wired(sender.address, mail.to.email, _lines(headers) + letter)


def _who(name: str, address: str) -> str:
    """An address with its name, which is quoted, or encoded where it is not ASCII (RFC 2047)."""
    called = formataddr((name, "")).removesuffix("<>") if name.isascii() else f"{_encoded(name, 'Reply-To')} "
    return f"{called}<{address}>"


def _encoded(text: str, header: str) -> str:
    """A text for a header, folded; one line of it at most, whatever it holds."""
    line = " ".join(text.split())
    return Header(line, "us-ascii" if line.isascii() else "utf-8", 78, header).encode(linesep="\r\n")


def _lines(headers: dict[str, str]) -> bytes:
    """An address outside ASCII stays as it is: the mail server is asked whether it knows RFC 6532."""
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())


def _several(kind: str, mail: UUID, parts: Iterable[bytes]) -> bytes:
    """A multipart; quoted-printable and base64 hold no `=_`, so no line of a part is its boundary."""
    boundary = f"=_{kind}_{mail.hex}"
    head = _lines({"Content-Type": f'multipart/{kind};\r\n boundary="{boundary}"'}) + CRLF
    edge = f"--{boundary}\r\n".encode()
    return head + b"".join(edge + part + CRLF for part in parts) + f"--{boundary}--\r\n".encode()


def _words(kind: str, text: str) -> bytes:
    headers = {
        "Content-Type": f'text/{kind}; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    lines = "\n".join(text.splitlines()) + "\n"
    return _lines(headers) + CRLF + b2a_qp(lines.encode(), istext=True).replace(b"\n", CRLF)


def _file(file: Attachment) -> bytes:
    headers = {
        "Content-Type": "application/pdf",
        "Content-Transfer-Encoding": "base64",
        "Content-Disposition": f'attachment; filename="{file.filename}"',
    }
    return _lines(headers) + CRLF + encodebytes(file.content).replace(b"\n", CRLF)
