"""The life of one service: started in order, stopped in order, alive whatever is still away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta

from chassis import access_seal, housekeeping
from chassis.access_seal import AccessSealer
from chassis.bus import BrokerAddress, Bus, Publisher
from chassis.clock import Clock
from chassis.faults import DatabaseAway
from chassis.heard import Subscription
from chassis.intake import Intake
from chassis.log import get_logger
from chassis.metrics import Metrics
from chassis.parking import Parking
from chassis.relay import Relay
from chassis.revocation import REFRESH, refresh, revocation_subscriptions
from chassis.service import Service
from chassis.settings import Settings
from chassis.timers import Timer, keep_running
from chassis.tls import trusting
from chassis.tokens import Revocations, Verifier, read_keys
from chassis.web import Door, Readiness, Running, application, run
from chassis.work import RELAY

WATCH_DATABASE = timedelta(seconds=1)
RETRY_PARKED = timedelta(seconds=1)
DRAIN_SECONDS = 3.0


class Process:
    """A service that can be started and stopped; `port` is known after start()."""

    def __init__(self, service: Service, settings: Settings, clock: Clock) -> None:
        self._service = service
        self._settings = settings
        self._clock = clock
        self._log = get_logger()
        self._stopping = asyncio.Event()
        self._drained = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._last: list[asyncio.Task[None]] = []
        self._running: Running | None = None
        self.metrics = Metrics(service.name)
        self.readiness = Readiness({"database": "not_yet_reached", "broker": "not_yet_reached"})
        self._revocations = Revocations()
        self._parking = Parking(service.workplace.carry(), clock)
        self._subscriptions = self._heard()
        self._intake = Intake(self._subscriptions, self._parking, self.metrics)
        address = self._address()
        self._publisher = Publisher(address, self.metrics)
        bell = service.workplace.bell(RELAY)
        self._relay = Relay(service.workplace.carry(), self._publisher.publish, clock, bell)
        self._bus = self._ears(address)

    @property
    def port(self) -> int:
        """The port that the door listens on."""
        assert self._running is not None, "the process was not started"
        return self._running.port

    async def start(self) -> None:
        """Open the door first, so that /livez answers; the rest waits behind it for what is away."""
        for hook in self._service.on_start:
            await hook()
        app = application(self._door())
        settings = self._settings
        self._running = await run(app, settings.host, settings.port, settings.grace_seconds)
        self._last.append(self._begin("relay", self._relay.run(self._drained)))
        self._tasks.append(self._begin("bus", self._bus.run()))
        for timer in (*self._own_timers(), *self._service.timers):
            bell = self._service.workplace.bell(timer.name)
            kept = keep_running(timer, bell, self._stopping, self.metrics)
            self._tasks.append(self._begin(timer.name, kept))
        self._log.info("started", port=self.port)

    async def stop(self) -> None:
        """Close the door after the last request, let messages and timers finish, drain, let go."""
        self.readiness.set("process", "stopping")
        if self._running is not None:
            await self._running.close()
        self._stopping.set()
        await self._bus.stop()
        await self._finished(self._tasks, self._settings.grace_seconds)
        # The relay ends last, so that what the last handlers announced still leaves.
        self._drained.set()
        await self._finished(self._last, DRAIN_SECONDS)
        await self._publisher.close()
        for hook in self._service.on_stop:
            await hook()
        await self._service.workplace.close()
        self._log.info("stopped")

    async def _finished(self, tasks: Sequence[asyncio.Task[None]], seconds: float) -> None:
        """Wait for tasks, and cancel what is not done in time."""
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            self._log.warning("tasks_cut", count=len(late))
            await asyncio.wait(late, timeout=DRAIN_SECONDS)

    def _begin(self, name: str, work: Awaitable[None]) -> asyncio.Task[None]:
        async def guarded() -> None:
            try:
                await work
            except Exception as error:
                # A part that ends by itself is a fault of ours: the process says so and is no longer ready.
                self.readiness.set(name, "broke")
                self._log.error("part_broke", timer=name, exc_info=error)

        return asyncio.create_task(guarded(), name=name)

    def _heard(self) -> list[Subscription]:
        """The service's own subscriptions, and the revocation of actors where its charter hears it."""
        own = list(self._service.subscriptions)
        known = {subscription.event.topic for subscription in own}
        more = revocation_subscriptions(self._service.workplace)
        hears = self._service.charter.hears()
        return own + [one for one in more if one.event.topic not in known and one.event.topic in hears]

    def _ears(self, address: BrokerAddress) -> Bus:
        grace = self._settings.grace_seconds
        return Bus(address, self._subscriptions, self._intake, self._parking, self.readiness, grace)

    def _own_timers(self) -> tuple[Timer, ...]:
        work = self._service.workplace
        own = (
            Timer("watch_database", WATCH_DATABASE, self._watch_database),
            Timer("read_revocations", REFRESH, lambda: refresh(work, self._revocations, self._clock)),
            Timer("retry_parked", RETRY_PARKED, self._intake.retry),
            Timer(housekeeping.JOB, housekeeping.EVERY, self._keep_house),
            Timer(access_seal.JOB, access_seal.EVERY, AccessSealer(work, self._settings.access_heads)),
        )
        brought = {timer.name for timer in self._service.timers}
        return tuple(timer for timer in own if timer.name not in brought)

    async def _keep_house(self) -> None:
        await housekeeping.expire_technical(self._service.workplace)

    async def _watch_database(self) -> None:
        try:
            await self._parking.reachable()
        except DatabaseAway:
            self.readiness.set("database", "away")
        else:
            self.readiness.set("database", None)

    async def _measure(self) -> None:
        age, parked = await self._parking.waiting()
        self.metrics.waiting(age, parked)

    def _door(self) -> Door:
        service, keys = self._service, self._settings.secrets / "keys"
        return Door(
            service=service.name,
            routes=service.routes,
            problems=service.problems,
            verifier=Verifier(read_keys(keys), service.name, self._revocations),
            clock=self._clock,
            metrics=self.metrics,
            readiness=self.readiness,
            measure=self._measure,
            pages=service.pages,
            fresh_for=self._settings.fresh_for,
        )

    def _address(self) -> BrokerAddress:
        settings = self._settings
        return BrokerAddress(
            settings.broker_host,
            settings.broker_port,
            settings.broker_vhost,
            self._service.name,
            settings.secret("broker"),
            trusting(settings.broker_ca),
        )
