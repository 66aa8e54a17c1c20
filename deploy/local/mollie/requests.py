"""Reading what a client sends: which fields are taken, and how Mollie refuses the others."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from deploy.local.mollie.methods import METHODS
from deploy.local.mollie.money import Money, read_money
from deploy.local.mollie.problems import Problem

KEY = re.compile(r"Bearer ((test|live)_\w+)")
LOCALE = re.compile(r"[a-z]{2}_[A-Z]{2}")
METADATA_BYTES = 1024
LINKS = ("redirectUrl", "cancelUrl", "webhookUrl")


@dataclass(frozen=True)
class Wish:
    """A payment as a client asked for it. Addresses and other personal fields are accepted and not kept."""

    amount: Money
    facts: dict[str, Any]


def read_mode(authorization: str | None, keys: frozenset[str]) -> str | Problem:
    """ "test" or "live", from the prefix of the API key."""
    found = KEY.fullmatch(authorization or "")
    if found is None or (keys and found[1] not in keys):
        return Problem(401, "Missing authentication, or failed to authenticate")
    return found[2]


def read_body(raw: bytes) -> dict[str, Any] | Problem:
    """The JSON object of a request; an empty body is an empty object."""
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        return Problem(400, "The request body is not valid JSON")
    return body if isinstance(body, dict) else Problem(400, "The request body must be a JSON object")


def read_wish(body: dict[str, Any]) -> Wish | Problem:
    """A payment request (https://docs.mollie.com/reference/create-payment)."""
    amount = read_money(body.get("amount"))
    if isinstance(amount, Problem):
        return amount
    for required in ("description", "redirectUrl"):
        if not isinstance(body.get(required), str) or not body[required].strip():
            return Problem(422, f"The {required} is required", required)
    facts = read_changes(body)
    if isinstance(facts, Problem):
        return facts
    if body.get("sequenceType", "oneoff") != "oneoff":
        return Problem(422, "The simulator knows one-off payments only", "sequenceType")
    return Wish(amount, facts)


def read_changes(body: dict[str, Any]) -> dict[str, Any] | Problem:
    """The fields of a payment that a client may set or, while it is open, change."""
    return (
        _wrong_link(body)
        or _wrong_choice(body)
        or _wrong_metadata(body.get("metadata"))
        or {
            name: body[name][:255] if name == "description" else body[name]
            for name in (*LINKS, "description", "metadata", "locale", "method")
            if body.get(name) is not None
        }
    )


def _wrong_link(body: dict[str, Any]) -> Problem | None:
    for name in LINKS:
        link = body.get(name)
        if link is not None and not (isinstance(link, str) and _is_link(link)):
            return Problem(422, f"The {name} is invalid", name)
    return None


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _wrong_choice(body: dict[str, Any]) -> Problem | None:
    locale = body.get("locale")
    if locale is not None and not (isinstance(locale, str) and LOCALE.fullmatch(locale)):
        return Problem(422, "The locale is invalid", "locale")
    if not isinstance(body.get("description", ""), str):
        return Problem(422, "The description is invalid", "description")
    methods = body.get("method") or []
    for method in methods if isinstance(methods, list) else [methods]:
        if not isinstance(method, str) or method not in METHODS:
            return Problem(422, "The payment method is not enabled in your website profile", "method")
    return None


def _wrong_metadata(metadata: object) -> Problem | None:
    if len(json.dumps(metadata)) > METADATA_BYTES:
        return Problem(422, "The metadata is too long; 1 kB is the most", "metadata")
    return None


def read_refund(body: dict[str, Any]) -> Wish | Problem:
    """A refund request (https://docs.mollie.com/reference/create-refund)."""
    amount = read_money(body.get("amount"))
    if isinstance(amount, Problem):
        return amount
    wrong = _wrong_metadata(body.get("metadata"))
    if wrong is not None:
        return wrong
    if not isinstance(body.get("description", ""), str):
        return Problem(422, "The description is invalid", "description")
    return Wish(amount, {"description": body.get("description", "")[:255], "metadata": body.get("metadata")})
