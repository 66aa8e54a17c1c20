"""The way to the mail server: aiosmtplib with a time limit, every answer translated to an outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from typing import Protocol

import aiosmtplib

from chassis.log import get_logger
from services.notify.domain.messages import Outcome
from services.notify.settings import NotifySettings

PERMANENT = 500


class Post(Protocol):
    """Hands a message over to whoever carries it on."""

    async def hand_over(self, message: EmailMessage) -> Outcome:
        """Try once; never raises for what a mail server or the network may do."""
        ...


class SmtpPost:
    """The mail server of this installation. Nothing of the letter or its address is logged."""

    def __init__(self, settings: NotifySettings, password: Callable[[], str | None]) -> None:
        self._settings = settings
        self._password = password
        self._log = get_logger()

    async def hand_over(self, message: EmailMessage) -> Outcome:
        """Try once: 4xx, a silent or absent server are NOT_NOW; 5xx about this letter is NEVER."""
        try:
            await self._send(message)
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError) as refused:
            code = _code(refused)
            self._log.warning("mail_refused", status=code)
            return Outcome.NEVER if code >= PERMANENT else Outcome.NOT_NOW
        except (aiosmtplib.SMTPException, OSError, ValueError) as fault:
            # A refused log-in or sender is a fault of ours, not of the letter: it waits until that is mended.
            self._log.warning("mail_server_away", fault=type(fault).__name__)
            return Outcome.NOT_NOW
        return Outcome.HANDED_OVER

    async def _send(self, message: EmailMessage) -> None:
        settings = self._settings
        # The library's limit is per command; a server that is slow at each would outlast the lease.
        async with asyncio.timeout(2 * settings.smtp_seconds):
            await aiosmtplib.send(
                message,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                timeout=settings.smtp_seconds,
                username=settings.smtp_user,
                password=self._password() if settings.smtp_user else None,
                use_tls=settings.wire == "tls",
                start_tls=settings.wire == "starttls",
            )


def _code(refused: aiosmtplib.SMTPException) -> int:
    """The server's answer about the letter; where several addresses were refused, the mildest."""
    if isinstance(refused, aiosmtplib.SMTPRecipientsRefused):
        return min(one.code for one in refused.recipients)
    return int(getattr(refused, "code", PERMANENT))
