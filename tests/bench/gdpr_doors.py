"""GDPRbench's operations at the doors of the services: each asks, and knows what the right answer is.

Whatever is not the answer that the operations so far demand is counted as failed, and so is every refusal.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from chassis.clock import SystemClock
from chassis.looks import PAGE
from chassis.tokens import LOGIN_ISSUER, Issuer, Proof
from contracts.actors import Actor, Role
from tests.bench.gdpr_operations import Operation, Slice, event_of, name_given, operations
from tests.bench.gdpr_records import CENTS, CHOICE, PARTNER, PER_EVENT, Scale, known
from tests.bench.load import Client, Failed

DOOR_LIST = "co_presentation_door_list"
STATES = ("withdrawn", "given")
OFFICER = Actor(Role.PRIVACY_OFFICER, known("staff", 1))
REASON = "rights-request"
LISTS_OF_ONE = 100
"""Door lists that one organiser reads before another goes on: how many names one may be shown is limited."""


@dataclass(frozen=True)
class Place:
    """What a client knows of the house: its doors, the key that signs log-ins, and cases that were closed."""

    doors: Mapping[str, str]
    signing_key: bytes
    slices: tuple[Slice, ...]
    closed: tuple[tuple[str, str], ...] = ()


@dataclass
class _Asker:
    """One client at work: its tokens, and what it has set so far."""

    client: Client
    place: Place
    part: Slice
    tokens: dict[tuple[Actor, str], str] = field(default_factory=dict)
    choices: dict[int, str] = field(default_factory=dict)
    found: Counter[int] = field(default_factory=Counter)

    async def ask(
        self, step: str, actor: Actor, service: str, call: str, body: object = None, key: str | None = None
    ) -> Any:
        """The JSON of a good answer; Failed otherwise."""
        method, path = call.split(" ")
        headers = {"Authorization": f"Bearer {self._token(actor, service)}", "Accept-Language": "nl"}
        if actor.role is Role.PRIVACY_OFFICER:
            headers["Access-Reason"] = REASON
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None:
            headers["Content-Type"] = "application/json"
        raw = None if body is None else json.dumps(body).encode()
        reply = await self.client.ask(
            step, method, self.place.doors[service] + path, body=raw, headers=headers
        )
        return reply.json()

    def expect(self, right: bool, step: str) -> None:
        """Count a wrong answer; Failed."""
        if not right:
            raise self.client.fail(step, "wrong answer")

    @property
    def scale(self) -> Scale:
        return self.part.scale

    def _token(self, actor: Actor, service: str) -> str:
        found = self.tokens.get((actor, service))
        if found is None:
            issuer = Issuer(self.place.signing_key, LOGIN_ISSUER)
            found = self.tokens[actor, service] = issuer.sign(
                actor, service, SystemClock().now(), Proof(SystemClock().now())
            )
        return found


async def mix(client: Client, place: Place) -> None:
    """All operations of one client, one after the other."""
    asker = _Asker(client, place, place.slices[client.number])
    for operation in operations(asker.part):
        try:
            await OPERATIONS[operation.kind](asker, operation)
        except Failed:
            continue


def person(number: int) -> Actor:
    """The visitor of that number."""
    return Actor(Role.VISITOR, known("user", number))


async def _create(asker: _Asker, operation: Operation) -> None:
    """A new person's order, up to the payment page: POST /holds and POST /orders."""
    part = asker.part
    which = (operation.turn * part.clients + part.client) % (part.scale.records // PER_EVENT)
    someone = Actor(
        Role.VISITOR, uuid5(known("event", which), f"{part.client} {part.round} {operation.turn}")
    )
    wish = {"event": str(known("event", which))}
    standing = [{"price": str(known("price", which)), "quantity": 1}]
    hold = await asker.ask("create", someone, "orders", "POST /holds", {**wish, "standing": standing})
    typed = {
        "name": f"New {operation.turn}",
        "email": f"new{operation.turn}@visitors.example",
        "locale": "nl",
    }
    back = f"{asker.place.doors['gateway']}/back/{hold['id']}"
    checkout = {"hold": hold["id"], **typed, "return_url": back}
    order = await asker.ask("create", someone, "orders", "POST /orders", checkout, hold["id"])
    asker.expect(order["state"] == "placed" and order["total_cents"] == CENTS, "create")


async def _delete_by_purpose(asker: _Asker, operation: Operation) -> None:
    """An objection to the door list, which takes the person from it: POST /people/me/choices."""
    await _choose(asker, operation, DOOR_LIST, "objected", "delete by purpose")


async def _delete_person(asker: _Asker, operation: Operation) -> None:
    """An erasure, begun; whoever asks twice is told of the same case: POST /cases."""
    wish = {"kind": "erasure", "understood": True}
    who = person(operation.person)
    case = await asker.ask("delete person", who, "retention", "POST /cases", wish)
    asker.expect(case["subject"] == str(who.id) and case["kind"] == "erasure", "delete person")


async def _update_metadata(asker: _Asker, operation: Operation) -> None:
    """Consent to the newsletter, withdrawn or given again: POST /people/me/choices."""
    state = STATES[operation.turn % 2]
    await _choose(asker, operation, CHOICE, state, "update metadata")
    asker.choices[operation.person] = state


async def _choose(asker: _Asker, operation: Operation, purpose: str, state: str, step: str) -> None:
    wish = {"purpose": purpose, "state": state}
    who = person(operation.person)
    told = await asker.ask(step, who, "accounts", "POST /people/me/choices", wish)
    asker.expect(_state_of(told, purpose) == state, step)


async def _update_data(asker: _Asker, operation: Operation) -> None:
    """Another name: PATCH /people/me."""
    name = name_given(operation.person, operation.turn, asker.part.round)
    who = person(operation.person)
    told = await asker.ask("update data", who, "accounts", "PATCH /people/me", {"name": name})
    asker.expect(told["name"] == name, "update data")


async def _read_data(asker: _Asker, operation: Operation) -> None:
    """All orders of a person: GET /my/orders."""
    told = await asker.ask("read data", person(operation.person), "orders", "GET /my/orders")
    right = {str(known("order", one)) for one in asker.scale.orders_of(operation.person)}
    asker.expect({order["id"] for order in told["orders"]} == right, "read data")


async def _read_metadata(asker: _Asker, operation: Operation) -> None:
    """All choices of a person: GET /people/me/choices."""
    who = person(operation.person)
    told = await asker.ask("read metadata", who, "accounts", "GET /people/me/choices")
    # Rounds before this one may have set it; what this client set itself is known.
    right = asker.choices.get(operation.person) or _state_of(told, CHOICE)
    asker.expect(right is not None and _state_of(told, CHOICE) == right, "read metadata")


async def _read_by_key(asker: _Asker, operation: Operation) -> None:
    """One order by its id, for the purpose of guiding it: GET /orders/{order}."""
    order = str(known("order", operation.person + operation.turn % 10 * asker.scale.persons))
    who = person(operation.person)
    told = await asker.ask("read by key", who, "orders", f"GET /orders/{order}")
    asker.expect(told["id"] == order and len(told["tickets"]) == 1, "read by key")


async def _read_by_purpose(asker: _Asker, operation: Operation) -> None:
    """Whoever has not objected, for one event's door: GET /attendees."""
    event = event_of(operation.person)
    who = known("organiser", operation.turn // LISTS_OF_ONE * asker.part.clients + asker.part.client)
    organiser = Actor(Role.ORGANISER, who, PARTNER)
    call = f"GET /attendees?event={known('event', event)}"
    told = await asker.ask("read by purpose", organiser, "sharing", call)
    records = range(event * PER_EVENT, (event + 1) * PER_EVENT)
    right = {str(known("attendee", record)) for record in records}
    asker.expect({one["attendee"] for one in told["attendees"]} <= right, "read by purpose")
    if asker.part.round == 0:
        asker.expect(len(told["attendees"]) == PER_EVENT, "read by purpose")


async def _find_person(asker: _Asker, operation: Operation) -> None:
    """The person behind an address, for the privacy officer: POST /subjects/by-email."""
    address = {"email": f"person{operation.person}@visitors.example"}
    told = await asker.ask("find person", OFFICER, "accounts", "POST /subjects/by-email", address)
    asker.expect(told["subjects"] == [str(known("user", operation.person))], "find person")
    asker.found[operation.person] += 1


async def _read_logs(asker: _Asker, operation: Operation) -> None:
    """Who looked at a person's data, every time this officer found them: GET /people/me/looks."""
    told = await asker.ask("read logs", person(operation.person), "accounts", "GET /people/me/looks")
    looks = [look for look in told["looks"] if look["role"] == Role.PRIVACY_OFFICER]
    asker.expect(len(looks) >= min(asker.found[operation.person], PAGE), "read logs")


async def _verify_deletion(asker: _Asker, operation: Operation) -> None:
    """What each service answered to an erasure: GET /cases/{case}."""
    closed = asker.place.closed
    case, subject = closed[(operation.turn * asker.part.clients + asker.part.client) % len(closed)]
    told = await asker.ask("verify deletion", OFFICER, "retention", f"GET /cases/{case}")
    complete = told["state"] == "closed" and len(told["receipts"]) == 6
    asker.expect(complete and told["subject"] == subject, "verify deletion")


def _state_of(told: Mapping[str, Any], purpose: str) -> str | None:
    return next((one["state"] for one in told["choices"] if one["purpose"] == purpose), None)


OPERATIONS: Mapping[str, Callable[[_Asker, Operation], Awaitable[None]]] = {
    "create": _create,
    "delete by purpose": _delete_by_purpose,
    "delete person": _delete_person,
    "update metadata": _update_metadata,
    "update data": _update_data,
    "read data": _read_data,
    "read metadata": _read_metadata,
    "read by key": _read_by_key,
    "read by purpose": _read_by_purpose,
    "find person": _find_person,
    "read logs": _read_logs,
    "verify deletion": _verify_deletion,
}
"""The door of each kind of operation."""


def subject_of(number: int) -> UUID:
    """The random id under which the services know a person."""
    return known("user", number)
