"""Who held places sees at once what others see a moment later."""

from datetime import UTC, datetime, timedelta

from services.gateway.domain.lately import Lately

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_moment_is_told_once_and_ends() -> None:
    lately = Lately(SECOND)
    lately.note(b"one", NOON)
    lately.note(b"two", NOON)
    assert lately.take(b"one", NOON + SECOND) is True
    assert lately.take(b"one", NOON + SECOND) is False
    assert lately.take(b"two", NOON + 2 * SECOND) is False


def test_it_keeps_nobody_whose_moment_is_over() -> None:
    lately = Lately(SECOND)
    for n in range(100):
        lately.note(str(n).encode(), NOON + n * SECOND)
    assert lately.take(b"0", NOON) is False
    assert lately.take(b"99", NOON + 99 * SECOND) is True
