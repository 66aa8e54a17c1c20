"""Step 6, second part: an objection to the co-presenter's news, which reaches the co-presenter."""

from __future__ import annotations

from typing import Any

from deploy.local.demo.expecting import expect, until
from deploy.local.demo.looking import attendee_of, told_co_presenter
from deploy.local.demo.story import Story

NEWS = "co_presentation_news"


async def object_to_news(story: Story) -> str:
    """The choice at the house; the field that only the news needed is gone at the co-presenter."""
    wish = {"purpose": NEWS, "organisation": story.partner, "channel": "email", "state": "objected"}
    choices = (await story.letter.post("/me/choices", wish))["choices"]
    mine = [one for one in choices if (one["purpose"], one["organisation"]) == (NEWS, story.partner)]
    expect([one["state"] for one in mine] == ["objected"], "the house keeps the objection")

    async def look() -> dict[str, Any] | None:
        held = await attendee_of(story)
        return held if held and NEWS not in held["purposes"] else None

    held = await until(look, "the objection reaches the co-presenter", story.patience)
    expect("email" not in held, "the co-presenter no longer holds the e-mail address")
    expect(held.get("name") == story.buyer.corrected, "the co-presenter still has its door list")
    objections = [one for one in await told_co_presenter(story) if one["type"] == "attendee.objected"]
    expect(objections and objections[0]["acknowledged"], "the co-presenter acknowledged the objection")
    fields = {name for one in objections for name in one["fields"]}
    expect(fields <= {"attendee", "purposes"}, "the objection carried no data of the buyer")
    return "an objection that took the address from the co-presenter"
