"""What customer service does through the API: look somebody up, and write down what they asked for (G-64)."""

from __future__ import annotations

from typing import Any

from deploy.local.demo.doors import Browser


async def helps(ask: Any, officer: Browser, number: str, login: str, subject: str) -> None:
    """Find a person by an order and by an address; change a choice for them."""
    owner = await ask(officer, "GET /counter/orders/{number}/owner", number=number)
    (one,) = (await ask(officer, "POST /people/search", {"email": login}))["people"]
    person = await ask(officer, "GET /people/{subject}", subject=owner["subject"])
    assert person["subject"] == subject
    assert person["name"]
    assert one["name"]
    asked = {"purpose": "benefits", "state": "objected", "asked_by": "letter", "case_number": "B-17"}
    await ask(officer, "POST /people/{subject}/choices", asked, subject=subject)
    shield = "/privacy/protections"
    await ask(officer, f"PUT {shield}/{{subject}}", {"reason": "known"}, subject=subject)
    assert (await ask(officer, f"GET {shield}"))["protections"]
    await ask(officer, f"GET {shield}/{{subject}}", subject=subject)
    await ask(officer, "GET /people/{subject}/name", subject=subject)
    await ask(officer, f"DELETE {shield}/{{subject}}", subject=subject)
