"""The demo holds, twice in a row; and each of its steps turns red when the house does what it must not."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.local.demo.expecting import Patience
from deploy.local.demo.playing import STEPS, Outcome, Step, attempt
from deploy.local.demo.story import House as DemoHouse
from deploy.local.demo.story import Story
from deploy.local.demo.sweeping import sweep
from deploy.local.demo.wire import Reply, Wire
from deploy.local.instance import ROOT
from tests.conftest import House
from tests.journeys.conftest import Evening
from tests.journeys.recording import Replay, Tampered, answered, blotted, said, written

HURRY = Patience(answer=0.1, news=0.4, rest=0.001)


@pytest.mark.requirement("X-01")
def test_the_evening_from_ticket_to_forgetting(evening: Evening) -> None:
    assert [(one.number, one.why) for one in evening.outcomes] == [(step.number, "") for step in STEPS]


def test_the_same_evening_again_from_the_command_line(evening: Evening, house: House) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.demo", "--steps", "1-7", "--json"],
        env={**os.environ, "AVONDKASSA_RUN": str(house.folder)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    document = json.loads(done.stdout)
    assert [(step["number"], step["why"]) for step in document["steps"]] == [(n, "") for n in range(1, 8)]
    assert (document["held"], document["of"], done.returncode) == (7, 7, 0)


def test_without_a_house_the_demo_says_so(tmp_path: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.demo"],
        env={**os.environ, "AVONDKASSA_RUN": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "No house is ready" in done.stderr


@dataclass(frozen=True)
class Lie:
    """What a tampering door makes of which answers, and the sentence that the step must answer with."""

    step: int
    method: str
    part: str
    change: Any
    sentence: str

    def __str__(self) -> str:
        return f"step {self.step}: {self.sentence}"


def _everyone(edit: Any) -> Any:
    """A change of every attendee that the receiver shows."""
    return said(lambda document: [edit(one) for one in document["attendees"]])


def _deliveries(edit: Any) -> Any:
    return said(lambda document: [edit(one) for one in document["deliveries"]])


def _first_if_refused(edit: Any) -> Any:
    """A change of the door's second answer."""

    def change(reply: Reply) -> Reply:
        refused = (reply.json() or {}).get("admitted") is False
        return said(edit)(reply) if refused else reply

    return change


def _someone_if_nobody(document: dict[str, Any]) -> None:
    if document["attendees"] == []:
        document["attendees"] = [{"name": "someone"}]


def _cent_after_cent() -> Any:
    """A change of the books that grows by one cent whenever they are read."""
    lost = itertools.count()

    def edit(document: dict[str, Any]) -> None:
        document["lines"][0]["cents"] += next(lost)

    return said(edit)


def _refused_from_the_second() -> Any:
    """A change of every successful hold but the first."""
    held = itertools.count()

    def change(reply: Reply) -> Reply:
        return replace(reply, status=409, headers=()) if reply.status == 201 and next(held) else reply

    return change


LIES = (
    Lie(1, "GET", "/basket", written('type="checkbox"', 'type="checkbox" checked'), "is ticked beforehand"),
    Lie(1, "GET", "/basket", written("choice.", "news."), "asks apart about the co-presenter's news"),
    Lie(1, "POST", "/holds", said(lambda d: d["lines"].pop()), "the hold is for the two chosen seats"),
    Lie(1, "GET", "/order/", blotted(r"[A-E][1-8]"), "the order page shows both seats"),
    Lie(1, "GET", "/orders/", said(lambda d: d.update(tickets=[])), "paid and has its tickets"),
    Lie(1, "GET", "/orders/", said(lambda d: d["tickets"].pop()), "the order has two tickets"),
    Lie(1, "GET", "/orders/", answered(200, 401), "a stranger does not see the order"),
    Lie(2, "GET", "/api/messages/", said(lambda d: d.update(attachments=[])), "confirmation with its PDF"),
    Lie(2, "GET", "/api/messages/", written('lang=\\"fr\\"', 'lang=\\"nl\\"'), "in the visitor's language"),
    Lie(2, "GET", "/attachments/", written("%PDF-", "%TXT-"), "the attachment is a PDF"),
    Lie(2, "GET", "/api/messages/", written("/l/", "/m/"), "a signed link to the buyer's own data"),
    Lie(3, "GET", "/api/attendees", _everyone(lambda one: one.update(phone="+32")), "and no others"),
    Lie(3, "GET", "/api/attendees", _everyone(lambda one: one.pop("email", None)), "and no others"),
    Lie(3, "GET", "/api/deliveries", _deliveries(lambda one: one["fields"].append("phone")), "another field"),
    Lie(3, "GET", "/api/deliveries", _deliveries(lambda one: one.update(signature_ok=False)), "is signed"),
    Lie(3, "GET", "/organiser/attendees", said(_someone_if_nobody), "another organiser gets nobody"),
    Lie(4, "POST", "/door/", _first_if_refused(lambda d: d.update(admitted=True)), "refuses the second scan"),
    Lie(4, "POST", "/door/", _first_if_refused(lambda d: d.update(first_admitted_at=None)), "names the time"),
    Lie(4, "POST", "/door/", said(lambda d: d.update(admitted=False)), "admits a ticket that was not used"),
    Lie(4, "POST", "/counter/sales", said(lambda d: d.update(name="M")), "asked the walk-in for a name"),
    Lie(4, "POST", "/counter/sales", answered(201, 403), "whoever works at the door cannot sell"),
    Lie(5, "GET", "/api/attendees", _everyone(lambda one: one.update(name="Old")), "the correction reaches"),
    Lie(5, "GET", "/api/deliveries", _deliveries(lambda d: d.update(acknowledged=False)), "acknowledged the"),
    Lie(5, "GET", "/me", said(lambda d: d.update(phone=None)), "nothing else changed"),
    Lie(6, "GET", "/download", said(lambda d: d["services"].pop("notify")), "each of the six services"),
    Lie(6, "GET", "/download", written("@example.org", "@example.net"), "has the e-mail address"),
    Lie(6, "GET", "/api/attendees", _everyone(lambda one: one.update(email="m")), "no longer holds the"),
    Lie(6, "GET", "/my-data/erase", written("perdez", "gardez"), "lost tickets can no longer be sent"),
    Lie(6, "POST", "/me/erasure", answered(201, 422), "refuses an erasure that was not understood"),
    Lie(
        6,
        "GET",
        "/recalls",
        said(lambda d: d["recalls"][0].update(state="waiting")),
        "recall acknowledged",
    ),
    Lie(
        6,
        "GET",
        "/privacy/cases/",
        said(lambda d: d["receipts"].pop()),
        "answered with a receipt",
    ),
    Lie(6, "GET", "/books", _cent_after_cent(), "not one cent of the books"),
    Lie(6, "GET", "/books", said(lambda d: d.update(balanced=False)), "the books are balanced"),
    Lie(6, "POST", "/door/", said(lambda d: d.update(admitted=False)), "admits a ticket that was not used"),
    Lie(7, "POST", "/holds", answered(201, 409), "a seat that is held is nobody else's"),
    Lie(7, "POST", "/holds", _refused_from_the_second(), "the seat is free again"),
    Lie(7, "GET", "/holds/", said(lambda d: d.update(state="held")), "is told that the hold expired"),
    Lie(8, "GET", "/me", said(lambda d: d.update(name=None)), "who logged in still has all data"),
    Lie(
        8,
        "GET",
        "/sweeps",
        said(lambda d: d["sweeps"][0].update(anonymised=1)),
        "all of those without",
    ),
    Lie(8, "POST", "/subjects", said(lambda d: d.update(subjects=["x"])), "none of them can be found"),
)


@pytest.mark.parametrize("lie", LIES, ids=str)
async def test_a_lie_turns_its_step_red(evening: Evening, lie: Lie) -> None:
    """Only the step's own answers are changed, so that it is this step which notices."""
    outcome, wire = await _with_lie(evening, lie)
    assert wire.struck, "the lie met no answer"
    assert not outcome.holds
    assert lie.sentence in outcome.why


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.number))
async def test_the_recording_tells_the_truth(evening: Evening, step: Step) -> None:
    """Without a lie the recorded evening holds, so that a red step is red because of its lie."""
    nothing = Lie(step.number, "GET", "nowhere", lambda reply: reply, "")
    outcome, _ = await _with_lie(evening, nothing)
    assert outcome.why == ""


async def _with_lie(evening: Evening, lie: Lie) -> tuple[Outcome, Tampered]:
    """Play the recording up to the step, honestly; then the step with the lie."""
    replay = Replay(evening.kept)
    story = _again(evening, replay, replay)
    alone = lie.step > 6
    for step in () if alone else STEPS[: lie.step - 1]:
        outcome = await attempt(story, step, [])
        assert outcome.holds, outcome.why
    tampered = Tampered(replay, lie.method, lie.part, lie.change)
    story.wire = story.visitor.wire = story.letter.wire = tampered
    return await attempt(story, _offline(STEPS[lie.step - 1]), []), tampered


def _again(evening: Evening, wire: Wire, replay: Replay) -> Story:
    """The same people at the same house, who know nothing yet; step 8 happened at a house of its own."""
    house = evening.story.house
    return Story(house, wire, HURRY, replay.now, buyer=evening.story.buyer)


def _offline(step: Step) -> Step:
    """Step 8 without its house: the recorded answers are enough, and nothing is swept."""
    if step.number != 8:
        return step

    async def play(story: Story) -> str:
        later = DemoHouse(story.house.folder, {**story.house.endpoints, "shop": _later_shop(story)})
        return await sweep(Story(later, story.wire, story.patience, story.now), _no_command)

    return replace(step, play=play)


def _later_shop(story: Story) -> str:
    wire = story.wire
    assert isinstance(wire, Tampered)
    assert isinstance(wire.wire, Replay)
    [address] = {url for url in wire.wire.addresses() if urlsplit(url).path == "/api/v1/privacy/sweeps"}
    return f"http://{urlsplit(address).netloc}/"


async def _no_command(*_: object) -> str:
    await asyncio.sleep(0)
    return ""
