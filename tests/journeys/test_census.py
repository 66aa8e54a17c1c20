"""The census: a person who is erased stands nowhere any more, in no form, but was everywhere before."""

from __future__ import annotations

import base64
import gzip
import hashlib
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import aio_pika
import pytest

from deploy.local.demo.buying import buy, find_event, hold_two
from deploy.local.demo.copying import take_copy
from deploy.local.demo.correcting import correct
from deploy.local.demo.erasing import erase
from deploy.local.demo.objecting import object_to_news
from deploy.local.demo.sharing import share
from deploy.local.demo.story import House as DemoHouse
from deploy.local.demo.story import Story
from deploy.local.demo.wire import HttpWire
from deploy.local.demo.writing import confirm
from deploy.local.instance import ROOT
from tests.conftest import House
from tests.journeys.census import Needles, in_dumps, in_files, in_queues, queues_of, unpacked

WHO = {"name", "email", "phone"}
"""Categories that say who someone is, and by which a search can find them."""
OF_ACCOUNTS = {
    *("accounts.letter_request", "accounts.letter", "accounts.email_change", "accounts.invitation"),
    *("accounts.profile", "accounts.organisation_facts"),
    "notify.account_letter",
}
"""Stores that only people who open or have an account ever stand in; the person of this story is a guest."""
HASHED_WITH_A_KEY = {"orders.limit_claim", "orders.limit_decision"}
"""Stores that keep an address under a key of the house: no search finds a person there, erased or not."""
FOR_THE_BOOKS = {"orders.invoice_party"}
"""An invoice is made out to an organisation; the books keep that, with the id of who asked for it."""
KEPT_BY_ID = {
    *("tombstone", "inbox", "case_file", "case_receipt", "case_recipient", "recall"),
    *("access_entry", "access_subject"),
    *(store.split(".")[1] for store in FOR_THE_BOOKS),
}
"""Tables in which the id of an erased person stays: they prove that an erasure was carried out, the inbox
knows that its order was heard, and the log of looks answers for a year for who looked at whom."""


@dataclass
class Found:
    """Where the person was found: service.table, queue or file, with the forms."""

    before: dict[str, set[str]] = field(default_factory=dict)
    after: dict[str, set[str]] = field(default_factory=dict)
    ids_after: dict[str, set[str]] = field(default_factory=dict)


def stores_of_the_charters() -> set[str]:
    """Every table with a column by which a person can be found, as service.table."""
    stores = set()
    for file in sorted((ROOT / "services").glob("*/charter.toml")):
        for table, said in tomllib.loads(file.read_text()).get("table", {}).items():
            if {column["category"] for column in said.get("column", {}).values()} & WHO:
                stores.add(f"{file.parent.name}.{table}")
    return stores


@pytest.fixture(scope="module")
async def found(house: House) -> AsyncIterator[Found]:
    """A person buys, is shared, corrects, takes a copy, objects and is erased; searched on the way."""
    async with HttpWire() as wire:
        story = Story(DemoHouse(house.folder, house.endpoints), wire)
        buyer = story.buyer
        house.persons.update((buyer.name, buyer.corrected))
        needles = _needles(story)
        result = Found()
        await _refused_once(story)
        result.before |= await search(house, needles)
        for step in (buy, confirm, _asks_for_an_invoice, _names_a_ticket, share, correct):
            await step(story)
        result.before |= await search(house, needles)
        await take_copy(story)
        await object_to_news(story)
        await erase(story)
        result.after = await search(house, needles)
        subject = Needles.of([story.subject])
        result.ids_after = await in_dumps(subject, house.instance, house.endpoints["databases"])
        yield result


def _needles(story: Story) -> Needles:
    buyer = story.buyer
    surnames = [buyer.name.split()[-1], buyer.corrected.split()[-1]]
    national = "0" + buyer.phone.removeprefix("+32")
    return Needles.of(
        [buyer.name, buyer.corrected, *surnames, buyer.email, buyer.phone, buyer.phone[1:], national]
    )


async def _refused_once(story: Story) -> None:
    """A checkout that is refused stays in the draft, so that nothing that was typed is lost."""
    event, _ = await find_event(story)
    hold = await hold_two(story.visitor, event)
    buyer = story.buyer
    choice = {
        "purpose": "co_presentation_news",
        "organisation": str(uuid4()),
        "given": True,
        "wording": "checkout.co_presentation_news.v2",
    }
    person = {"name": buyer.name, "email": buyer.email, "phone": buyer.phone, "locale": "fr"}
    wish = {"hold": hold["id"], **person, "choices": [choice]}
    refused = await story.visitor.ask("POST", "/orders", wish, uuid4().hex)
    assert 400 <= refused.status < 500
    given_back = await story.visitor.ask("DELETE", f"/holds/{hold['id']}")
    assert given_back.status == 204


async def _asks_for_an_invoice(story: Story) -> None:
    party = {"name": "Koor vzw", "street": "Kaai 1", "postal_code": "8499", "town": "Zee", "country": "BE"}
    made = await story.visitor.ask("POST", f"/orders/{story.order['id']}/invoice", party)
    assert made.status == 200, made.body


async def _names_a_ticket(story: Story) -> None:
    asked = f"/orders/{story.order['id']}/holders"
    known = (await story.visitor.ask("GET", asked)).json()["tickets"]
    names = {"holders": [{"ticket": one["ticket"], "name": story.buyer.name} for one in known]}
    made = await story.visitor.ask("PUT", asked, names)
    assert made.status == 200, made.body


async def search(house: House, needles: Needles) -> dict[str, set[str]]:
    """Databases, live queues, and every file of the installation. Parked messages are rows of databases."""
    tables = await in_dumps(needles, house.instance, house.endpoints["databases"])
    queues = await in_queues(needles, house.endpoints["broker"], queues_of(house.folder))
    return {**tables, **queues, **in_files(needles, house.folder)}


@pytest.mark.requirement("X-01")
def test_before_the_erasure_every_store_of_the_charters_knows_the_person(found: Found) -> None:
    assert (
        stores_of_the_charters() - OF_ACCOUNTS - HASHED_WITH_A_KEY - FOR_THE_BOOKS - set(found.before)
        == set()
    )


@pytest.mark.requirement("X-01")
def test_after_the_erasure_nothing_knows_the_person(found: Found) -> None:
    assert found.after == {}


def test_after_the_erasure_the_id_stands_only_where_the_erasure_is_proved(found: Found) -> None:
    assert {place for place in found.ids_after if place.split(".")[1] not in KEPT_BY_ID} == set()
    assert set(found.ids_after) >= FOR_THE_BOOKS


PERSON = ("Maud Zeewind", "maud.zeewind@example.org", "+32470112233")
HIDDEN = {
    "plain": b"so said Maud Zeewind",
    "casefolded": b"user=MAUD.ZEEWIND@EXAMPLE.ORG",
    "percent": b"to=maud.zeewind%40example.org&x",
    "base64": base64.b64encode(b'{"x": "maud.zeewind@example.org"}'),
    "base64, one later": base64.b64encode(b'{"xy": "maud.zeewind@example.org"}'),
    "base64, two later": base64.b64encode(b'{"xyz": "maud.zeewind@example.org"}'),
    "quoted-printable": b"=4D=61=75=64=20=5A=65=65=77=69=6E=64",
    "md5": hashlib.md5(b"maud.zeewind@example.org").hexdigest().encode(),
    "sha1": hashlib.sha1(b"+32470112233").digest(),
    "sha256": base64.b64encode(hashlib.sha256(b"maud.zeewind@example.org").digest()),
    "gzip": gzip.compress(b"Maud Zeewind"),
    "gzip in a dump": b"1\t\\\\x" + gzip.compress(b"Maud Zeewind").hex().encode() + b"\t2",
    "utf-16": "Maud Zeewind".encode("utf-16"),
}


@pytest.mark.parametrize("form", HIDDEN)
def test_the_search_finds_a_planted_file(form: str, tmp_path: Path) -> None:
    """The search has seen red: every form that it promises to find is found."""
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "left.behind").write_bytes(HIDDEN[form])
    assert set(in_files(Needles.of(PERSON), tmp_path)) == {"log/left.behind"}


def test_the_search_finds_a_person_in_a_pdf(tmp_path: Path) -> None:
    """A ticket with a name on it, as typst writes PDFs: compressed, and in glyphs."""
    import typst

    source = tmp_path / "ticket.typ"
    source.write_text("Maud Zeewind, seat B7")
    paper = typst.compile(str(source))
    source.unlink()
    assert b"Zeewind" not in paper
    (tmp_path / "ticket.pdf").write_bytes(paper)
    (tmp_path / "ticket.gz").write_bytes(gzip.compress(paper))
    assert set(in_files(Needles.of(PERSON), tmp_path)) == {"ticket.pdf", "ticket.gz"}
    assert len(list(unpacked(paper))) > 1


def test_the_search_finds_nobody_where_nobody_is(tmp_path: Path) -> None:
    (tmp_path / "ticket").write_bytes(b"Seat B7, " + UUID(int=7).bytes + gzip.compress(b"Seat B8"))
    assert in_files(Needles.of(PERSON), tmp_path) == {}


async def test_the_search_finds_a_message_that_waits_in_a_queue(house: House) -> None:
    """And leaves it there."""
    broker = house.endpoints["broker"]
    connection = await aio_pika.connect(broker)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("census.planted", auto_delete=False)
        body = base64.b64encode(b"to: maud.zeewind@example.org")
        await channel.default_exchange.publish(aio_pika.Message(body), routing_key=queue.name)
        try:
            for _ in range(2):
                assert await in_queues(Needles.of(PERSON), broker, [queue.name]) == {queue.name: {"base64"}}
        finally:
            await queue.delete(if_unused=False, if_empty=False)
