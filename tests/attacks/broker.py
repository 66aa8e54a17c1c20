"""RabbitMQ: a service that publishes, reads, binds, declares and pretends beyond its charter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import aio_pika
from aio_pika.abc import AbstractChannel
from pamqp.common import FieldTable

from tests.attacks.attack import Attack, Held
from tests.attacks.broker_wall import (
    ATTACKER,
    OWN,
    TWIN,
    BrokerAttack,
    Loose,
    Try,
    beside,
    channel,
    definitions_of,
    load,
    password_of,
)
from tests.attacks.ground import Ground
from tests.attacks.stories import VHOSTS

ORDER = "retention.erasure.ordered.v1"
MINE = "sharing.mine"
OTHERS = "orders.sharing.agreement.in_force.v1"
EARS = "sharing.orders.attendee.registered.v1"
DEFAULT = r"^(events|amq\.default)$"


def _publish(exchange: str, key: str, got: str) -> Try:
    async def do(_: Ground, own: AbstractChannel) -> str:
        place = await own.get_exchange(exchange, ensure=False) if exchange else own.default_exchange
        await place.publish(aio_pika.Message(b"{}"), routing_key=key, mandatory=True, timeout=5)
        return got

    return do


async def _pretend(_: Ground, own: AbstractChannel) -> str:
    events = await own.get_exchange("events", ensure=False)
    await events.publish(aio_pika.Message(b"{}", user_id="administrator"), routing_key=OWN, timeout=5)
    return "a letter that says that the administrator wrote it"


async def _read(_: Ground, own: AbstractChannel) -> str:
    await (await own.get_queue(OTHERS, ensure=False)).get(fail=False, timeout=5)
    return "a look into the letters of orders"


async def _read_dead(_: Ground, own: AbstractChannel) -> str:
    await (await own.get_queue("dead", ensure=False)).get(fail=False, timeout=5)
    return "a look into everybody's undeliverable letters"


async def _declare(_: Ground, own: AbstractChannel) -> str:
    await own.declare_queue(MINE, durable=True)
    return "a queue that no charter knows"


async def _eavesdrop(_: Ground, own: AbstractChannel) -> str:
    await own.declare_queue(exclusive=True)
    return "a queue that disappears with its reader"


async def _bind(_: Ground, own: AbstractChannel) -> str:
    await (await own.get_queue(EARS, ensure=False)).bind("events", "accounts.#")
    return "everything that accounts says, in a queue of its own"


async def _exchange(_: Ground, own: AbstractChannel) -> str:
    mine = await own.declare_exchange(MINE, aio_pika.ExchangeType.FANOUT)
    await mine.bind("events", "#")
    return "an exchange into which everything flows"


async def _dead_letter(_: Ground, own: AbstractChannel) -> str:
    """A letter dies in a queue of one's own, and its death carries it to others under any key."""
    arguments: FieldTable = {
        "x-dead-letter-exchange": "events",
        "x-dead-letter-routing-key": ORDER,
        "x-message-ttl": 0,
    }
    await own.declare_queue(MINE, arguments=arguments)
    await own.default_exchange.publish(aio_pika.Message(b"{}"), routing_key=MINE, timeout=5)
    return "an erasure order in the name of retention"


async def _alternate(_: Ground, own: AbstractChannel) -> str:
    """An exchange of one's own hands what it cannot route to the real one, under any key."""
    mine = await own.declare_exchange(
        MINE, aio_pika.ExchangeType.DIRECT, arguments={"alternate-exchange": "events"}
    )
    await mine.publish(aio_pika.Message(b"{}"), routing_key=ORDER, timeout=5)
    return "an erasure order by an exchange of its own"


async def _purge(_: Ground, own: AbstractChannel) -> str:
    await (await own.get_queue(OTHERS, ensure=False)).purge()
    return "an empty queue of orders"


async def _delete(_: Ground, own: AbstractChannel) -> str:
    await own.queue_delete(OTHERS)
    return "orders without its queue"


async def _unbind(_: Ground, own: AbstractChannel) -> str:
    await (await own.get_queue(OTHERS, ensure=False)).unbind("events", "sharing.agreement.in_force.v1")
    return "orders that hears of no agreement any more"


async def _settle_in(_: Ground, own: AbstractChannel) -> str:
    queue = await own.get_queue(OTHERS, ensure=False)
    await queue.consume(_keep, exclusive=True)
    return "to be the only one who hears what orders should hear"


async def _keep(_: object) -> None:
    """Take a letter and never acknowledge it."""


OTHER_USERS = ("administrator", "retention", "accounts", "orders", "guest")
READING = Loose(read=r".*")
ATTACKS = (
    BrokerAttack(
        "another service's topic",
        "everybody to erase somebody, in the name of retention",
        "a service publishes the topics that it says (W-11)",
        _publish("events", ORDER, "an erasure order in everybody's queues"),
        Loose(topics=".*"),
    ),
    BrokerAttack(
        "the default exchange",
        "a letter in one queue, past all routing",
        "nobody writes to the default exchange",
        _publish("", OTHERS, "a letter straight into the queue of orders"),
        Loose(write=DEFAULT),
    ),
    BrokerAttack(
        "a forged dead letter",
        "an alarm where nothing happened, to hide one that did",
        "only the broker itself writes dead letters",
        _publish("dead-letters", OWN, "a dead letter that never lived"),
        Loose(write="^(events|dead-letters)$", internal=False),
    ),
    BrokerAttack(
        "the dead-letter trick",
        "to publish under any key by letting a letter die",
        "no service declares a queue that passes letters on",
        _dead_letter,
        Loose(configure=r"^sharing\.", write=DEFAULT),
    ),
    BrokerAttack(
        "the alternate-exchange trick",
        "to publish under any key through an exchange of its own",
        "no service declares an exchange that passes letters on",
        _alternate,
        Loose(configure=r"^sharing\.", write=r"^(events|sharing\..*)$"),
    ),
    BrokerAttack(
        "a forged user id",
        "letters that seem to come from somebody else",
        "a letter's user id is the user who sent it",
        _pretend,
        Loose(twin=True),
    ),
    BrokerAttack(
        "another service's queue",
        "what orders hears",
        "a service reads its own queues",
        _read,
        READING,
    ),
    BrokerAttack(
        "the queue of dead letters",
        "whatever could not be delivered to anybody",
        "dead letters are read by operations only",
        _read_dead,
        READING,
    ),
    BrokerAttack(
        "alone at another's queue",
        "letters to arrive with nobody",
        "nobody takes another's letters away by listening",
        _settle_in,
        READING,
    ),
    BrokerAttack(
        "another's queue purged",
        "news to be lost",
        "nobody empties another's queue",
        _purge,
        READING,
    ),
    BrokerAttack(
        "another's queue deleted",
        "a service to be deaf",
        "nobody deletes a queue",
        _delete,
        Loose(configure=".*"),
    ),
    BrokerAttack(
        "a queue of its own",
        "letters where no charter looks",
        "queues are made from charters only",
        _declare,
        Loose(configure=r"^sharing\."),
    ),
    BrokerAttack(
        "a queue without a name",
        "to listen and leave no trace",
        "nobody declares a queue that vanishes again",
        _eavesdrop,
        Loose(configure=r"^amq\.gen"),
    ),
    BrokerAttack(
        "a binding to another's events",
        "everything that accounts says",
        "bindings are made from charters only",
        _bind,
        Loose(write=r"^(events|sharing\..*)$", read=r"^(events|sharing\..*)$", heard=".*"),
    ),
    BrokerAttack(
        "another's binding undone",
        "orders to hear of no agreement any more",
        "nobody undoes a binding",
        _unbind,
        Loose(write=r".*", read=r".*", heard=".*"),
    ),
    BrokerAttack(
        "an exchange of its own",
        "a second way for every letter",
        "exchanges are made from contracts only",
        _exchange,
        Loose(configure=r"^sharing\.", write=r"^sharing\.", read="^(events|sharing)", heard=".*"),
    ),
)


async def _same_password(ground: Ground) -> str:
    refused = ""
    for user in ground.facts.get("broker users", OTHER_USERS):
        try:
            async with channel(ground, user, password_of(ground)):
                return f"the rights of {user}"
        except Held as held:
            refused = f"{user}: {held}"
    raise Held(refused)


@asynccontextmanager
async def _one_password_for_all(ground: Ground) -> AsyncIterator[Ground]:
    yield replace(ground, vhost=ATTACKS[0].vhost, facts={**ground.facts, "broker users": (TWIN,)})


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    one = Attack(
        "broker",
        "its own password for another user",
        "the rights of retention",
        "each broker user has a password of its own",
        _same_password,
        _one_password_for_all,
    )
    return (*(attack.as_attack() for attack in ATTACKS), one)


async def prepare(ground: Ground) -> None:
    """Open the loose virtual hosts, and a user who shares the attacker's password."""
    wanted = definitions_of(ATTACKS, ground.instance.secrets)
    for vhost, service in VHOSTS.items():
        for section, entries in beside(vhost, service, ground.instance.secrets).items():
            wanted[section] += entries
    await load(ground, wanted)


async def known(ground: Ground) -> Sequence[str]:
    """What RabbitMQ has no permission for, shown rather than hidden: neither is an attack that counts."""
    async with channel(ground, ATTACKER) as own:
        queue = await own.declare_queue(OTHERS, passive=True)
        waiting = queue.declaration_result.message_count
    async with channel(ground, ATTACKER) as own:
        await (await own.get_queue(EARS, ensure=False)).purge()
    return (
        f"broker a passive declare: shows that {waiting} letters wait for orders, and nothing in them",
        "broker its own queue purged: a service can throw away what it was sent",
    )
