"""Every event class by topic, found by import: what topology, schemas, AsyncAPI and parsing are made from."""

from importlib import import_module

from contracts.envelope import Event

SERVICES = ("accounts", "orders", "notify", "sharing", "retention", "gateway")
MODULES = ("events", "receipts")


def _of_module(name: str) -> dict[str, type[Event]]:
    module = import_module(name)
    found = [v for v in vars(module).values() if isinstance(v, type) and issubclass(v, Event)]
    return {kind.topic: kind for kind in found if "topic" in vars(kind)}


def events() -> dict[str, type[Event]]:
    """All events of the house by topic; two classes with one topic are an error."""
    known: dict[str, type[Event]] = {}
    for service in SERVICES:
        for module in MODULES:
            if service == "gateway" and module == "events":
                continue
            for topic, kind in _of_module(f"contracts.{service}.{module}").items():
                if topic in known:
                    raise ValueError(f"two events share the topic {topic}")
                known[topic] = kind
    return known
