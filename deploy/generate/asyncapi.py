"""AsyncAPI 3 over all services: channels from contracts, operations from charters.

FastStream's own models hold the document, so that its shape is checked while it is made; its exporter sees
one process only and cannot tell purposes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faststream.specification.asyncapi.v3_0_0.schema import (
    ApplicationInfo,
    ApplicationSchema,
    Channel,
    Components,
    Message,
    Operation,
    Reference,
)
from faststream.specification.asyncapi.v3_0_0.schema.bindings import ChannelBinding
from faststream.specification.asyncapi.v3_0_0.schema.bindings.amqp import ChannelBinding as AmqpBinding
from faststream.specification.asyncapi.v3_0_0.schema.operations import Action

from chassis.charter import Charter
from contracts.envelope import CONTENT_TYPE, TYPE_PREFIX, Envelope, Event

EXCHANGE = {"name": "events", "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}


def asyncapi(events: Mapping[str, type[Event]], charters: Mapping[str, Charter]) -> dict[str, Any]:
    """The document: one channel and message per topic, one operation per service that says or hears it."""
    document = ApplicationSchema(
        info=ApplicationInfo(
            title="Avondkassa",
            version="1",
            description="Events between the services, as CloudEvents 1.0 in structured mode.",
        ),
        defaultContentType=CONTENT_TYPE,
        channels={topic: _channel(event) for topic, event in sorted(events.items())},
        operations=_operations(events, charters),
        components=Components(
            messages={event.__name__ + _of(event): _message(event) for _, event in sorted(events.items())},
            schemas={"Envelope": Envelope.model_json_schema()} | _schemas(events),
        ),
    )
    told: dict[str, Any] = document.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"asyncapi": told.pop("asyncapi"), **told}


def _of(event: type[Event]) -> str:
    """Receipts have one class name in several services, so a message's name ends with who says it."""
    return "_" + event.topic.split(".")[0]


def _name(event: type[Event]) -> str:
    return event.__name__ + _of(event)


def _channel(event: type[Event]) -> Channel:
    binding = AmqpBinding.model_validate({"is": "routingKey", "exchange": EXCHANGE})
    return Channel(
        address=event.topic,
        description=(event.__doc__ or "").strip(),
        messages={_name(event): Reference.model_validate({"$ref": f"#/components/messages/{_name(event)}"})},
        bindings=ChannelBinding(amqp=binding),
    )


def _message(event: type[Event]) -> Message:
    payload = {
        "allOf": [
            {"$ref": "#/components/schemas/Envelope"},
            {
                "type": "object",
                "properties": {
                    "type": {"const": TYPE_PREFIX + event.topic},
                    "data": {"$ref": f"#/components/schemas/{_name(event)}"},
                },
            },
        ]
    }
    return Message(name=event.topic, title=event.__name__, contentType=CONTENT_TYPE, payload=payload)


def _schemas(events: Mapping[str, type[Event]]) -> dict[str, dict[str, Any]]:
    """Data schemas; each keeps its own definitions, which are reached from its own place."""
    found = {}
    for _, event in sorted(events.items()):
        place = f"#/components/schemas/{_name(event)}/$defs/{{model}}"
        found[_name(event)] = event.model_json_schema(ref_template=place)
    return found


def _operations(events: Mapping[str, type[Event]], charters: Mapping[str, Charter]) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for service, charter in sorted(charters.items()):
        for purpose, entry in sorted(charter.purpose.items()):
            for topic in entry.says:
                key = f"{service}_says_{topic}"
                found[key] = _operation(
                    Action.SEND, events[topic], f"{service} says this", purpose, found.get(key)
                )
            for topic in entry.hears:
                key = f"{service}_hears_{topic}"
                found[key] = _operation(
                    Action.RECEIVE, events[topic], f"{service} hears this", purpose, found.get(key)
                )
    return found


def _operation(
    action: Action, event: type[Event], words: str, purpose: str, before: Operation | None
) -> Operation:
    """One operation; a topic that is said for several purposes names them all."""
    named = f"{before.summary}, {purpose}" if before else f"{words} for: {purpose}"
    channel = f"#/channels/{event.topic}"
    return Operation(
        action=action,
        summary=named,
        channel=Reference.model_validate({"$ref": channel}),
        messages=[Reference.model_validate({"$ref": f"{channel}/messages/{_name(event)}"})],
    )
