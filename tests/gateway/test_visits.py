"""Rules about sessions, drafts, where a request came from, and where a log-in leads."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.actors import Role
from services.gateway.domain.draft import Draft, Typed
from services.gateway.domain.origin import same_origin
from services.gateway.domain.session import COOKIE, GUEST_LIFE, RIGHTS_LIFE, guest, hashed, rights
from services.gateway.entrypoints.cookies import drop_cookie, set_cookie
from services.gateway.entrypoints.pages.visits import own_path
from services.gateway.handlers.desk import fresh_cookie
from services.gateway.paths import PATHS, path

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
HOUSE = "https://tickets.devloedlijn.example"


@pytest.mark.requirement("G-70")
def test_a_guest_is_nobody_and_their_session_ends_by_itself() -> None:
    session = guest(hashed("cookie"), uuid4(), NOW)
    assert (session.subject, session.label, session.secret) == (None, None, None)
    assert session.actor.role is Role.VISITOR
    assert not session.is_over(NOW + GUEST_LIFE - timedelta(microseconds=1))
    assert session.is_over(NOW + GUEST_LIFE)


@pytest.mark.requirement("W-40")
def test_a_letter_opens_the_data_of_its_reader_for_hours_only() -> None:
    subject = uuid4()
    session = rights(hashed("cookie"), subject, NOW)
    assert (session.actor.role, session.actor.id, session.subject) == (Role.VISITOR, subject, subject)
    assert session.is_over(NOW + RIGHTS_LIFE)


def test_a_cookie_is_stored_so_that_it_cannot_be_read_back() -> None:
    assert hashed("cookie") != b"cookie"
    assert hashed("cookie") == hashed("cookie")
    assert len({hashed(value) for value in ("cookie", "cooki", "\ud800", "")}) == 4


@pytest.mark.requirement("G-71")
def test_cookies_are_long_different_each_time_and_for_this_host_only() -> None:
    cookies = {fresh_cookie().value for _ in range(100)}
    assert len(cookies) == 100
    assert all(len(value) >= 43 for value in cookies)
    told = set_cookie(fresh_cookie())["Set-Cookie"]
    assert told.startswith(COOKIE + "=")
    assert COOKIE.startswith("__Host-")
    for attribute in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert attribute in told.split("; ")
    assert "Max-Age=0" in drop_cookie()["Set-Cookie"]


def test_a_basket_holds_its_places_until_their_time_is_over() -> None:
    draft = Draft(uuid4(), hashed("cookie"), uuid4(), "zout", 2, NOW, Typed())
    assert draft.places_held(NOW - timedelta(seconds=1)) == 2
    assert draft.places_held(NOW) == 0


@pytest.mark.parametrize(
    ("method", "origin", "site", "allowed"),
    [
        ("POST", HOUSE, "same-origin", True),
        ("POST", HOUSE, None, True),
        ("POST", None, "none", True),
        ("POST", None, None, True),
        ("GET", "https://evil.example", "cross-site", True),
        ("POST", "https://evil.example", None, False),
        ("POST", "https://evil.example", "cross-site", False),
        ("POST", HOUSE, "cross-site", False),
        ("POST", None, "same-site", False),
        ("POST", HOUSE.replace("https", "http"), None, False),
        ("POST", HOUSE + ".evil.example", None, False),
        ("POST", HOUSE + ":8443", None, False),
        ("DELETE", "null", None, False),
        ("PATCH", "http://[", None, False),
        ("POST", "", None, False),
    ],
)
@pytest.mark.requirement("G-71")
def test_only_our_own_pages_and_programs_change_anything(
    method: str, origin: str | None, site: str | None, allowed: bool
) -> None:
    assert same_origin(method, HOUSE + "/", origin, site) is allowed


@given(st.text())
def test_no_origin_is_an_error(origin: str) -> None:
    assert same_origin("POST", HOUSE, origin, None) is (origin == HOUSE)


@pytest.mark.parametrize("onward", ["/", "/door", "/counter?event=zout", "/my-data/copy/1#x"])
def test_a_log_in_leads_on_to_pages_of_ours(onward: str) -> None:
    assert own_path(onward) == onward


@pytest.mark.parametrize(
    "onward",
    [
        "",
        "door",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/%0d%0a\r\n",
        "/é",
        "/\u202e",
        " /door",
        "/" + "a" * 200,
    ],
)
@pytest.mark.requirement("G-71")
def test_a_log_in_never_leads_elsewhere(onward: str) -> None:
    assert own_path(onward) == ""


@given(st.text(alphabet="/\\:.@#?% \t\r\nabc"))
def test_wherever_a_log_in_leads_is_one_line_on_this_host(onward: str) -> None:
    leads = own_path(onward)
    assert leads == "" or (leads[0] == "/" and leads[1:2] not in ("/", "\\") and leads.isprintable())


def test_parts_of_a_path_cannot_climb_out_of_it() -> None:
    assert path("order", order="../../books?x=1#y") == "/order/..%2F..%2Fbooks%3Fx%3D1%23y"
    with pytest.raises(KeyError):
        path("order")
    assert len(set(PATHS.values())) == len(PATHS)
