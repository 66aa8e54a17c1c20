"""A letter as the mail server gets it: RFC 5322, text and HTML, tickets attached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from services.notify.domain.contact import Addressee
from services.notify.domain.messages import message_header

# Long encoded words in one line: folding is left to the library, which knows RFC 2047.
POLICY = SMTP.clone(max_line_length=78)


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
    """A PDF file that goes along."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, not yet in the form of the wire."""

    id: UUID
    to: Addressee
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def as_message(mail: Mail, sender: Sender, now: datetime) -> EmailMessage:
    """The mail on the wire. The Message-ID depends on the message only, so a repeat carries the same one.

    There are no List-… headers: these letters are part of a contract or of a right, not of a list (G-61).
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(mail.to.name, addr_spec=mail.to.email)
    message["Reply-To"] = Address(sender.name, addr_spec=sender.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = now
    message["Message-ID"] = message_header(mail.id, sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        message.add_attachment(
            attachment.content, maintype="application", subtype="pdf", filename=attachment.filename
        )
    # Last, because making a message multipart moves its Content-… headers into the first part.
    message["Content-Language"] = mail.to.language
    return message
