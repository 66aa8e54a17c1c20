"""The broker's definitions give each service its own queues and topics, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chassis.charter import Charter, all_charters
from deploy.topology import broker, secrets
from deploy.topology.secrets import ROOT


@pytest.fixture(scope="module")
def charters() -> dict[str, Charter]:
    return all_charters(ROOT)


@pytest.fixture(scope="module")
def definitions(charters: dict[str, Charter], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("broker")
    secrets.ensure(folder, charters)
    found = broker.definitions(folder, charters)
    assert broker.definitions(folder, charters) == found
    return found


def test_a_queue_for_each_listener_and_topic_keeps_what_it_is_given(
    definitions: dict[str, Any], charters: dict[str, Charter]
) -> None:
    queues = {queue["name"]: queue["arguments"] for queue in definitions["queues"]}
    wanted = {f"{name}.{topic}" for name, charter in charters.items() for topic in charter.hears()}
    assert set(queues) == wanted | {"dead", "unheard"}
    for name in wanted:
        assert queues[name] == {
            "x-queue-type": "quorum",
            "x-delivery-limit": 20,
            "x-dead-letter-exchange": "dead-letters",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
    assert queues["dead"]["x-message-ttl"] == 24 * 3600 * 1000
    [internal] = [e for e in definitions["exchanges"] if e["name"] == "dead-letters"]
    assert internal["internal"]


def test_every_topic_that_is_said_ends_somewhere(
    definitions: dict[str, Any], charters: dict[str, Charter]
) -> None:
    said = {topic for charter in charters.values() for topic in charter.says()}
    bound = {entry["routing_key"] for entry in definitions["bindings"] if entry["source"] == "events"}
    assert said <= bound
    unheard = {b["routing_key"] for b in definitions["bindings"] if b["destination"] == "unheard"}
    assert unheard == set(broker.unheard_topics(charters))


@pytest.mark.requirement("W-11")
def test_a_service_configures_nothing_reads_its_queues_and_says_its_topics(
    definitions: dict[str, Any], charters: dict[str, Charter]
) -> None:
    rights = {entry["user"]: entry for entry in definitions["permissions"]}
    topics = {entry["user"]: entry for entry in definitions["topic_permissions"]}
    queues = [queue["name"] for queue in definitions["queues"]]
    for name, charter in charters.items():
        mine = rights[name]
        assert mine["configure"] == "^$"
        assert [q for q in queues if re.search(mine["read"], q)] == [
            q for q in queues if q.startswith(f"{name}.")
        ]
        assert not any(
            re.search(mine["write"], place) for place in ("amq.default", "", "dead-letters", *queues)
        )
        everything = {topic for other in charters.values() for topic in other.says()}
        may = {topic for topic in everything if re.search(topics[name]["write"], topic)}
        assert may == charter.says()
        assert topics[name]["exchange"] == "events"


def test_only_the_administrator_has_a_tag_and_no_password_is_readable(definitions: dict[str, Any]) -> None:
    tagged = {user["name"]: user["tags"] for user in definitions["users"] if user["tags"]}
    assert tagged == {"administrator": ["administrator"]}
    assert all(set(u) == {"name", "password_hash", "hashing_algorithm", "tags"} for u in definitions["users"])


def test_what_the_running_broker_has_too_much_or_too_little_is_shown(definitions: dict[str, Any]) -> None:
    assert broker.drift(definitions, definitions) == []
    running = {section: list(entries) for section, entries in definitions.items()}
    running["queues"] = running["queues"][:-1]
    lost = definitions["queues"][-1]["name"]
    stale = {**definitions["bindings"][0], "routing_key": "orders.#"}
    running["bindings"] = [*running["bindings"], stale]
    running["permissions"] = [{**running["permissions"][0], "write": ".*"}, *running["permissions"][1:]]
    lines = broker.drift(definitions, running)
    assert f"queues: {lost} is missing" in lines
    assert f"bindings: events to {stale['destination']} by orders.# is too many" in lines
    assert "permissions: accounts differs" in lines
    assert len(lines) == 3
    assert broker.stale_bindings(definitions, running) == [(stale["destination"], "orders.#")]


def test_nobody_listens_for_what_nobody_says(charters: dict[str, Charter]) -> None:
    # Every service already refuses revoked actors; the desk that withdraws a role is not built yet.
    assert set(broker.unsaid_topics(charters)) <= {"accounts.actor.revoked.v1"}
