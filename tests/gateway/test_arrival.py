"""From where a request comes: as far as it can be trusted, and no more than a kind of device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.arrival import address_of, device_of

PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1"
TABLET = "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.requirement("G-11")
@pytest.mark.parametrize(
    ("agent", "device"),
    [(PHONE, "phone"), (IPHONE, "phone"), (TABLET, "tablet"), (DESK, "computer"), ("curl/8", "program")],
)
def test_a_device_is_one_of_four_kinds(agent: str, device: str) -> None:
    assert device_of(agent) == device


@pytest.mark.requirement("G-71")
@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "203.0.113.9"),
        ("198.51.100.1", 0, "203.0.113.9"),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1", 1, "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("", 1, "203.0.113.9"),
        ("not an address", 1, None),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(
    forwarded: str, proxies: int, address: str | None
) -> None:
    assert address_of("203.0.113.9", forwarded, proxies) == address


def test_a_network_of_ipv6_counts_as_one_place() -> None:
    assert address_of("2001:db8:1:2:3:4:5:6", "", 0) == address_of("2001:db8:1:2::1", "", 0)
    assert address_of("2001:db8:1:2::1", "", 0) != address_of("2001:db8:1:3::1", "", 0)
    assert address_of(None, "", 0) is None


@given(st.text(), st.integers(0, 5))
def test_no_header_is_an_error(forwarded: str, proxies: int) -> None:
    address_of("203.0.113.9", forwarded, proxies)
