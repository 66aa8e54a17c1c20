"""A guest's order is kept in an account, in whatever order six services hear of it, and however often.

All six on a real PostgreSQL with their roles and policies; claims, choices, restrictions and erasures
overtake each other and come twice. What must hold is asked of every database once all letters are there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from chassis.charter import Charter, all_charters
from chassis.copying import part_of
from chassis.decision import Refused
from chassis.forgetting import BeforeErasure, Receipts, forgetting_subscriptions
from chassis.gate import allowed
from chassis.heard import Heard
from chassis.routes import ANONYMOUS, Call
from chassis.sealing import Seal
from chassis.testing import heard
from chassis.tokens import LinkReader, LinkSigner, read_keys
from contracts.accounts.api import ChoiceRequest
from contracts.accounts.claims import ClaimGuest
from contracts.accounts.events import ChoiceSetV1, SubjectMergedV1
from contracts.actors import SYSTEM, Actor, Role
from contracts.envelope import Event
from contracts.retention.events import ErasureOrderedV1, ErasureTellingV1, RestrictionSetV1
from deploy.topology import database, secrets
from services.accounts.domain.claiming import NOES
from services.accounts.handlers.claim_guest import ClaimAGuest
from services.accounts.handlers.join_choices import JoinChoices
from services.accounts.visiting import hashed
from services.retention.handlers.note_erased import NoteErased
from services.retention.handlers.take_claim import take_claim
from services.retention.lifting import lift, restrict
from services.retention.store import ledger
from services.sharing.handlers.order_recalls import OrderRecalls
from tests.chassis.postgres import Server, running_server
from tests.chassis.shop import key_pair
from tests.walls.test_choice_machine import NOON, ROOT, TROUPE, House

T = TypeVar("T")
NEWS, DOOR = "co_presentation_news", "co_presentation_door_list"
PURPOSES: tuple[tuple[str, UUID | None], ...] = (("newsletter", None), (NEWS, TROUPE), (DOOR, TROUPE))
SAYS = {"newsletter": ("given", "withdrawn"), NEWS: ("given", "refused"), DOOR: ("objected", "lifted")}
TELLING = (ChoiceSetV1, SubjectMergedV1, RestrictionSetV1)
HOLDS = {
    "accounts": ("person", "choice", "gate"),
    "orders": ("order_person", "gate"),
    "notify": ("contact", "gate"),
    "sharing": ("attendee_news", "attendee_door", "gate"),
    "retention": ("activity", "restriction", "gate"),
    "gateway": ("guest_order", "gate"),
}
WHOSE = "SELECT guest FROM claimed_guest WHERE account = $1"
COLUMN = {"gate": "subject"}
ROWS = {
    "accounts": "INSERT INTO person (subject_id, name, email, email_key, locale, version, known_since,"
    " changed_at) VALUES ($1, 'Guusje', 'g@example.org', 'g@example.org', 'nl', 1, now(), now())",
    "orders": "INSERT INTO order_person (event_id, order_id, subject_id, name, email, locale, version,"
    " name_version, email_version, phone_version, placed_on)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), $1, 'Guusje', 'g@example.org', 'nl', 1, 1, 1, 1, now())",
    "notify": "INSERT INTO contact (subject_id, name, name_version, email, email_version, locale,"
    " locale_version, updated_at) VALUES ($1, 'Guusje', 1, 'g@example.org', 1, 'nl', 1, now())",
    "sharing": "WITH door AS (INSERT INTO attendee_door (order_id, event_id, organisation_id, subject_id,"
    " name, name_version, seats) VALUES (gen_random_uuid(), gen_random_uuid(),"
    f" '{TROUPE}', $1, 'Guusje', 1, '{{}}') RETURNING order_id, event_id, organisation_id, subject_id)"
    " INSERT INTO attendee_news (order_id, event_id, organisation_id, subject_id, email, email_version,"
    " registered_at) SELECT *, 'g@example.org', 1, now() FROM door",
    "retention": "INSERT INTO activity VALUES ($1, 'purchase', '2026-11-20')",
    "gateway": "INSERT INTO guest_order (order_id, hold_id, session_hash, subject_id, created_at, kept_until)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), 'x', $1, now(), now())",
}
"""Something of a person in each service."""


class SixServices(House):
    """The same six, who also hear of claims and of forgetting."""

    def __init__(self, server: Server, folder: Path, charters: dict[str, Charter], key: bytes) -> None:
        super().__init__(server, folder, charters)
        self.ledger = folder.parent / "erased.jsonl"
        self.links = LinkSigner(key)
        reader = LinkReader(read_keys(folder / "accounts" / "keys"))
        self.claim = ClaimAGuest(self.work["accounts"], reader, self.clock)
        before: dict[str, BeforeErasure] = {
            "sharing": OrderRecalls(timedelta(days=7), timedelta(minutes=1)),
            "retention": NoteErased(self.ledger),
        }
        for name, work in self.work.items():
            found = forgetting_subscriptions(
                work,
                charters[name],
                Receipts.of(name),
                self.clock,
                Seal(b"k" * 32),
                before.get(name),
                on_claim=take_claim if name == "retention" else None,
                erasure_event=ErasureTellingV1 if name == "notify" else ErasureOrderedV1,
            )
            self.ears[name] |= {one.event: one.handle for one in found}
        self.ears["accounts"][SubjectMergedV1] = JoinChoices(self.work["accounts"], self.rules)

    async def left(self) -> list[Event]:
        """Letters that a relay takes from accounts and retention now."""
        found: list[Event] = []
        for service in ("accounts", "retention"):
            for row in await self.look(service, "DELETE FROM outbox RETURNING topic, body"):
                kinds = [kind for kind in TELLING if kind.topic == row["topic"]]
                found += [kind.model_validate_json(row["body"]) for kind in kinds]
        return found


class Claiming(RuleBasedStateMachine):
    """One account, one stranger's account, two guests, and letters that take their time."""

    house: ClassVar[SixServices]

    @initialize()
    def somebody_buys_as_a_guest(self) -> None:
        self.me, self.rival = uuid4(), uuid4()
        self.guests = (uuid4(), uuid4())
        self.mine: set[UUID] = set()
        self.erased: dict[UUID, UUID] = {}
        self.told: list[Heard[Any]] = []
        self.missing: dict[str, list[Heard[Any]]] = {name: [] for name in self.house.work}
        for subject in (self.me, self.rival, *self.guests):
            for service, sql in ROWS.items():
                self._run(self.house.look(service, sql, subject))
        for account in (self.me, self.rival):
            self._run(self._has_an_account(account))

    async def _has_an_account(self, subject: UUID) -> None:
        name, at = str(subject), self.house.clock.now()
        await self.house.look("accounts", "INSERT INTO login VALUES ($1, $2, 'x', now())", subject, name)
        await self.house.look(
            "accounts",
            "INSERT INTO session (secret_hash, id, subject_id, started_at, expires_at, proved_at, idle_until)"
            " VALUES ($1, gen_random_uuid(), $2, $3, $4, $3, $4)",
            hashed(name),
            subject,
            at,
            at + timedelta(days=900),
        )

    @rule(guest=st.integers(0, 1), by_rival=st.sampled_from((False, False, True)))
    def claims(self, guest: int, by_rival: bool) -> None:
        account, subject = self.rival if by_rival else self.me, self.guests[guest]
        link = self.house.links.sign(subject, "nl", self.house.clock.now(), 30)
        body = ClaimGuest(secret=str(account), link=link)
        done = self._run(self.house.claim(Call(ANONYMOUS, {}, None, body, "nl", None, "r", None)))
        if not isinstance(done, Refused):
            assert not (by_rival and subject in self.mine)
            if not by_rival:
                self.mine.add(subject)

    @rule(guest=st.integers(0, 2), about=st.sampled_from(PURPOSES), yes=st.booleans())
    def chooses(self, guest: int, about: tuple[str, UUID | None], yes: bool) -> None:
        """The account (2), or a guest by the link of its mail."""
        purpose, organisation = about
        who = (*self.guests, self.me)[guest]
        self.house.clock.move(timedelta(seconds=1))
        body = ChoiceRequest.model_validate(
            {"purpose": purpose, "organisation": organisation, "state": SAYS[purpose][0 if yes else 1]}
        )
        call = Call(Actor(Role.VISITOR, who), {}, None, body, "nl", None, "r", None)
        self._run(self.house.choose(call))

    @rule(guest=st.integers(0, 2), restricted=st.booleans())
    def only_stores(self, guest: int, restricted: bool) -> None:
        async def done() -> None:
            who = (*self.guests, self.me)[guest]
            async with self.house.work["retention"]("rights", SYSTEM) as tx:
                if await tx.remembers(who):
                    await (restrict if restricted else lift)(tx, who)

        self._run(done())

    @rule(guest=st.integers(0, 3))
    def is_erased(self, guest: int) -> None:
        who = (*self.guests, self.me, self.me)[guest]
        if who in self.erased:
            return
        case = self.erased[who] = uuid4()
        for kind in (ErasureOrderedV1, ErasureTellingV1):
            self._send([kind(subject=who, case=case, as_of=NOON)])

    @rule(random=st.randoms(), service=st.sampled_from(tuple(HOLDS)))
    def some_letters_arrive(self, random: Random, service: str) -> None:
        if random.random() < 0.7:
            self._send(self._run(self.house.left()))
        waiting = self.missing[service]
        random.shuffle(waiting)
        self.missing[service] = waiting[len(waiting) // 2 :]
        self._arrive(service, waiting[: len(waiting) // 2])

    @rule(random=st.randoms())
    def all_arrive(self, random: Random) -> None:
        """Until nobody has anything to say any more; some letters come again."""
        self._send(self._run(self.house.left()))
        while any(self.missing.values()):
            for service in self.house.work:
                letters = [*self.missing[service], *random.sample(self.told, k=min(3, len(self.told)))]
                random.shuffle(letters)
                self.missing[service] = []
                self._arrive(service, [self._maybe_again(one, random) for one in letters])
            self._send(self._run(self.house.left()))
        self._run(self._holds())

    def teardown(self) -> None:
        if hasattr(self, "guests"):
            self.all_arrive(Random(1))

    async def _holds(self) -> None:
        gone = set(self.erased) | (self.mine if self.me in self.erased else set())
        kept = self.mine - gone
        for service, work in self.house.work.items():
            rows = await self.house.look(service, WHOSE, self.me)
            assert {row["guest"] for row in rows} == kept, service
            for table in HOLDS[service]:
                column = COLUMN.get(table, "subject_id")
                held = f"SELECT {column} FROM {table} WHERE {column} = ANY ($1)"
                found = await self.house.look(service, held, list(gone))
                assert found == [], (service, table)
            async with work("rights", SYSTEM) as tx:
                part = await part_of(tx, self.house.charters[service], self.me)
                table = HOLDS[service][0]
                whose = [row[COLUMN.get(table, "subject_id")] for row in part.get(table, {}).get("rows", ())]
            wanted = set() if self.me in gone else {str(self.me), *map(str, kept)}
            assert set(whose) == wanted, service
            assert service not in ("accounts", "orders") or len(whose) == len(wanted), "each once"
        noted = {one.subject for one in ledger.entries(self.house.ledger)}
        assert (gone - set(self.erased)) <= noted
        await self._obeys(gone, kept)

    async def _obeys(self, gone: set[UUID], kept: set[UUID]) -> None:
        """Every gate says what accounts says, and a no of the account is nobody's yes."""
        for who in {self.me, *self.guests} - gone:
            for purpose, organisation in PURPOSES:
                answers = set()
                for work in self.house.work.values():
                    sql = work.once("keeping_choices", SYSTEM)
                    answers.add(await allowed(sql, who, purpose, organisation, "email"))
                assert len(answers) == 1, (who, purpose)
        for guest in kept:
            for purpose, _ in PURPOSES:
                mine, theirs = await self._standing(self.me, purpose), await self._standing(guest, purpose)
                if mine is not None and mine["state"] in NOES and theirs is not None:
                    assert theirs["state"] in NOES or theirs["made_at"] > mine["made_at"]
                if theirs is not None and theirs["state"] == "objected":
                    assert mine is not None
                    assert mine["state"] == "objected"
            states = await self.house.look("retention", "SELECT subject_id, restricted FROM restriction")
            restricted = {row["subject_id"] for row in states if row["restricted"]}
            assert self.me not in restricted or guest in restricted

    async def _standing(self, subject: UUID, purpose: str) -> Any:
        rows = await self.house.look(
            "accounts",
            "SELECT state, made_at FROM choice WHERE subject_id = $1 AND purpose = $2 AND version > 0"
            " ORDER BY version DESC LIMIT 1",
            subject,
            purpose,
        )
        return rows[0] if rows else None

    def _maybe_again(self, letter: Heard[Any], random: Random) -> Heard[Any]:
        """The same news in a letter of its own, now and then."""
        return heard(letter.event, self.house.clock.now()) if random.random() < 0.2 else letter

    def _arrive(self, service: str, letters: list[Heard[Any]]) -> None:
        for letter in letters:
            handle = self.house.ears[service].get(type(letter.event))
            if handle is not None:
                self._run(handle(letter))

    def _send(self, events: list[Event]) -> None:
        for event in events:
            letter = heard(event, self.house.clock.now())
            self.told.append(letter)
            for waiting in self.missing.values():
                waiting.append(letter)

    def _run(self, work: Awaitable[T]) -> T:
        async def now() -> T:
            return await work

        return self.house.run(now())


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SixServices]:
    folder, charters = tmp_path_factory.mktemp("six") / "secrets", all_charters(ROOT)
    secrets.ensure(folder, charters)
    private, public = key_pair()
    (folder / "accounts" / "keys" / "notify.tests.pub.pem").write_bytes(public)
    with ExitStack() as open_now:
        server = open_now.enter_context(running_server())
        asyncio.run(database.apply(server.dsn, folder, charters, ROOT))
        found = SixServices(server, folder, charters, private)
        open_now.callback(found.close)
        sql = "INSERT INTO organisation (id, name, verified_at) VALUES ($1, 'Noordster', $2)"
        found.run(found.look("accounts", sql, TROUPE, NOON))
        yield found


@pytest.mark.requirement("W-42")
@pytest.mark.requirement("X-01")
@pytest.mark.parametrize("seed", range(4))
def test_an_account_that_is_erased_takes_its_guest_along_whoever_hears_what_first(
    six: SixServices, seed: int
) -> None:
    scene = _scene(six)
    scene.claims(0, by_rival=False)
    scene.is_erased(2)
    scene.all_arrive(Random(seed))
    assert scene.mine == {scene.guests[0]}


@pytest.mark.requirement("W-42")
def test_a_claim_that_waits_for_the_relay_outlives_the_erasure_of_its_account(six: SixServices) -> None:
    scene = _scene(six)
    scene.claims(0, by_rival=False)
    scene.is_erased(2)
    waiting, scene.missing["accounts"] = scene.missing["accounts"], []
    scene._arrive("accounts", waiting)
    scene.all_arrive(Random(1))
    assert scene.mine == {scene.guests[0]}


@pytest.mark.requirement("W-42")
@pytest.mark.parametrize("seed", range(2))
def test_a_guest_who_is_erased_leaves_the_account_as_it_is(six: SixServices, seed: int) -> None:
    scene = _scene(six)
    scene.claims(0, by_rival=False)
    scene.is_erased(0)
    scene.all_arrive(Random(seed))
    assert scene.me not in scene.erased


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("W-45")
def test_an_objection_and_a_restriction_hold_for_both_ids(six: SixServices) -> None:
    scene = _scene(six)
    scene.chooses(0, (DOOR, TROUPE), yes=True)
    scene.claims(0, by_rival=False)
    scene.only_stores(2, restricted=True)
    scene.all_arrive(Random(1))
    kept = six.run(scene._standing(scene.me, DOOR))
    assert kept["state"] == "objected"
    restricted = six.run(six.look("orders", "SELECT subject FROM gate WHERE state = 'restricted'"))
    assert {row["subject"] for row in restricted} >= {scene.me, scene.guests[0]}


def _scene(six: SixServices) -> Claiming:
    Claiming.house = six
    scene = Claiming()
    scene.somebody_buys_as_a_guest()
    return scene


@pytest.mark.requirement("G-02")
@pytest.mark.requirement("W-42")
@pytest.mark.requirement("W-45")
def test_whatever_is_claimed_chosen_and_erased_six_services_agree_in_the_end(six: SixServices) -> None:
    Claiming.house = six
    run_state_machine_as_test(Claiming, settings=FEW)


FEW = settings(max_examples=6, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck))
