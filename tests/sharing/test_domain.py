"""Pure decisions of sharing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.sharing.domain import message as messages
from services.sharing.domain.fate import Again, Reply, Settled, after
from services.sharing.domain.message import Kind, Show
from services.sharing.domain.purposes import (
    ADMINISTRATION,
    CO_PRESENTATION,
    DOOR_LIST,
    NEWS,
    Agreement,
    AtTheDoor,
    Share,
    agreed_now,
    may_leave,
    together,
    without,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SHARE = Share(UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), UUID(int=5), CO_PRESENTATION)
SHOW = Show(UUID(int=4), "Storm", NOW)
DOOR = AtTheDoor("Guusje", ("Rij 3, stoel 4",))


def test_terms_count_from_their_first_moment_until_just_before_their_last() -> None:
    terms = [Agreement((DOOR_LIST, "newsletter"), NOW, NOW + DAY)]
    assert agreed_now(terms, NOW) == {DOOR_LIST}
    assert agreed_now(terms, NOW - timedelta(microseconds=1)) == frozenset()
    assert agreed_now(terms, NOW + DAY) == frozenset()


def test_only_what_is_registered_agreed_and_not_refused_may_leave() -> None:
    assert may_leave(SHARE, {DOOR_LIST, NEWS}, {NEWS, ADMINISTRATION}) == (NEWS,)
    assert may_leave(SHARE, set(), set(CO_PRESENTATION)) == ()


def test_each_field_leaves_for_its_own_purpose_only() -> None:
    for_news = messages.registered(SHARE, SHOW, (NEWS,), DOOR, "g@example.com").data
    assert for_news["email"] == "g@example.com"
    assert "name" not in for_news
    assert for_news["seats"] == []
    at_door = messages.registered(SHARE, SHOW, (DOOR_LIST,), DOOR, "g@example.com").data
    assert (at_door["name"], at_door["seats"]) == ("Guusje", ["Rij 3, stoel 4"])
    assert "email" not in at_door


def test_a_correction_of_what_nobody_holds_is_no_message() -> None:
    assert messages.corrected(SHARE, ("email",), (DOOR_LIST,), "Guusje", "g@example.com") is None


def test_a_recall_that_was_merely_received_goes_on() -> None:
    taken, done = Reply(204), Reply(200, acknowledged=True)
    assert after(taken, Kind.ERASED, 1, NOW, NOW) == Again(NOW + timedelta(seconds=2))
    assert after(done, Kind.ERASED, 1, NOW, NOW) is Settled.ACKNOWLEDGED
    assert after(taken, Kind.CORRECTED, 1, NOW, NOW) is Settled.DELIVERED
    assert after(taken, Kind.REGISTERED, 1, NOW, NOW) is Settled.DELIVERED


def test_a_redirect_an_error_and_silence_are_no_answer() -> None:
    for reply in (Reply(302), Reply(410), Reply(500), Reply(None)):
        assert after(reply, Kind.REGISTERED, 1, NOW, NOW) == Again(NOW + timedelta(seconds=2))
    assert after(Reply(None), Kind.REGISTERED, 9, NOW - 30 * DAY, NOW) is Settled.FAILED


def test_purposes_keep_their_order() -> None:
    assert together((NEWS,), (DOOR_LIST,)) == (DOOR_LIST, NEWS)
    assert without(CO_PRESENTATION, DOOR_LIST) == (ADMINISTRATION, NEWS)
