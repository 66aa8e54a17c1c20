"""The way to the mail server: aiosmtplib with a time limit, every answer translated to an outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import aiosmtplib

from chassis.log import get_logger
from services.notify.domain.messages import Outcome
from services.notify.mail import Wired
from services.notify.settings import NotifySettings

PERMANENT = 500
IDLE_SECONDS = 10.0
GOODBYE_SECONDS = 2.0
LETTERS_PER_LINE = 90
"""Fewer than the hundred after which mail servers are wont to hang up."""


@dataclass
class _Line:
    """A connection to the mail server, how many letters it has carried, and since when it rests."""

    smtp: aiosmtplib.SMTP
    carried: int = 0
    since: float = 0.0

    async def carry(self, mail: Wired) -> None:
        """One letter; what the mail server refuses is aiosmtplib's exception, and the line is free again.

        The library's sendmail goes through all lines of the letter once more, for a size that only some ask.
        """
        # An address outside ASCII needs a server that knows RFC 6531; with another one the letter waits.
        foreign = not (mail.sender + mail.recipient).isascii()
        wishes, encoding = (["SMTPUTF8", "BODY=8BITMIME"], "utf-8") if foreign else ([], "ascii")
        try:
            await self.smtp.mail(mail.sender, options=wishes, encoding=encoding)
            await self.smtp.rcpt(mail.recipient, encoding=encoding)
            await self.smtp.data(mail.content)
        except aiosmtplib.SMTPResponseException:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self.smtp.rset()
            raise


class Post(Protocol):
    """Hands a message over to whoever carries it on."""

    async def hand_over(self, mail: Wired) -> Outcome:
        """Try once; never raises for what a mail server or the network may do."""
        ...

    async def rest(self) -> None:
        """Nothing is due for now."""
        ...


class SmtpPost:
    """The mail server of this installation. Nothing of the letter or its address is logged.

    Greeting, encryption and log-in take longer than a letter: a line that is open carries the next one too.
    """

    def __init__(self, settings: NotifySettings, password: Callable[[], str | None]) -> None:
        self._settings = settings
        self._password = password
        self._log = get_logger()
        self._resting: list[_Line] = []

    async def hand_over(self, mail: Wired) -> Outcome:
        """Try once: 4xx, a silent or absent server are NOT_NOW; 5xx about this letter is NEVER."""
        try:
            await self._send(mail)
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as refused:
            self._log.warning("mail_refused", status=refused.code)
            return Outcome.NEVER if refused.code >= PERMANENT else Outcome.NOT_NOW
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            # A refused log-in or sender is a fault of ours, not of the letter: it waits until that is mended.
            self._log.warning("mail_server_away", fault=type(fault).__name__)
            return Outcome.NOT_NOW
        return Outcome.HANDED_OVER

    async def rest(self) -> None:
        """Nothing is due: say goodbye on lines that nobody used for a while."""
        now = asyncio.get_running_loop().time()
        idle = [line for line in self._resting if line.since < now - IDLE_SECONDS]
        self._resting = [line for line in self._resting if line not in idle]
        for line in idle:
            await self._hang_up(line)

    async def close(self) -> None:
        """Say goodbye on every line."""
        while self._resting:
            await self._hang_up(self._resting.pop())

    async def _send(self, mail: Wired) -> None:
        # The library's limit is per command; a server that is slow at each would outlast the lease.
        async with asyncio.timeout(2 * self._settings.smtp_seconds):
            line = self._awake() or await self._dial()
            try:
                await line.carry(mail)
            except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError):
                # About this letter only: the line carries the next.
                self._rest(line)
                raise
            except BaseException:
                line.smtp.close()
                raise
            self._rest(line)

    def _awake(self) -> _Line | None:
        """A line that is still open; what the server closed meanwhile is forgotten."""
        while self._resting:
            line = self._resting.pop()
            if line.smtp.is_connected and line.carried < LETTERS_PER_LINE:
                return line
            line.smtp.close()
        return None

    async def _dial(self) -> _Line:
        settings = self._settings
        smtp = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            timeout=settings.smtp_seconds,
            username=settings.smtp_user,
            password=self._password() if settings.smtp_user else None,
            use_tls=settings.wire == "tls",
            start_tls=settings.wire == "starttls",
        )
        await smtp.connect()
        return _Line(smtp)

    def _rest(self, line: _Line) -> None:
        line.carried += 1
        line.since = asyncio.get_running_loop().time()
        if line.smtp.is_connected:
            self._resting.append(line)

    async def _hang_up(self, line: _Line) -> None:
        try:
            await line.smtp.quit(timeout=GOODBYE_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            line.smtp.close()
