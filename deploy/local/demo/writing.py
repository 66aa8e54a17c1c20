"""Step 2: the confirmation comes by mail, in the visitor's language, with the tickets as a PDF."""

from __future__ import annotations

import re
from typing import Any

from deploy.local.demo.expecting import expect, until
from deploy.local.demo.looking import has_paper, mails
from deploy.local.demo.papers import codes_in_pdf, look_at
from deploy.local.demo.story import LANGUAGE, Story

LINK = re.compile(r"https?://[^\s\"'<>]+/l/[^\s\"'<>]+")


async def confirm(story: Story) -> str:
    """One mail; the answer says what is in it."""

    async def look() -> dict[str, Any] | None:
        return next((mail for mail in await mails(story) if has_paper(mail)), None)

    mail = await until(look, "the confirmation with its PDF arrives", story.patience)
    _in_their_language(story, mail)
    await _on_paper(story, mail)
    papers = [one for one in await mails(story) if has_paper(one)]
    expect(len(papers) == 1, "the tickets are mailed once")
    found = LINK.search(mail["text"] or "") or LINK.search(mail["html"] or "")
    expect(found, "the mail has a signed link to the buyer's own data")
    assert found is not None
    story.link = found[0]
    return f"a mail in {LANGUAGE} with one PDF; a scanner reads {len(story.codes)} signed codes from it"


def _in_their_language(story: Story, mail: dict[str, Any]) -> None:
    sight = look_at(mail["html"] or "")
    expect(sight.language == LANGUAGE, "the mail says that it is in the visitor's language")
    expect(story.event["title"][LANGUAGE] in sight.text, "the mail names the event in the visitor's language")
    expect(all(seat in sight.text for seat in story.seats), "the mail names both seats")
    expect(mail["text"], "the mail can be read without HTML")
    expect(story.buyer.email not in mail["subject"], "the subject names nobody's address")


async def _on_paper(story: Story, mail: dict[str, Any]) -> None:
    papers = [one for one in mail["attachments"] if one["content_type"] == "application/pdf"]
    expect(len(papers) == 1, "the tickets are one PDF")
    path = f"/api/messages/{mail['id']}/attachments/{papers[0]['n']}"
    pdf = (await story.at("inbox").page(path)).body
    expect(pdf.startswith(b"%PDF-"), "the attachment is a PDF")
    expect(sorted(codes_in_pdf(pdf)) == sorted(story.codes), "the codes on paper are the tickets' codes")
