"""Who is there when the attackers come: a guest whom a co-presenter knows, and one who was erased."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import Any
from uuid import UUID

from deploy.local import environment
from deploy.local.demo.buying import buy
from deploy.local.demo.doors import allowed
from deploy.local.demo.evening import _with_standing as with_standing
from deploy.local.demo.expecting import until
from deploy.local.demo.looking import attendee_of, has_paper, mails
from deploy.local.demo.story import House, Story
from deploy.local.demo.wire import Wire
from deploy.local.demo.writing import LINK
from deploy.local.instance import ROOT
from deploy.local.season.programme import known_as
from tests.attacks.ground import Ground, Victim
from tests.attacks.http_wall import ask
from tests.second_step import fresh_code

HEARD_WITHIN = 3.0
"""Seconds: every service has heard of a revocation and read its table anew."""


async def set_scene(ground: Ground, wire: Wire) -> Ground:
    """The same house with a victim whom the co-presenter knows, and someone whom the house forgot."""
    token = asyncio.create_task(dismiss(ground, "planner"))
    story = await bought(ground, wire)
    await until(lambda: attendee_of(story), "the co-presenter knows the buyer", story.patience)
    victim = await _victim(ground, story)
    gone = await bought(ground, wire)
    subject = (await _victim(ground, gone)).subject
    await forget(gone)
    facts = {"copy": await _copied(story), "sale": await _walk_in_sale(story)}
    other = known_as("organisation", "noordster")
    return replace(
        ground, victim=victim, erased=subject, facts={**facts, "other": other, "revoked token": await token}
    )


async def _copied(story: Story) -> str:
    """The case of a copy that the guest of a story ordered, once every service has its part ready."""
    await story.letter.page(story.link)
    case = (await story.letter.post("/me/copies", {}))["id"]

    async def look() -> bool | None:
        return True if (await story.letter.get(f"/me/cases/{case}"))["state"] == "closed" else None

    await until(look, "the copy is ready", story.patience)
    return str(case)


async def _walk_in_sale(story: Story) -> dict[str, Any]:
    """What a clerk sends to sell one standing place."""
    event, price = await with_standing(story.at_shop())
    return {"event": event["id"], "standing": [{"price": price["id"], "quantity": 1}], "method": "cash"}


async def bought(ground: Ground, wire: Wire) -> Story:
    """A guest who bought two seats and has the mail with the link to their own data."""
    story = Story(House(ground.instance.folder, ground.endpoints), wire)
    await buy(story)

    async def look() -> str | None:
        papers = [mail for mail in await mails(story) if has_paper(mail)]
        found = LINK.search(papers[0]["text"] or "") if papers else None
        return found[0] if found else None

    story.link = await until(look, "the mail with the link arrives", story.patience)
    return story


async def forget(story: Story) -> None:
    """Let the guest of a story be erased by their own wish, and wait until every service has answered."""
    await story.letter.page(story.link)
    case = allowed(await story.letter.ask("POST", "/me/erasure", {"understood": True}), "an erasure")["id"]
    officer = await story.staff("privacy_officer")

    async def look() -> bool | None:
        found: dict[str, Any] = await officer.get(f"/privacy/cases/{case}")
        return True if found["state"] == "closed" else None

    await until(look, "the erasure is closed", story.patience)


async def _victim(ground: Ground, story: Story) -> Victim:
    async with ground.superuser("orders") as connection:
        row = await connection.fetchrow(
            "SELECT p.subject_id, o.hold_id, o.number"
            " FROM order_person p JOIN placed_order o USING (event_id, order_id) WHERE p.order_id = $1",
            UUID(story.order["id"]),
        )
    buyer = story.buyer
    return Victim(
        subject=row["subject_id"],
        order=UUID(story.order["id"]),
        hold=row["hold_id"],
        event=UUID(story.event["id"]),
        partner=UUID(story.partner),
        name=buyer.name,
        email=buyer.email,
        phone=buyer.phone,
        number=row["number"],
        codes=tuple(story.codes),
        link=story.link,
    )


async def dismiss(ground: Ground, role: str) -> str:
    """A token of someone whose role is then taken away, as the command line of accounts does it."""
    login, accounts = ground.endpoints["logins"][role], ground.doors["accounts"]
    words = {"user": login["user"], "password": login["password"]}
    challenge = (await ask("POST", accounts + "/sessions", body=words)).json()["facts"]["challenge"]
    second = {"challenge": challenge, "code": await fresh_code(ground.instance, login)}
    secret = (await ask("POST", accounts + "/sessions/factor", body=second)).granted()["secret"]
    wish = {"secret": secret, "audience": "orders"}
    token = str((await ask("POST", accounts + "/tokens", body=wish)).granted()["token"])
    file = ground.instance.folder / "env" / "accounts.env"
    settings = dict(line.split("=", 1) for line in file.read_text().splitlines())
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.accounts",
        "revoke",
        cwd=ROOT,
        env=environment.plain() | settings,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await command.communicate(f"{login['user']}\n".encode())
    assert b"done" in said, "the planner was dismissed"
    await asyncio.sleep(HEARD_WITHIN)
    return token
