"""Rules that wake somebody speak of figures that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # PyYAML ships no types.

from chassis import access_seal, housekeeping
from chassis.metrics import ALARMS, Metrics

RULES = Path(__file__).parents[2] / "deploy" / "monitoring" / "alerts.yml"


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def test_every_rule_asks_for_a_figure_that_services_or_the_broker_give() -> None:
    metrics = Metrics("orders")
    metrics.published("orders.order.paid.v1", "sent")
    metrics.timer_ran(housekeeping.JOB, "done")
    metrics.waiting(0.0, 0)
    given = set(re.findall(r"^(avondkassa_\w+){", metrics.exposition().decode(), re.M))
    for rule in rules():
        asked = set(re.findall(r"avondkassa_\w+", rule["expr"]))
        assert asked <= given, rule["alert"]
        assert asked or re.search(r"\b(up|rabbitmq_queue_messages)\{", rule["expr"]), rule["alert"]
        assert set(rule["annotations"]) == {"summary", "look"}
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_every_alarm_and_every_watched_timer_has_a_rule() -> None:
    text = " ".join(rule["expr"] for rule in rules())
    assert {alarm for alarm in ALARMS if f'"{alarm}"' in text} == set(ALARMS)
    assert set(re.findall(r'timer="(\w+)"', text)) == {access_seal.JOB, housekeeping.JOB}


def test_an_alarm_counts_from_nought_so_that_the_first_one_is_seen() -> None:
    metrics = Metrics("orders")
    for alarm in ALARMS:
        assert (
            f'avondkassa_alarms_total{{alarm="{alarm}",service="orders"}} 0.0'
            in metrics.exposition().decode()
        )
    metrics.heard("orders.order.paid.v1", "smuggled")
    assert (
        'avondkassa_alarms_total{alarm="letter_smuggled",service="orders"} 1.0'
        in metrics.exposition().decode()
    )
