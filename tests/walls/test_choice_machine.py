"""Whatever people choose, in whatever order it is heard and however often: every gate does what stands now.

All six services on a real PostgreSQL with their roles and policies; letters are late, overtake each other and
come twice. Against them one dictionary: the last word of the person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from chassis.charter import Charter, all_charters
from chassis.countries import known_countries
from chassis.decision import Refused
from chassis.gate import allowed, gate_subscriptions
from chassis.heard import Heard
from chassis.pools import Database
from chassis.purposes import known_purposes
from chassis.routes import Call
from chassis.testing import SetClock, heard
from chassis.work import Workplace, pools_of
from contracts.accounts.api import ChoiceRequest
from contracts.accounts.events import ChoiceSetV1
from contracts.actors import SYSTEM, Actor, Role
from contracts.envelope import Event
from contracts.orders.events import ChoiceMadeV1
from contracts.retention.events import RestrictionSetV1
from deploy.topology import database, secrets
from services.accounts.choosing import rules_of
from services.accounts.handlers.expire_consents import ExpireConsents
from services.accounts.handlers.hear_signal import HearSignal
from services.accounts.handlers.keep_choice import KeepCheckoutChoice, MakeChoice
from services.sharing.handlers.acting import for_organisation
from tests.chassis.postgres import Server, running_server

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TROUPE, CHOIR = UUID(int=7), UUID(int=8)
NEWS, DOOR = "co_presentation_news", "co_presentation_door_list"
PURPOSES = ("newsletter", "personal_tips", "benefits", "visit_counts", NEWS, DOOR)
OF_PARTNERS = frozenset((NEWS, DOOR))
ASKED = frozenset(("newsletter", "personal_tips", NEWS))
SIGNALLED = ("visit_counts", "improvement", DOOR, "co_presentation_administration")
STATES = ("given", "refused", "withdrawn", "objected", "lifted")
LASTS = timedelta(days=730)
Key = tuple[str, UUID | None, str]


@dataclass
class Word:
    """What somebody said last about one thing."""

    state: str
    at: datetime


class House:
    """Six services, in a loop of their own; letters are carried by hand."""

    def __init__(self, server: Server, folder: Path, charters: dict[str, Charter]) -> None:
        self._server, self._loop = server, asyncio.new_event_loop()
        self.clock, self.charters = SetClock(NOON), charters
        known = secrets.Secrets(folder)
        self.work = {name: self._workplace(known, charter) for name, charter in charters.items()}
        self.ears = {
            name: {one.event: one.handle for one in gate_subscriptions(work)}
            for name, work in self.work.items()
        }
        self.rules = rules = rules_of(known_purposes().values(), known_countries()["BE"])
        accounts = self.work["accounts"]
        self.choose, self.signal = MakeChoice(accounts, rules), HearSignal(accounts, rules)
        self.checkout, self.expire = KeepCheckoutChoice(accounts, rules), ExpireConsents(accounts, rules)

    def _workplace(self, known: secrets.Secrets, charter: Charter) -> Workplace:
        name = charter.service
        place = Database(
            "127.0.0.1",
            self._server.port,
            database.database_of(name),
            lambda role: known.role_password(name, role),
        )
        return Workplace(pools_of(place, charter), charter, self.clock)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this now."""
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        """Let the connections go."""
        for work in self.work.values():
            self.run(work.close())
        self._loop.close()

    async def look(self, service: str, sql: str, *arguments: Any) -> list[Any]:
        """What is really there, past all policies."""
        dsn = database.dsn_as(self._server.dsn, database.database_of(service))
        connection = await asyncpg.connect(dsn)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    async def said(self, of: UUID) -> list[Event]:
        """What accounts has told of somebody since. Consents of earlier examples' persons end meanwhile too;
        hypothesis must not meet their letters, for it wants the same of the same choices."""
        found = "SELECT body FROM outbox WHERE topic = $1 AND subject = $2"
        rows = await self.look("accounts", found, ChoiceSetV1.topic, of)
        await self.look("accounts", "TRUNCATE outbox")
        return [ChoiceSetV1.model_validate_json(row["body"]) for row in rows]


class Choosing(RuleBasedStateMachine):
    """One person, six services, and letters that take their time."""

    house: ClassVar[House]

    @initialize()
    def somebody_comes(self) -> None:
        self.me, self.order = Actor(Role.VISITOR, uuid4()), uuid4()
        self.words: dict[Key, Word] = {}
        self.restricted, self.restrictions = False, 0
        self.told: list[Heard[Any]] = []
        self.missing: dict[str, list[Heard[Any]]] = {name: [] for name in self.house.work}
        self._run(self._attends())

    async def _attends(self) -> None:
        """What sharing holds of them: a door list and an address for the news, for two organisations."""
        for troupe in (TROUPE, CHOIR):
            row = (self.order, uuid4(), troupe, self.me.id)
            await self.house.look(
                "sharing",
                "INSERT INTO attendee_door (order_id, event_id, organisation_id, subject_id, name,"
                " name_version, seats) VALUES ($1, $2, $3, $4, 'Guusje', 1, '{}')",
                *row,
            )
            await self.house.look(
                "sharing",
                "INSERT INTO attendee_news (order_id, event_id, organisation_id, subject_id, email,"
                " email_version, registered_at) VALUES ($1, $2, $3, $4, 'g@example.org', 1, now())",
                *row,
            )

    @rule(
        purpose=st.sampled_from(PURPOSES),
        organisation=st.sampled_from((None, TROUPE, CHOIR)),
        channel=st.sampled_from(("email", "email", "phone", "post")),
        state=st.sampled_from(STATES),
    )
    def chooses(self, purpose: str, organisation: UUID | None, channel: str, state: str) -> None:
        named = organisation if purpose in OF_PARTNERS else None
        body = ChoiceRequest.model_validate(
            {"purpose": purpose, "organisation": named, "channel": channel, "state": state}
        )
        done = self._run(self.house.choose(self._call(body)))
        assert isinstance(done, Refused) == (not self._possible(purpose, named, channel, state))
        if not isinstance(done, Refused):
            self._says((purpose, named, channel), state, self.house.clock.now())

    @rule(troupe=st.sampled_from((TROUPE, CHOIR)), ticked=st.booleans(), ago=st.integers(0, 3))
    def buys_and_the_letter_is_late(self, troupe: UUID, ticked: bool, ago: int) -> None:
        at, state = self.house.clock.now() - timedelta(hours=ago), "given" if ticked else "refused"
        made = ChoiceMadeV1(
            subject=self.me.id,
            purpose=NEWS,
            organisation=troupe,
            channel="email",
            state=state,
            wording="checkout.co_presentation_news.v2",
            language="nl",
            made_at=at,
        )
        self._run(self._twice(made))
        self._says((NEWS, troupe, "email"), state, at)

    @rule()
    def a_browser_objects(self) -> None:
        assert not isinstance(self._run(self.house.signal(self._call(None))), Refused)
        for purpose in SIGNALLED:
            if (purpose, None, "email") not in self.words:
                self._says((purpose, None, "email"), "objected", self.house.clock.now())

    @rule(days=st.sampled_from((0, 1, 200, 729, 731)))
    def time_passes(self, days: int) -> None:
        self.house.clock.move(timedelta(days=days, seconds=1))
        self._run(self.house.expire())
        now = self.house.clock.now()
        for word in self.words.values():
            if word.state == "given" and word.at + LASTS <= now:
                word.state, word.at = "expired", now

    @rule(restricted=st.booleans())
    def only_stores(self, restricted: bool) -> None:
        self.restricted, self.restrictions = restricted, self.restrictions + 1
        told = RestrictionSetV1(subject=self.me.id, restricted=restricted, version=self.restrictions)
        self._send([told])

    @rule(service=st.sampled_from(("orders", "sharing", "notify", "gateway")), random=st.randoms())
    def some_letters_arrive(self, service: str, random: Random) -> None:
        self._collect()
        waiting = self.missing[service]
        random.shuffle(waiting)
        arriving = waiting[: random.randint(0, len(waiting))]
        self.missing[service] = waiting[len(arriving) :]
        for letter in arriving:
            self._run(self._hear(service, letter))

    @rule(random=st.randoms())
    def all_arrive_and_every_gate_obeys(self, random: Random) -> None:
        self._collect()
        for service in self.house.work:
            letters = [*self.missing[service], *random.sample(self.told, k=min(3, len(self.told)))]
            random.shuffle(letters)
            for letter in letters:
                again = heard(letter.event, self.house.clock.now()) if random.random() < 0.3 else letter
                self._run(self._hear(service, again))
            self.missing[service] = []
        self._run(self._obeyed())

    def teardown(self) -> None:
        if hasattr(self, "words"):
            self.all_arrive_and_every_gate_obeys(Random(1))

    def _says(self, key: Key, state: str, at: datetime) -> None:
        known = self.words.get(key)
        if known is None or at >= known.at:
            self.words[key] = Word(state, at)

    def _possible(self, purpose: str, named: UUID | None, channel: str, state: str) -> bool:
        if state == "given":
            reached = channel == "email" or purpose == "newsletter"
            return purpose in ASKED and reached and (purpose != NEWS or named is not None)
        return state in (("refused", "withdrawn", "objected", "lifted") if purpose in ASKED else STATES[3:])

    def _may(self, purpose: str, troupe: UUID | None, channel: str) -> bool:
        """What the last words of the person allow."""
        if self.restricted:
            return False
        about = {(purpose, None, channel), (purpose, troupe, channel)}
        states = [word.state for key, word in self.words.items() if key in about]
        if purpose in ASKED:
            return "given" in states and set(states) <= {"given", "lifted"}
        return set(states) <= {"lifted"}

    async def _obeyed(self) -> None:
        for name, work in self.house.work.items():
            for purpose in PURPOSES:
                for troupe in (TROUPE, CHOIR) if purpose in OF_PARTNERS else (None,):
                    for channel in ("email", "phone"):
                        sql = work.once("keeping_choices", SYSTEM)
                        told = await allowed(sql, self.me.id, purpose, troupe, channel)
                        wanted = self._may(purpose, troupe, channel)
                        assert told is wanted, (name, purpose, troupe, channel, self.words)
        await self._rows_obey()

    async def _rows_obey(self) -> None:
        """What the purposes of sharing find in their tables, by PostgreSQL's own policies."""
        for purpose, table in ((DOOR, "attendee_door"), (NEWS, "attendee_news")):
            for troupe in (TROUPE, CHOIR):
                query = f"SELECT count(*) FROM {table} WHERE order_id = $1"
                async with self.house.work["sharing"](purpose, for_organisation(troupe)) as tx:
                    found = await tx.fetchval(query, self.order)
                assert found == self._may(purpose, troupe, "email"), (purpose, troupe, self.words)

    async def _twice(self, event: ChoiceMadeV1) -> None:
        letter = heard(event, self.house.clock.now())
        await self.house.checkout(letter)
        await self.house.checkout(letter)

    async def _hear(self, service: str, letter: Heard[Any]) -> None:
        await self.house.ears[service][type(letter.event)](letter)

    def _collect(self) -> None:
        self._send(self._run(self.house.said(self.me.id)))

    def _send(self, events: list[Event]) -> None:
        for event in events:
            letter = heard(event, self.house.clock.now())
            self.told.append(letter)
            for waiting in self.missing.values():
                waiting.append(letter)

    def _call(self, body: object) -> Call:
        return Call(self.me, {}, None, body, "fr", None, "machine", None)

    def _run(self, work: Awaitable[T]) -> T:
        async def now() -> T:
            return await work

        return self.house.run(now())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, charters = tmp_path_factory.mktemp("house") / "secrets", all_charters(ROOT)
    secrets.ensure(folder, charters)
    with ExitStack() as open_now:
        server = open_now.enter_context(running_server())
        asyncio.run(database.apply(server.dsn, folder, charters, ROOT))
        found = House(server, folder, charters)
        open_now.callback(found.close)
        for troupe, name in ((TROUPE, "Noordster"), (CHOIR, "Zuidwind")):
            sql = "INSERT INTO organisation (id, name, verified_at) VALUES ($1, $2, $3)"
            found.run(found.look("accounts", sql, troupe, name, NOON))
        yield found


@pytest.mark.requirement("G-60")
@pytest.mark.requirement("W-45")
def test_whatever_is_chosen_every_gate_does_what_stands_now(house: House) -> None:
    Choosing.house = house
    run_state_machine_as_test(Choosing, settings=FEW)


FEW = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
