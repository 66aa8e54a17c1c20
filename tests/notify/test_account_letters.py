"""Letters about accounts: to an address that need not be anybody's, with a link that notify alone signs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.tokens import LinkReader, read_keys
from contracts.accounts.events import LetterOrderedV1
from contracts.notify.events import MessageSentV1
from tests.accounts.premises import NOON
from tests.notify.conftest import GUEST, Notify

NOTICES = ("exists", "new_device", "new_password")
ABOUT_FACTORS = ("factor_added", "factor_removed", "recovery_used", "recovery_renewed")
ABOUT_ROLES = ("invited", "role_given", "role_ended")
DECIDED = ("verified", "refused", "suspended", "ended")
ABOUT_ORGANISATIONS = tuple(
    f"organisation_{what}" for what in (*DECIDED, "changed", "invited", "joined", "left", "key")
)
KINDS = (
    "register",
    "reset",
    "email_new",
    "email_old",
    *NOTICES,
    *ABOUT_FACTORS,
    *ABOUT_ROLES,
    *ABOUT_ORGANISATIONS,
)
LINKED = ("register", "reset", "email_new", "email_old")


def ordered(kind: str = "reset", **more: Any) -> LetterOrderedV1:
    fields = {
        "subject": GUEST,
        "letter": uuid4(),
        "kind": kind,
        "email": "guusje@zeldzaam.example",
        "name": None,
        "locale": "fr",
        "expires_at": NOON + timedelta(hours=1),
    }
    return LetterOrderedV1.model_validate(fields | more)


async def posted(notify: Notify, letter: LetterOrderedV1) -> None:
    await notify.door.hear(letter)
    await notify.door.run_timer("send_account_letters")


@pytest.mark.requirement("G-14")
@pytest.mark.parametrize("kind", KINDS)
async def test_each_letter_leaves_once_in_the_readers_language(notify: Notify, kind: str) -> None:
    letter = ordered(kind)
    await posted(notify, letter)
    await posted(notify, letter)
    (mail,) = notify.server.mails
    body = mail.get_body(("plain",))
    assert body is not None
    assert (mail["To"], mail["Content-Language"]) == ("guusje@zeldzaam.example", "fr")
    found = re.search(r"http://localhost:8080/(\S+)", body.get_content())
    assert found is not None
    assert found[1].startswith("a/") is (kind in LINKED)
    (sent,) = [event for event in await notify.door.said() if isinstance(event, MessageSentV1)]
    assert sent.template == f"account_{kind}"


@pytest.mark.requirement("G-71")
async def test_the_link_names_a_letter_and_counts_as_long_as_it(notify: Notify) -> None:
    letter = ordered()
    await posted(notify, letter)
    body = notify.server.mails[0].get_body(("plain",))
    assert body is not None
    found = re.search(r"/a/(\S+)", body.get_content())
    assert found is not None
    reader = LinkReader(read_keys(notify.door.premises.folder / "notify" / "keys"))
    assert reader.read_letter(found[1], NOON) == letter.letter
    assert reader.read_letter(found[1], NOON + timedelta(hours=1, seconds=1)) is None
    # It is no link to anybody's data, and such a link is no letter.
    assert reader.read(found[1], NOON) is None


@pytest.mark.requirement("W-20")
async def test_the_address_goes_with_the_letter(notify: Notify) -> None:
    await posted(notify, ordered())
    notify.server.answers.append("451 later")
    await posted(notify, ordered("new_device"))
    assert len(await notify.door.rows("SELECT * FROM account_letter")) == 1
    notify.door.clock.move(timedelta(hours=2))
    await notify.door.run_timer("send_account_letters")
    assert await notify.door.rows("SELECT * FROM account_letter") == []
    assert len(notify.server.mails) == 1
    stored = await notify.door.rows("SELECT * FROM message")
    assert "zeldzaam" not in str(stored)
    assert [row["template"] for row in stored] == ["account_reset"]


async def test_a_mail_server_that_is_busy_is_asked_again(notify: Notify) -> None:
    notify.server.answers.append("451 later")
    await posted(notify, ordered())
    assert notify.server.mails == []
    notify.door.clock.move(timedelta(seconds=3))
    await notify.door.run_timer("send_account_letters")
    assert len(notify.server.mails) == 1
