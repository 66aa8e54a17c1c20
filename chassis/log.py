"""Logs without personal data: JSON lines of listed keys, faults by class, never a message or a local."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from chassis.context import current

ALLOWED = frozenset(
    (
        "event",
        "level",
        "timestamp",
        "service",
        "request_id",
        "method",
        "route",
        "status",
        "ms",
        "topic",
        "message_id",
        "purpose",
        "role",
        "fault",
        "slug",
        "stack",
        "attempts",
        "count",
        "timer",
        "queue",
        "reason",
        "case",
        "organisation",
        "library",
        "host",
        "port",
        "version",
        "migration",
        "seconds",
        "signal",
        "exit_code",
        "dropped",
        "table",
        "environment",
        "batch",
    )
)
"""Keys that may be logged. None of them can name a person; whatever else is given is dropped and counted."""

_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORD = re.compile(r"[A-Za-z0-9_.:/{}<>\[\]+-]{0,120}")
_FRAMES = 12
_transform = ExceptionDictTransformer(show_locals=False, max_frames=_FRAMES)


def configure(service: str, level: int = logging.INFO) -> None:
    """Make this process log JSON lines on standard output, and its libraries through the same sieve."""
    structlog.configure(
        processors=[
            _on_trail,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _named(service),
            describe_fault,
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Lines,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_LibraryHandler()]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """A logger; its event is a snake_case constant, its keys are those of ALLOWED."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger


def fault_of(error: BaseException) -> str:
    """What may be told of an exception: its class, and our own slug or reason where it has one."""
    word = getattr(error, "slug", None) or getattr(error, "reason", None)
    name = type(error).__name__
    return (
        f"{name}:{word}" if isinstance(word, str) and _EVENT_NAME.fullmatch(word.replace("-", "_")) else name
    )


def describe_fault(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace exc_info by class and places: messages of pydantic and asyncpg quote values."""
    info = entry.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if error is not None:
        entry["fault"] = fault_of(error)
        entry["stack"] = _places(error)
    return entry


def _places(error: BaseException) -> list[str]:
    stacks = _transform((type(error), error, error.__traceback__))
    return [
        f"{frame['filename'].rsplit('/site-packages/', 1)[-1].rsplit('/', 2)[-1]}:{frame['lineno']}"
        for stack in stacks
        for frame in stack["frames"]
    ]


def only_allowed(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep listed keys with plain values; say how many others were dropped, not which."""
    kept = {key: _plain(value) for key, value in entry.items() if key in ALLOWED}
    dropped = len(entry) - len(kept)
    name = str(kept.get("event", ""))
    kept["event"] = name if _EVENT_NAME.fullmatch(name) else "unnamed"
    if dropped:
        kept["dropped"] = dropped
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float | UUID | None):
        return str(value) if isinstance(value, UUID) else value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    text = str(value)
    return text if _WORD.fullmatch(text) else "?"


class AnswerLog:
    """The line of each answered request, past the sieve: all that is in it is plain by construction."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._lines = _Lines()
        self._routes: dict[str, str] = {}

    def __call__(self, request_id: str, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is a template and `method` one of HTTP's: nothing of what a stranger sent."""
        at = datetime.now(UTC).isoformat()[:-6]
        # Nothing in it needs escaping: ids are well formed, and what else there is comes from us.
        self._lines.msg(
            f'{{"service": "{self._service}", "request_id": "{request_id}", "method": "{method}", '
            f'"route": {self._quoted(route)}, "status": {status}, "ms": {seconds * 1000:.1f}, '
            f'"event": "answered", "level": "info", "timestamp": "{at}Z"}}'
        )

    def _quoted(self, route: str) -> str:
        known = self._routes.get(route)
        if known is None:
            known = self._routes[route] = json.dumps(route)
        return known


def _on_trail(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    step = current()
    if step is not None:
        entry.setdefault("request_id", step.request_id)
    return entry


def _named(service: str) -> Any:
    def add(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        entry["service"] = service
        return entry

    return add


class _Lines:
    """Writes lines to the standard output of the moment; a reader that went away breaks no request."""

    def __init__(self, *_: Any) -> None:
        pass

    def msg(self, line: str) -> None:
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = msg


class _LibraryHandler(logging.Handler):
    """What a library logs is reduced to who spoke, how loud, and the class of the exception."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        logger = structlog.get_logger()
        logger.log(record.levelno, "library_spoke", library=f"{record.name}:{record.lineno}", exc_info=error)
