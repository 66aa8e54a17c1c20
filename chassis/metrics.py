"""Figures of one process for Prometheus: by route template and topic, never by person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST
ALARMS = {
    "letter_refused": "The broker forbids us to say what our charter allows.",
    "letter_returned": "Nobody would get what we say: a queue or a binding is missing.",
    "letter_smuggled": "A letter came under a topic that its sender may not say.",
    "letter_unreadable": "A letter is not what its contract says; it went to the dead letters.",
}
"""What should never happen, counted from nought, so that the first time is seen already."""
_OF_OUTCOME = {
    "refused": "letter_refused",
    "returned": "letter_returned",
    "smuggled": "letter_smuggled",
    "unreadable": "letter_unreadable",
}
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """A registry of its own per service, so that two in one process never mix."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._registry = CollectorRegistry()
        self._requests = self._counter("http_requests", "HTTP requests.", "method", "route", "status")
        self._published = self._counter(
            "published",
            "Events given: sent, returned, refused, away, timeout.",
            "topic",
            "outcome",
        )
        self._heard = self._counter(
            "heard", "Events that arrived: handled, parked, unreadable, smuggled.", "topic", "outcome"
        )
        self._timers = self._counter("timer_runs", "Runs of timers: done, failed.", "timer", "outcome")
        self._done_at = self._gauge(
            "timer_done_timestamp_seconds", "When a timer last did its work.", "timer"
        )
        self._alarms = self._counter("alarms", "What should never happen.", "alarm")
        for alarm in ALARMS:
            self._alarms.labels(service, alarm)
        self._outbox_age = self._gauge("outbox_age_seconds", "Age of the oldest waiting event; alert at 60.")
        self._parked = self._gauge("parked_messages", "Messages that a handler could not handle yet.")
        self._answers: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._seconds = Histogram(
            "avondkassa_http_request_seconds",
            "Time to answer, by route template.",
            ["service", "route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"avondkassa_{name}", text, ["service", *labels], registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"avondkassa_{name}", text, ["service", *labels], registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one HTTP answer."""
        # Methods, routes and statuses are few; looking their figures up by label costs more than counting.
        known = self._answers.get((method, route, status))
        if known is None:
            counter = self._requests.labels(self._service, method, route, str(status))
            known = self._answers[method, route, status] = counter, self._seconds.labels(self._service, route)
        counted, timed = known
        counted.inc()
        timed.observe(seconds)

    def published(self, topic: str, outcome: str) -> None:
        """Count one event given to the broker."""
        self._published.labels(self._service, topic, outcome).inc()
        self._raise_alarm(outcome)

    def heard(self, topic: str, outcome: str) -> None:
        """Count one event that came from the broker."""
        self._heard.labels(self._service, topic, outcome).inc()
        self._raise_alarm(outcome)

    def _raise_alarm(self, outcome: str) -> None:
        if outcome in _OF_OUTCOME:
            self._alarms.labels(self._service, _OF_OUTCOME[outcome]).inc()

    def timer_ran(self, timer: str, outcome: str) -> None:
        """Count one run of a timer."""
        self._timers.labels(self._service, timer, outcome).inc()
        if outcome == "done":
            self._done_at.labels(self._service, timer).set_to_current_time()

    def waiting(self, outbox_age_seconds: float, parked: int) -> None:
        """Set what waits: the oldest event's age in seconds, and how many messages are parked."""
        self._outbox_age.labels(self._service).set(outbox_age_seconds)
        self._parked.labels(self._service).set(parked)

    def exposition(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)
