"""JSON Schema of each event's data, with its personal fields named (W-11)."""

from __future__ import annotations

from typing import Any

from contracts.envelope import TYPE_PREFIX, Event
from contracts.personal import personal_fields

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_path(event: type[Event]) -> str:
    """`contracts/orders/schemas/order-paid.v1.json` for the topic `orders.order.paid.v1`."""
    service, *words, version = event.topic.split(".")
    name = "-".join(words).replace("_", "-")
    return f"contracts/{service}/schemas/{name}.{version}.json"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The schema of an event's data; `x-personal` lists fields that carry personal data, by category."""
    return {
        "$schema": DIALECT,
        "$id": f"{TYPE_PREFIX}{event.topic}",
        **event.model_json_schema(),
        "x-topic": event.topic,
        "x-purposes": list(event.purposes),
        "x-personal": {name: category.value for name, category in personal_fields(event).items()},
    }
