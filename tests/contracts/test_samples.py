"""Each event has a letter that must be accepted and one that must be refused, and both are as they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from contracts.catalogue import events
from contracts.envelope import Envelope, Event
from contracts.personal import Category, personal_fields

CONTRACTS = Path(__file__).parents[2] / "contracts"
TOPICS = sorted(events())


def document(topic: str, folder: str, ending: str) -> dict[str, Any]:
    """A JSON document about a topic: `order-paid.v1.json` for `orders.order.paid.v1`."""
    service, *happened, version = topic.split(".")
    name = "-".join(happened).replace("_", "-") + f".{version}{ending}.json"
    found: dict[str, Any] = json.loads((CONTRACTS / service / folder / name).read_text(encoding="utf-8"))
    return found


def sample(topic: str, kind: str) -> dict[str, Any]:
    """The sample of a topic: `pass` or `fail`."""
    return document(topic, "samples", f".{kind}")


def schema(topic: str) -> dict[str, Any]:
    """The generated JSON schema of a topic."""
    return document(topic, "schemas", "")


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.requirement("F-77")
def test_the_sample_that_must_pass_is_read_by_its_class_and_by_its_schema(topic: str) -> None:
    letter = Envelope.model_validate(sample(topic, "pass"))

    event = events()[topic].model_validate_json(json.dumps(letter.data))

    assert letter.topic == topic == event.topic
    jsonschema.validate(letter.data, schema(topic))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.requirement("W-11")
def test_the_sample_with_a_field_too_many_is_refused_by_both(topic: str) -> None:
    letter = Envelope.model_validate(sample(topic, "fail"))

    with pytest.raises(ValidationError) as refused:
        events()[topic].model_validate_json(json.dumps(letter.data))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(letter.data, schema(topic))

    assert "1990" not in str(refused.value), "an error of a contract must not repeat what it was given"


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.requirement("W-11")
def test_an_event_about_a_person_says_so_and_names_who_may_receive_it(topic: str) -> None:
    kind: type[Event] = events()[topic]
    letter = Envelope.model_validate(sample(topic, "pass"))
    categories = personal_fields(kind)

    assert kind.purposes
    if "subject" in kind.model_fields:
        assert categories["subject"] is Category.SUBJECT
        assert str(kind.model_validate_json(json.dumps(letter.data)).subject_of()) == letter.data["subject"]
