"""Step 5: by the signed link of the mail the visitor corrects a name, and the co-presenter hears of it."""

from __future__ import annotations

from typing import Any

from deploy.local.demo.expecting import expect, until
from deploy.local.demo.looking import attendee_of, told_co_presenter
from deploy.local.demo.papers import look_at
from deploy.local.demo.story import Story


async def correct(story: Story) -> str:
    """The new name at the house and at the co-presenter."""
    await follow_link(story)
    buyer = story.buyer
    before = await told_co_presenter(story)
    form = {"name": buyer.corrected, "email": buyer.email, "phone": buyer.phone}
    saved = await story.letter.form("/my-data/correct", form)
    expect(saved.status == 303, "the page takes the corrected name")
    me = await story.letter.get("/me")
    expect(me["name"] == buyer.corrected, "the house knows the corrected name")
    expect(me["email"] == buyer.email and me["phone"] == buyer.phone, "nothing else changed")

    async def look() -> dict[str, Any] | None:
        held = await attendee_of(story)
        return held if held and held.get("name") == buyer.corrected else None

    held = await until(look, "the correction reaches the co-presenter", story.patience)
    expect(sorted(held["seats"]) == sorted(story.seats), "the co-presenter still knows the seats")
    news = (await told_co_presenter(story))[: -len(before) or None]
    corrections = [one for one in news if one["type"] == "attendee.corrected"]
    expect(all(one["acknowledged"] for one in corrections), "the co-presenter acknowledged the correction")
    fields = {name for one in corrections for name in one["fields"]}
    expect(fields <= {"attendee", "name"}, "the correction carried the name and nothing else")
    return "the corrected name stands at the house and at the co-presenter"


async def follow_link(story: Story) -> None:
    """Swap the link for a session, in a browser that was never here before."""
    swapped = await story.letter.page(story.link)
    expect(swapped.status == 303, "the signed link opens")
    expect(swapped.location.endswith("/my-data"), "the link leads on to an address that tells nothing")
    cookies = [one for one in swapped.values("Set-Cookie") if one.startswith("__Host-")]
    expect(cookies and "HttpOnly" in cookies[0], "the link becomes a session that no script can read")
    page = await story.letter.page("/my-data")
    expect(story.link not in page.text, "the link stays in no page")
    sight = look_at(page.text)
    expect(story.buyer.email in page.text, "the page shows the buyer's own data")
    expect(sight.language == story.letter.language, "the page speaks the visitor's language")
