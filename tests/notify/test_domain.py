"""Pure decisions of notify."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.notify.domain.contact import addressee, one_line
from services.notify.domain.messages import (
    GivenUp,
    Outcome,
    Patience,
    Retry,
    Template,
    after,
    message_header,
    message_id_of,
    pause_after,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ABOUT = UUID(int=7)
PATIENCE = Patience(tries=3, time=timedelta(hours=1))


def test_a_message_about_the_same_thing_is_the_same_message() -> None:
    assert message_id_of(Template.TICKETS, ABOUT) == message_id_of(Template.TICKETS, ABOUT)
    assert message_id_of(Template.TICKETS, ABOUT) != message_id_of(Template.ERASED, ABOUT)
    assert message_header(ABOUT, "a.example") == f"<{ABOUT}@a.example>"


def test_refused_for_now_is_tried_again_with_growing_pauses() -> None:
    assert after(Outcome.NOT_NOW, 1, NOW, NOW, PATIENCE) == Retry(NOW + timedelta(seconds=2))
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 40)] == [2, 4, 8, 3600]


def test_patience_ends_by_tries_by_time_and_by_a_refusal_for_good() -> None:
    assert after(Outcome.NOT_NOW, 3, NOW, NOW, PATIENCE) == GivenUp()
    assert after(Outcome.NOT_NOW, 1, NOW, NOW + timedelta(hours=1), PATIENCE) == GivenUp()
    assert after(Outcome.NEVER, 1, NOW, NOW, PATIENCE) == GivenUp()


def test_a_name_fits_in_one_line() -> None:
    assert one_line(" Guusje\r\n\tZeldzaam\x00 ") == "Guusje Zeldzaam"


def test_without_an_address_there_is_nobody_to_write_to() -> None:
    assert addressee(ABOUT, "Guusje", None, "nl") is None
    known = addressee(ABOUT, None, "g@example.com", None)
    assert known is not None
    assert (known.name, known.language) == ("", "nl")
