"""Who is there when the attackers come: a guest whom a co-presenter knows, and one who was erased."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from deploy.local.demo.buying import buy
from deploy.local.demo.doors import allowed
from deploy.local.demo.expecting import until
from deploy.local.demo.looking import has_paper, mails
from deploy.local.demo.sharing import share
from deploy.local.demo.story import House, Story
from deploy.local.demo.wire import Wire
from deploy.local.demo.writing import LINK
from deploy.local.season.programme import known_as
from tests.attacks.ground import Ground, Victim


async def set_scene(ground: Ground, wire: Wire) -> Ground:
    """The same house with a victim whom the co-presenter knows, and someone whom the house forgot."""
    story = await bought(ground, wire)
    await share(story)
    victim = await _victim(ground, story)
    gone = await bought(ground, wire)
    subject = (await _victim(ground, gone)).subject
    await forget(gone)
    return replace(
        ground, victim=victim, erased=subject, facts={"other": known_as("organisation", "noordster")}
    )


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
