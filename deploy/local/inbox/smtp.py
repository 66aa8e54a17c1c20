"""The SMTP door: takes any mail, from anyone, to anyone, on the loopback address."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.inbox.faults import Faults
from deploy.local.inbox.mailbox import Mailbox
from deploy.local.inbox.settings import Settings


class Door:
    """What aiosmtpd asks at the end of each mail; the method's name is its convention."""

    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox, self._faults = mailbox, faults

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keeps the mail and says so; with a fault in force, refuses it or says nothing."""
        if self._faults.delay_seconds:
            await asyncio.sleep(self._faults.delay_seconds)
        if self._faults.take_rejection():
            return "451 4.3.0 Not now, try again later"
        assert isinstance(envelope.content, bytes), "decoding is off"
        id = self._mailbox.store(envelope.content, envelope.mail_from or "", list(envelope.rcpt_tos))
        if self._faults.take_drop():
            assert isinstance(server.transport, asyncio.Transport), "a mail came over a connection"
            server.transport.abort()
        return f"250 2.0.0 Kept as {id}"


async def listen(settings: Settings, mailbox: Mailbox, faults: Faults) -> asyncio.Server:
    """Starts to listen; the caller closes the server."""
    loop = asyncio.get_running_loop()
    door = Door(mailbox, faults)

    def greet() -> SMTP:
        return SMTP(
            door,
            data_size_limit=settings.size_limit,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Avondkassa inbox",
            loop=loop,
        )

    return await loop.create_server(greet, settings.host, settings.smtp_port)
