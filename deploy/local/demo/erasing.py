"""Step 6, third part: erasure, with its warning, its last mail, its receipts, and what stays true."""

from __future__ import annotations

import json
from typing import Any

from deploy.local.demo.copying import SERVICES
from deploy.local.demo.doors import API, allowed
from deploy.local.demo.evening import admitted
from deploy.local.demo.expecting import expect, until
from deploy.local.demo.looking import attendee_of, held_by_co_presenter, mails
from deploy.local.demo.papers import look_at
from deploy.local.demo.story import LANGUAGE, Story

WARNING = "si vous les perdez"
"""How the page says, in the buyer's language, that tickets which are lost cannot be found again."""


async def erase(story: Story) -> str:
    """The whole conversation; the answer says who answered."""
    officer = await story.staff("privacy_officer")
    found = (await officer.post("/privacy/subjects", {"email": story.buyer.email}))["subjects"]
    expect(found == [story.subject], "the privacy desk finds the buyer before")
    story.books = await officer.get("/books")
    known = {mail["id"] for mail in await mails(story)}
    await _warned(story)
    await _confirmed(story)
    await _last_mail(story, known)
    case = await _closed(story)
    await forgotten(story)
    recalled = ", ".join(one["recipient_name"] for one in case["recalls"])
    return f"{len(case['receipts'])} receipts, recall acknowledged by {recalled}, books balanced"


async def _warned(story: Story) -> None:
    """Whoever does not say that lost tickets cannot be sent again is told, and not erased."""
    page = await story.letter.page("/my-data/erase")
    sight = look_at(page.text)
    expect(WARNING in sight.text, "the page tells that lost tickets can no longer be sent")
    expect("understood" in sight.boxes, "the page asks whether that is understood")
    expect(not sight.boxes.get("understood"), "the box is not ticked beforehand")
    unread = await story.letter.form("/my-data/erase", {})
    expect(unread.status == 422, "without the tick the page asks again")
    refused = await story.letter.ask("POST", "/me/erasure", {"understood": False})
    expect(400 <= refused.status < 500, "the API refuses an erasure that was not understood")
    expect("erasure-not-understood" in refused.text, "the refusal says why")
    expect((await story.letter.ask("GET", "/me")).status == 200, "nothing was erased by it")


async def _confirmed(story: Story) -> None:
    reply = await story.letter.ask("POST", "/me/erasure", {"understood": True})
    if reply.tries == 1 or reply.status < 300:
        story.case = allowed(reply, f"POST {API}/me/erasure")["id"]
        return
    # The first answer was lost and the person is forgotten already: the desk knows the case.
    officer = await story.staff("privacy_officer")
    cases = (await officer.get("/privacy/cases"))["cases"]
    mine = [one["id"] for one in cases if (one["subject"], one["kind"]) == (story.subject, "erasure")]
    expect(len(mine) == 1, "the erasure is one case, however often it was asked for")
    story.case = mine[0]


async def _last_mail(story: Story, known: set[str]) -> None:
    async def look() -> dict[str, Any] | None:
        return next((mail for mail in await mails(story) if mail["id"] not in known), None)

    mail = await until(look, "a last mail arrives", story.patience)
    expect(look_at(mail["html"] or "").language == LANGUAGE, "the last mail is in the visitor's language")
    expect(not mail["attachments"], "the last mail carries no tickets")


async def _closed(story: Story) -> dict[str, Any]:
    """The case as the privacy desk sees it, with its recalls under `recalls`."""
    officer = await story.staff("privacy_officer")

    async def look() -> dict[str, Any] | None:
        found: dict[str, Any] = await officer.get(f"/privacy/cases/{story.case}")
        recalls = (await officer.get(f"/privacy/cases/{story.case}/recalls"))["recalls"]
        answered = recalls and all(one["state"] == "acknowledged" for one in recalls)
        return {**found, "recalls": recalls} if found["state"] == "closed" and answered else None

    case = await until(look, "the case is closed and the recall acknowledged", story.patience)
    expect({one["service"] for one in case["receipts"]} == SERVICES, "every service answered with a receipt")
    erased = {one["service"]: sum(one["counts"].values()) for one in case["receipts"]}
    expect(all(erased[name] for name in ("accounts", "orders", "notify", "sharing")), "receipts count rows")
    told = {one["state"] for one in case["recipients"]}
    expect(told == {"acknowledged"}, "the case says that the co-presenter acknowledged")
    expect(story.buyer.email not in json.dumps(case), "the case names nobody")
    return case


async def forgotten(story: Story) -> None:
    """What stays true after an erasure: nobody is found, the books add up, the ticket opens the door."""
    held = json.dumps(await held_by_co_presenter(story))
    expect(await attendee_of(story) is None, "the co-presenter holds nothing of the buyer")
    expect(story.buyer.email not in held and story.buyer.corrected not in held, "nor under another id")
    officer = await story.staff("privacy_officer")
    found = (await officer.post("/privacy/subjects", {"email": story.buyer.email}))["subjects"]
    expect(found == [], "the privacy desk finds nobody any more")
    me = await story.letter.ask("GET", "/me")
    expect(me.status in (401, 403, 404), "the session of the letter ended")
    expect((await story.letter.page(story.link)).status == 410, "the old link opens nothing any more")
    books = await officer.get("/books")
    expect(books["balanced"] is True, "the books are balanced")
    same = all(books[name] == story.books[name] for name in ("tickets", "tickets_cents", "paid_orders"))
    expect(same, "the books say what they said before the erasure")
    sums = [sum(line["cents"] for line in one["lines"]) for one in (books, story.books)]
    expect(sums[0] == sums[1], "not one cent of the books went with the person")
    steward = await story.staff("steward")
    await admitted(story, steward, story.event["id"], story.codes[0])
