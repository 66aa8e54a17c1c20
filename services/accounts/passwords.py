"""Passwords: argon2id with m = 19456 KiB, t = 2, p = 1 (G-14, G-71), and keyed hashes of user names.

`hash_password` makes the hashes that `login.password_hash` holds; a seed uses it to create log-ins.
"""

import asyncio
import hmac
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.decision import Accepted, Refused

T = TypeVar("T")
MEMORY_KIB, TIME_COST, PARALLELISM = 19_456, 2, 1
THREADS = 2


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM)


def hash_password(password: str) -> str:
    """The encoded argon2id hash of a password (NFC), with a fresh salt; takes about 35 ms."""
    return _hasher().hash(_normal(password))


def user_key(user: str) -> str:
    """A user name as it is stored and compared: NFKC, casefolded, without blanks around it."""
    return unicodedata.normalize("NFKC", user).strip().casefold()


def user_hash(secret: bytes, key: str) -> bytes:
    """A keyed hash of what attempts are counted by: no name that was typed is kept, known or unknown."""
    return hmac.digest(secret, b"accounts.attempt:" + key.encode(), "sha256")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


class Passwords:
    """Verifies in two threads behind a bounded queue, so that log-ins never take the whole machine."""

    def __init__(self, room: int) -> None:
        """`room` is how many verifications may run or wait at once."""
        self._room = room
        self._inside = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="password")
        self._hasher = _hasher()
        # Verified where there is no such user, so that both answers take the same time.
        self._nobodys = self._hasher.hash("nobody has this password")

    @property
    def full(self) -> bool:
        """Whether the next verification would be refused."""
        return self._inside >= self._room

    async def verify(self, password: str, stored: str | None) -> Accepted[bool] | Refused:
        """Whether the password belongs to the stored hash; without one, False after the same work.

        Refused with `log-in-busy` where the queue is full.
        """
        right = await self._queued(lambda: self._right(password, stored or self._nobodys))
        return right if isinstance(right, Refused) else Accepted(right.value and stored is not None)

    async def hash(self, password: str) -> Accepted[str] | Refused:
        """The hash to store of a password; or `log-in-busy`."""
        return await self._queued(lambda: self._hasher.hash(_normal(password)))

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with lower parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    async def _queued(self, work: Callable[[], T]) -> Accepted[T] | Refused:
        if self.full:
            return Refused("log-in-busy")
        self._inside += 1
        try:
            return Accepted(await asyncio.get_running_loop().run_in_executor(self._threads, work))
        finally:
            self._inside -= 1

    def _right(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, _normal(password))
        except (VerificationError, InvalidHashError):
            return False

    async def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)
