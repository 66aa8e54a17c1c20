"""The ports of an instance: one number moves them all, and a taken port is said by name."""

import socket
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.ports import BadPorts, Ports


def test_one_base_moves_every_port() -> None:
    here, there = Ports(8080), Ports(9080)
    assert all(there[name] - here[name] == 1000 for name in ports.OFFSETS)
    assert len({here[name] for name in ports.OFFSETS}) == len(ports.OFFSETS)


def test_a_wish_wins_then_what_was_before_then_the_default(tmp_path: Path) -> None:
    assert ports.choose(tmp_path, None).base == ports.DEFAULT_BASE
    ports.remember(tmp_path, Ports(9000))
    assert ports.choose(tmp_path, None).base == 9000
    assert ports.choose(tmp_path, "free").base == 9000
    assert ports.choose(tmp_path, "9500").base == 9500


@pytest.mark.parametrize("wish", ["80", "65530", "eight", "-1", "8080.5"])
def test_a_useless_wish_is_refused_with_the_range(tmp_path: Path, wish: str) -> None:
    with pytest.raises(BadPorts, match="AVONDKASSA_PORTS"):
        ports.choose(tmp_path, wish)


def test_free_finds_a_range_in_which_nothing_listens(tmp_path: Path) -> None:
    assert list(ports.taken(ports.choose(tmp_path, "free"))) == []


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0")])
def test_a_taken_port_is_named_with_its_use_and_its_holder(family: socket.AddressFamily, host: str) -> None:
    chosen = Ports(ports.free_base())
    with socket.socket(family) as other:
        other.bind((host, chosen["postgres"]))
        other.listen()
        (found,) = ports.taken(chosen)
    assert (found.port, found.what) == (chosen["postgres"], "PostgreSQL")
    assert found.holder is not None
    assert "pid" in found.holder
