"""A letter that somebody can sign off from says so to mail programs (RFC 8058)."""

from datetime import UTC, datetime
from email import message_from_bytes
from uuid import UUID

import pytest

from services.notify.domain.contact import Addressee
from services.notify.mail import Mail, Sender, on_the_wire

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SENDER = Sender("De Vloedlijn", "nieuws@devloedlijn.example", "onthaal@devloedlijn.example")


@pytest.mark.requirement("G-61")
def test_only_a_letter_of_a_list_has_the_headers_of_one() -> None:
    to = Addressee(UUID(int=1), "Guusje", "guusje@zeldzaam.example", "nl")
    link = "https://devloedlijn.example/u/abc"
    wired = on_the_wire(Mail(UUID(int=2), to, "Nieuws", "tekst", "<p>", sign_off=link), SENDER, NOW)
    listed = message_from_bytes(wired.content)
    assert listed["List-Unsubscribe"] == f"<{link}>"
    assert listed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = on_the_wire(Mail(UUID(int=2), to, "Tickets", "tekst", "<p>"), SENDER, NOW)
    assert message_from_bytes(plain.content)["List-Unsubscribe"] is None
