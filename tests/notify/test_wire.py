"""The form of a mail on the wire, read by somebody else's parser: nothing is lost or smuggled."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any
from uuid import UUID

import pytest

from services.notify.domain.contact import addressee
from services.notify.mail import Attachment, Mail, Sender, on_the_wire

NOW = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)
HOUSE = Sender("De Vloedlijn", "tickets@devloedlijn.example", "onthaal@devloedlijn.example")
TEXT = "Storm: één regel.\n.\n\nFrom hier\tna een tab \n" + "lang " * 80 + "\n"


def wired(**changes: Any) -> bytes:
    person = addressee(
        UUID(int=2), changes.pop("name", "Guusje"), changes.pop("email", "g@zeldzaam.example"), "fr"
    )
    assert person is not None
    known: dict[str, Any] = {
        "id": UUID(int=1),
        "to": person,
        "subject": "Zout",
        "text": TEXT,
        "html": "<p>é</p>",
    }
    return on_the_wire(Mail(**(known | changes)), HOUSE, NOW).content


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    return message


@pytest.mark.parametrize("name", ["", "Guusje Zeldzaam", 'Jo "de" Wit, arts', "Łucja Ça", "Ω" * 90])
def test_a_name_arrives_as_it_is(name: str) -> None:
    # The older of Python's two parsers: the newer one puts spaces between the encoded words of a name.
    written = message_from_bytes(wired(name=name))["To"]
    assert parseaddr(str(make_header(decode_header(written)))) == (name, "g@zeldzaam.example")


@pytest.mark.parametrize(
    "subject", ["Zout & zand", "Vos billets pour La tempête approche " * 4, "woord " * 40]
)
def test_a_subject_is_folded_and_whole(subject: str) -> None:
    content = wired(subject=subject)
    assert read(content)["Subject"] == subject.strip()


def test_a_line_break_in_a_subject_makes_no_header() -> None:
    mail = read(wired(subject="Zout\r\nBcc: ander@example.com"))
    assert mail["Bcc"] is None


def test_text_and_files_come_out_as_they_went_in() -> None:
    pdf = bytes(range(256)) * 40
    mail = read(wired(attachments=(Attachment("tickets-1.pdf", pdf),)))
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == TEXT
    assert html.get_content() == "<p>é</p>\r\n"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "tickets-1.pdf",
        "application/pdf",
        pdf,
    )


def test_every_line_ends_as_smtp_wants_and_is_short_enough() -> None:
    content = wired(attachments=(Attachment("a.pdf", b"x" * 5000),))
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_an_address_outside_ascii_stays_as_it_is() -> None:
    assert "To: Guusje <guusje@zéldzaam.example>\r\n".encode() in wired(email="guusje@zéldzaam.example")
