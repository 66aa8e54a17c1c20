"""What is sent: statements in parameters, fields too many, bodies too large, keys used twice."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from chassis.decision import Accepted
from chassis.routes import Call, Route
from contracts.accounts.api import Correction
from contracts.actors import Actor, Role
from services.accounts.handlers.find_subjects import MOST
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_wall import Careless, ask, http_attack, rerouted, staff, visitor

EVERYBODY = "x'or'a'!='b@example.org"
ANYBODY = "maud.%@example.org"
ELSEWHERE = "https://evil.example"


async def _search(ground: Ground, address: str) -> str:
    url = ground.doors["accounts"] + "/subjects/by-email"
    found = (
        await ask("POST", url, staff(ground, Role.PRIVACY_OFFICER, "accounts"), {"email": address})
    ).granted()
    if not found["subjects"]:
        raise Held("nobody has this address")
    return f"{len(found['subjects'])} persons at once"


async def _sql(ground: Ground) -> str:
    return await _search(ground, EVERYBODY)


async def _pattern(ground: Ground) -> str:
    return await _search(ground, ANYBODY)


def _pasted(condition: str) -> Any:
    async def by_email(sql: Any, key: str, limit: int) -> tuple[UUID, ...]:
        rows = await sql.fetch(f"SELECT subject_id FROM person WHERE {condition.format(key)} LIMIT {MOST}")
        return tuple(row["subject_id"] for row in rows)

    return by_email


async def _subject_in_the_body(ground: Ground) -> str:
    body = {"name": ground.someone.name, "subject": str(ground.someone.subject)}
    answer = await ask("PATCH", ground.doors["accounts"] + "/people/me", visitor(ground, "accounts"), body)
    return (
        f"the {' and '.join(sorted(set(answer.granted()) & {'email', 'phone'}))} of another person, to change"
    )


class CorrectionOf(Correction):
    """A correction that says whose it is."""

    subject: UUID


def _for_whoever_is_named(routes: Sequence[Route]) -> Sequence[Route]:
    real = next(one for one in routes if one.template == "/people/me" and one.method == "PATCH")

    async def believing(call: Call) -> Any:
        body: CorrectionOf = call.body
        plain = Correction(**body.model_dump(exclude={"subject"}))
        actor = Actor(Role.VISITOR, body.subject)
        return await real.handle(
            Call(actor, call.path, None, plain, call.language, None, call.request_id, None)
        )

    others = [one for one in routes if one is not real]
    return [*others, *rerouted("/people/me", body=CorrectionOf, handle=believing)([real])]


async def _large(ground: Ground) -> str:
    body = json.dumps({"email": "nobody@example.org"}).encode() + b" " * (3 * 1024 * 1024)
    return await _read_whole(ground, body, {})


async def _bomb(ground: Ground) -> str:
    body = gzip.compress(json.dumps({"email": "nobody@example.org"}).encode() + b" " * (24 * 1024 * 1024))
    return await _read_whole(ground, body, {"Content-Encoding": "gzip"})


async def _read_whole(ground: Ground, body: bytes, headers: dict[str, str]) -> str:
    token = staff(ground, Role.PRIVACY_OFFICER, "accounts")
    told = {"Content-Type": "application/json", **headers}
    answer = await ask("POST", ground.doors["accounts"] + "/subjects/by-email", token, body, told)
    answer.granted()
    return "megabytes of the service's memory for each request"


async def _sell(ground: Ground, clerk: Actor, key: str, quantity: int = 1) -> Any:
    sale = json.loads(json.dumps(ground.facts["sale"]))
    sale["standing"][0]["quantity"] = quantity
    url, token = ground.doors["orders"] + "/counter/sales", ground.token(clerk, "orders")
    return (await ask("POST", url, token, sale, {"Idempotency-Key": key})).granted()


async def _key_with_another_body(ground: Ground) -> str:
    clerk, key = Actor(Role.BOX_OFFICE, uuid4()), uuid4().hex
    await _sell(ground, clerk, key)
    second = await _sell(ground, clerk, key, quantity=2)
    return f"a receipt for two places on which {len(second['tickets'])} is sold"


async def _key_of_another(ground: Ground) -> str:
    key = uuid4().hex
    first = await _sell(ground, Actor(Role.BOX_OFFICE, uuid4()), key)
    second = await _sell(ground, Actor(Role.BOX_OFFICE, uuid4()), key)
    if first["id"] != second["id"]:
        raise Held("the key is new for another person")
    return "the order of another person, by its key"


RECALL = "SELECT body_hash, status, outcome FROM idempotency_key WHERE $1::uuid IS NOT NULL AND key = $2"


async def _foreign_return(ground: Ground) -> str:
    token, orders = visitor(ground, "orders"), ground.doors["orders"]
    hold = (await ask("POST", orders + "/holds", token, standing_hold(ground))).granted()
    checkout = {
        "hold": hold["id"],
        "name": "Maud Voorbij",
        "email": "maud.voorbij@example.org",
        "locale": "nl",
        "return_url": ELSEWHERE + "/back",
    }
    key = {"Idempotency-Key": uuid4().hex}
    order = (await ask("POST", orders + "/orders", token, checkout, key)).granted()
    async with ground.superuser("orders") as connection:
        request = await connection.fetchval(
            "SELECT return_url FROM payment WHERE order_id = $1", UUID(order["id"])
        )
    return "buyers who come back from paying to another site" if request.startswith(ELSEWHERE) else ""


def standing_hold(ground: Ground) -> dict[str, Any]:
    """What a visitor sends to hold one standing place."""
    sale = ground.facts["sale"]
    return {"event": sale["event"], "standing": sale["standing"]}


async def _unread(ground: Ground) -> str:
    token = visitor(ground, "retention")
    answer = await ask("POST", ground.doors["retention"] + "/cases", token, {"kind": "erasure"})
    return f"an erasure, {answer.granted()['state']}, of someone who was told nothing"


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_parameters(), *_sizes_and_keys())


def _parameters() -> Sequence[Attack[Ground]]:
    people = "services.accounts.store.people"
    return (
        http_attack(
            "SQL in an address",
            "everybody, by an address that is half a statement",
            "what was typed is a value and never a part of a statement",
            _sql,
            Careless("accounts", ((people, "by_email", _pasted("email_key = '{}'")),)),
        ),
        http_attack(
            "a pattern for an address",
            "everybody whose address looks alike",
            "an address is compared and not matched",
            _pattern,
            Careless("accounts", ((people, "by_email", _pasted("email_key LIKE '{}'")),)),
        ),
        http_attack(
            "a field too many",
            "to correct somebody else by naming them in the body",
            "a body has the fields of its contract and no others",
            _subject_in_the_body,
            Careless("accounts", routes=_for_whoever_is_named),
        ),
        http_attack(
            "a way back to another site",
            "buyers on a page that looks like ours",
            "after paying a buyer comes back to this house",
            _foreign_return,
            Careless(
                "orders",
                (("services.orders.handlers.place_order", "return_address", lambda wanted, *_: wanted),),
            ),
        ),
        http_attack(
            "an erasure that was not understood",
            "somebody to lose their tickets without knowing",
            "an erasure asks whether the loss was understood (G-63)",
            _unread,
            Careless(
                "retention",
                (("services.retention.handlers.open_case", "confirmed", lambda *_: Accepted(None)),),
            ),
        ),
    )


def _sizes_and_keys() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "a body of megabytes",
            "the memory of a service",
            "a body has at most one megabyte",
            _large,
            Careless("accounts", largest_body=2**30),
        ),
        http_attack(
            "a body that unfolds",
            "much memory for a few bytes",
            "a compressed body is measured as it unfolds",
            _bomb,
            Careless("accounts", largest_body=2**30),
        ),
        http_attack(
            "a key with another body",
            "one payment for two things",
            "a key stands for the body that it first came with",
            _key_with_another_body,
            Careless(
                "orders",
                (("services.orders.handlers.sell_at_counter", "hash_of", lambda _: "the same"),),
            ),
        ),
        http_attack(
            "somebody else's key",
            "the order that somebody else made",
            "a key belongs to whoever used it first",
            _key_of_another,
            Careless("orders", (("chassis.idempotency", "RECALL", RECALL),)),
        ),
    )
