"""What the simulator remembers, in one SQLite file, so that a restart forgets nothing."""

import json
import secrets
import sqlite3
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ALPHABET = string.ascii_letters + string.digits
TABLES = """
CREATE TABLE IF NOT EXISTS payment (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, mode TEXT NOT NULL, status TEXT NOT NULL,
  expires REAL NOT NULL, facts TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS payment_open ON payment (expires) WHERE status = 'open';
CREATE TABLE IF NOT EXISTS refund (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, payment TEXT NOT NULL,
  status TEXT NOT NULL, settles REAL NOT NULL, units INTEGER NOT NULL, facts TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS refund_payment ON refund (payment);
CREATE TABLE IF NOT EXISTS chargeback (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, payment TEXT NOT NULL,
  units INTEGER NOT NULL, at REAL NOT NULL, reversed REAL);
CREATE INDEX IF NOT EXISTS chargeback_payment ON chargeback (payment);
CREATE TABLE IF NOT EXISTS answer (
  key TEXT NOT NULL, mode TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
  body TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (key, mode));
CREATE TABLE IF NOT EXISTS call (
  number INTEGER PRIMARY KEY AUTOINCREMENT, payment TEXT NOT NULL, url TEXT NOT NULL,
  attempt INTEGER NOT NULL, due REAL, last_status INTEGER);
CREATE INDEX IF NOT EXISTS call_due ON call (due) WHERE due IS NOT NULL;
"""
ANY_PAYMENT = "SELECT id, mode, status, expires, facts FROM payment "
ANY_REFUND = "SELECT id, payment, status, settles, units, facts FROM refund "


def new_id(prefix: str) -> str:
    """An id as Mollie makes them: a prefix and ten letters or digits."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(10))


@dataclass
class Payment:
    """A payment; ``facts`` are the stored fields in Mollie's own names, ``expires`` seconds since 1970."""

    id: str
    mode: str
    status: str
    expires: float
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Refund:
    """A refund; ``units`` in the smallest unit, ``settles`` the second when the money is back."""

    id: str
    payment: str
    status: str
    settles: float
    units: int
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chargeback:
    """Money that a customer's bank took back; ``at`` and ``reversed`` are seconds since 1970."""

    id: str
    payment: str
    units: int
    at: float
    reversed: float | None = None


@dataclass(frozen=True)
class Call:
    """One webhook call that is still to be made; ``attempt`` counts from 1."""

    number: int
    payment: str
    url: str
    attempt: int


class Book:
    """Payments, refunds, remembered answers and webhook calls."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file; its folder is made when missing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Whoever removed the file to start over may have left its log; SQLite would read it back in.
            for left in ("-wal", "-shm"):
                path.with_name(path.name + left).unlink(missing_ok=True)
        self._sql = sqlite3.connect(path, isolation_level=None)
        # A killed process must lose nothing; a machine without power may, in a simulator.
        self._sql.execute("PRAGMA journal_mode=WAL")
        self._sql.execute("PRAGMA synchronous=OFF")
        self._sql.executescript(TABLES)

    def close(self) -> None:
        """Closes the file."""
        self._sql.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything inside is written as one, or not at all; blocks may stand inside each other."""
        if self._sql.in_transaction:
            yield
            return
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._sql.execute("ROLLBACK")
            raise
        self._sql.execute("COMMIT")

    def save_payment(self, payment: Payment) -> None:
        """Inserts or replaces a payment."""
        self._sql.execute(
            "INSERT INTO payment (id, mode, status, expires, facts) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) "
            "DO UPDATE SET status = excluded.status, expires = excluded.expires, facts = excluded.facts",
            (payment.id, payment.mode, payment.status, payment.expires, json.dumps(payment.facts)),
        )

    def payment(self, id: str) -> Payment | None:
        """One payment, of either mode."""
        found = self._payments("WHERE id = ?", id)
        return found[0] if found else None

    def payments(self, mode: str) -> list[Payment]:
        """All payments of a mode, newest first."""
        return self._payments("WHERE mode = ? ORDER BY number DESC", mode)

    def overdue_payments(self, now: float) -> list[Payment]:
        """Open payments whose time is over."""
        return self._payments("WHERE status = 'open' AND expires <= ?", now)

    def _payments(self, where: str, *values: object) -> list[Payment]:
        rows = self._sql.execute(ANY_PAYMENT + where, values)
        return [Payment(id, mode, status, expires, json.loads(f)) for id, mode, status, expires, f in rows]

    def save_refund(self, refund: Refund) -> None:
        """Inserts or replaces a refund."""
        self._sql.execute(
            "INSERT INTO refund (id, payment, status, settles, units, facts) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET status = excluded.status",
            (
                refund.id,
                refund.payment,
                refund.status,
                refund.settles,
                refund.units,
                json.dumps(refund.facts),
            ),
        )

    def refunds(self, payment: str | None = None) -> list[Refund]:
        """Refunds of a payment, or all of them; newest first."""
        if payment is None:
            return self._refunds("ORDER BY number DESC")
        return self._refunds("WHERE payment = ? ORDER BY number DESC", payment)

    def due_refunds(self, now: float) -> list[Refund]:
        """Refunds whose money is now back with the customer."""
        return self._refunds("WHERE status = 'pending' AND settles <= ?", now)

    def _refunds(self, where: str, *values: object) -> list[Refund]:
        rows = self._sql.execute(ANY_REFUND + where, values)
        return [
            Refund(id, p, status, settles, units, json.loads(f)) for id, p, status, settles, units, f in rows
        ]

    def save_chargeback(self, chargeback: Chargeback) -> None:
        """Inserts a chargeback, or notes that it was reversed."""
        self._sql.execute(
            "INSERT INTO chargeback (id, payment, units, at, reversed) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET reversed = excluded.reversed",
            (chargeback.id, chargeback.payment, chargeback.units, chargeback.at, chargeback.reversed),
        )

    def chargebacks(self, payment: str | None = None) -> list[Chargeback]:
        """Chargebacks of a payment, or all of them; newest first."""
        rows = self._sql.execute(
            "SELECT id, payment, units, at, reversed FROM chargeback "
            "WHERE ?1 IS NULL OR payment = ?1 ORDER BY number DESC",
            (payment,),
        )
        return [Chargeback(*row) for row in rows]

    def answer(self, key: str, mode: str, since: float) -> tuple[str, int, str] | None:
        """(fingerprint, status, body) remembered for an idempotency key, unless older than ``since``."""
        self._sql.execute("DELETE FROM answer WHERE at < ?", (since,))
        row = self._sql.execute(
            "SELECT fingerprint, status, body FROM answer WHERE key = ? AND mode = ?", (key, mode)
        ).fetchone()
        return (row[0], row[1], row[2]) if row else None

    def remember(self, key: str, mode: str, fingerprint: str, status: int, body: str, at: float) -> None:
        """Keeps an answer for an idempotency key."""
        self._sql.execute(
            "INSERT INTO answer (key, mode, fingerprint, status, body, at) VALUES (?, ?, ?, ?, ?, ?)",
            (key, mode, fingerprint, status, body, at),
        )

    def add_call(self, payment: str, url: str, due: float | None) -> None:
        """Plans a webhook call; ``due`` None records one that is lost on purpose."""
        self._sql.execute(
            "INSERT INTO call (payment, url, attempt, due) VALUES (?, ?, 1, ?)", (payment, url, due)
        )

    def due_calls(self, now: float) -> list[Call]:
        """Calls to make now, oldest first."""
        rows = self._sql.execute(
            "SELECT number, payment, url, attempt FROM call WHERE due <= ? ORDER BY due, number", (now,)
        )
        return [Call(*row) for row in rows]

    def finish_call(self, number: int, status: int | None, again_at: float | None) -> None:
        """Records what a call was answered, and when it is made again (None: not again)."""
        self._sql.execute(
            "UPDATE call SET last_status = ?, due = ?, attempt = attempt + (? IS NOT NULL) WHERE number = ?",
            (status, again_at, again_at, number),
        )

    def calls(self, payment: str) -> list[dict[str, Any]]:
        """All webhook calls of a payment, for whoever tests."""
        rows = self._sql.execute(
            "SELECT attempt, last_status, due FROM call WHERE payment = ? ORDER BY number", (payment,)
        )
        return [{"attempt": a, "last_status": s, "due": d} for a, s, d in rows]
