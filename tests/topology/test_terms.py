"""Every service can forget: what its charter plans runs on its real database with its real grants."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from uuid import uuid4

import asyncpg
import pytest

from chassis.copying import part_of
from chassis.forgetting import Receipts, carry_out_anonymisation, carry_out_erasure, carry_out_sweep
from chassis.housekeeping import JOB, expire_technical
from chassis.pools import Database
from chassis.terms import sweep_steps
from chassis.testing import SetClock
from chassis.work import Workplace, pools_of
from contracts.actors import SYSTEM
from deploy.topology import database, secrets
from deploy.topology.secrets import ROOT
from tests.topology.conftest import Installation

SERVICES = ("accounts", "gateway", "notify", "orders", "retention", "sharing")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CARRIED_OUT_BY_THE_CHASSIS = {"sweep", "anonymisation_ordered", JOB}


@asynccontextmanager
async def working(installation: Installation, service: str) -> AsyncIterator[Workplace]:
    known = secrets.Secrets(installation.secrets)
    charter = installation.charters[service]
    place = Database(
        "127.0.0.1",
        installation.server.port,
        database.database_of(service),
        lambda role: known.role_password(service, role),
    )
    work = Workplace(pools_of(place, charter), charter, SetClock(NOW))
    try:
        yield work
    finally:
        await work.close()


@pytest.mark.requirement("W-42")
@pytest.mark.requirement("W-20")
@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_can_copy_erase_anonymise_and_sweep(
    installation: Installation, service: str
) -> None:
    charter = installation.charters[service]
    async with working(installation, service) as work:
        async with work("rights", SYSTEM) as tx:
            assert await part_of(tx, charter, uuid4()) == {}
            erased = await carry_out_erasure(tx, charter, uuid4(), uuid4())
        async with work("storage_limitation", SYSTEM) as tx:
            await carry_out_anonymisation(tx, charter, uuid4(), uuid4())
            swept = await carry_out_sweep(tx, charter, NOW)
            assert swept == await carry_out_sweep(tx, charter, NOW, dry=True)
        await expire_technical(work)
    assert set(erased.counts.values()) == {0}
    assert set(swept) == {step.table for step in sweep_steps(charter)}


@pytest.mark.requirement("W-42")
@pytest.mark.parametrize("service", SERVICES)
def test_every_service_may_say_its_receipts_and_hears_its_orders(
    installation: Installation, service: str
) -> None:
    charter = installation.charters[service]
    receipts = Receipts.of(service)
    assert {receipts.erasure.topic, receipts.copy.topic} <= set(charter.purpose["rights"].says)
    ageing = charter.purpose["storage_limitation"]
    assert {receipts.anonymisation.topic, receipts.sweep.topic} <= set(ageing.says)
    erasure = "telling" if service == "notify" else "ordered"
    heard = charter.hears()
    assert f"retention.erasure.{erasure}.v1" in heard
    assert {"retention.copy.ordered.v1", "retention.anonymisation.ordered.v1"} <= set(heard)
    assert {"retention.sweep.ordered.v1", "accounts.choice.set.v1", "retention.restriction.set.v1"} <= set(
        heard
    )


@pytest.mark.requirement("W-20")
@pytest.mark.parametrize("service", SERVICES)
def test_every_term_names_a_job_that_exists(installation: Installation, service: str) -> None:
    sources = (ROOT / "services" / service).rglob("*.py")
    clock = import_module(f"services.{service}.entrypoints.clock")
    named = [
        pair for path in sources for pair in re.findall(r'Timer\(\s*(?:"(\w+)"|([A-Z_]+),)', path.read_text())
    ]
    timers = {word or getattr(clock, constant, "") for word, constant in named}
    assert installation.charters[service].jobs() - CARRIED_OUT_BY_THE_CHASSIS <= timers


@pytest.mark.requirement("G-14")
@pytest.mark.parametrize("service", SERVICES)
async def test_a_secret_is_told_of_in_a_copy_and_erased_but_never_read_for_it(
    installation: Installation, service: str
) -> None:
    """A password hash helps nobody in a copy: the purposes of rights and terms have no grant to see one."""
    charter = installation.charters[service]
    secret = [
        (table, column)
        for table, said in charter.table.items()
        for column, about in said.column.items()
        if about.secret
    ]
    assert secret or service not in ("accounts", "gateway")
    for table, column in secret:
        for purpose in ("rights", "storage_limitation"):
            role = charter.purpose_role(purpose)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await installation.run(service, f'SELECT "{column}" FROM "{table}"', role)
