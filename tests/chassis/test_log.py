"""The log cannot name a person: whatever a caller or a library hands it (G-11, W-33)."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from chassis.context import Trail, on_trail, trail
from chassis.faults import PublishRefused
from chassis.log import AnswerLog, get_logger

PERSON = "Mia Vanderstraeten"
MAIL = "mia@example.org"


class Body(BaseModel):
    """A model whose errors would quote its input."""

    age: int


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.requirement("G-11")
def test_unlisted_keys_are_dropped_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().info("order_paid", email=MAIL, name=PERSON, route="/orders/{order}", message_id=uuid4())
    line = lines(capsys)[0]
    assert line["dropped"] == 2
    assert line["route"] == "/orders/{order}"
    assert MAIL not in str(line)
    assert PERSON not in str(line)


def test_prose_in_a_listed_key_or_in_the_event_does_not_pass(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger().info(f"paid by {PERSON}", reason=PERSON, topic=MAIL, fault=[PERSON])
    line = lines(capsys)[0]
    assert line["event"] == "unnamed"
    assert (line["reason"], line["topic"], line["fault"]) == ("?", "?", ["?"])


def test_an_exception_leaves_its_class_and_places_only(capsys: pytest.CaptureFixture[str]) -> None:
    secret_local = PERSON
    try:
        Body.model_validate({"age": secret_local})
    except ValueError as error:
        get_logger().error("request_broke", exc_info=error)
    get_logger().error("row_waits", exc_info=PublishRefused("returned"))
    first, second = lines(capsys)
    assert first["fault"] == "ValidationError"
    assert any(place.startswith("test_log.py:") for place in first["stack"])
    assert second["fault"] == "PublishRefused:returned"
    assert PERSON not in str(first)


def test_libraries_go_through_the_same_sieve(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("asyncpg").warning("detail: Key (email)=(%s) exists", MAIL)
    line = lines(capsys)[0]
    assert line["event"] == "library_spoke"
    assert line["library"].startswith("asyncpg:")
    assert MAIL not in str(line)


def test_a_trail_is_bound_inside_and_gone_outside(capsys: pytest.CaptureFixture[str]) -> None:
    with on_trail(Trail("request-42")):
        get_logger().info("inside")
        assert trail().request_id == "request-42"
    get_logger().info("outside")
    inside, outside = lines(capsys)
    assert inside["request_id"] == "request-42"
    assert "request_id" not in outside
    assert trail().request_id != "request-42"


def test_the_line_of_an_answer_has_the_keys_of_every_other_line(capsys: pytest.CaptureFixture[str]) -> None:
    AnswerLog("orders")("request-42", "POST", "/orders/{order}", 201, 0.01234)
    with on_trail(Trail("request-42")):
        get_logger().info("answered", method="POST", route="/orders/{order}", status=201, ms=12.3)
    quick, sieved = lines(capsys)
    assert quick.pop("service") == "orders"
    assert quick.pop("timestamp")[-1] == sieved.pop("timestamp")[-1] == "Z"
    sieved.pop("service", None)
    assert quick == sieved
