"""The receiver as a process, spoken to over HTTP with real signatures."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from standardwebhooks import Webhook

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"a secret of this organiser alone").decode()
OTHER = "whsec_" + base64.b64encode(b"a secret of another organisation").decode()
ATTENDEE = "5a0e4c1c-2b7e-4d3a-9a54-0c7b1c9b1f11"


@dataclass
class Receiver:
    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    def send(
        self, body: object, id: str = "msg_1", secret: str = SECRET, age: timedelta = timedelta()
    ) -> requests.Response:
        """Sends a message as the house does, signed with a secret at a time of ``age`` ago."""
        raw = body if isinstance(body, str) else json.dumps(body)
        at = datetime.now(UTC) - age
        headers = {
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(id, at, raw),
        }
        return requests.post(f"{self.url}/webhooks", data=raw.encode(), headers=headers, timeout=5)

    def attendees(self) -> list[dict[str, Any]]:
        return list(requests.get(f"{self.url}/api/attendees", timeout=5).json()["attendees"])

    def deliveries(self) -> list[dict[str, Any]]:
        return list(requests.get(f"{self.url}/api/deliveries", timeout=5).json()["deliveries"])

    def files(self) -> str:
        return "".join(path.read_text() for path in self.folder.iterdir())


@contextmanager
def running(folder: Path) -> Iterator[Receiver]:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    secrets = folder.parent / "secrets"
    if not secrets.exists():
        secrets.write_text(f"{SECRET}\n")
    env = os.environ | {
        "RECEIVER_PORT": str(port),
        "RECEIVER_STATE": str(folder),
        "RECEIVER_SECRET_FILE": str(secrets),
        "RECEIVER_NAME": "Zeekoor vzw",
    }
    process = subprocess.Popen([sys.executable, "-m", "examples.organiser"], cwd=ROOT, env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield Receiver(url, process, folder)
    finally:
        process.terminate()
        process.wait(10)


def wait_for(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(url, timeout=1)
            return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("the receiver did not start")


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with running(tmp_path / "state") as started:
        yield started


def message(type: str = "attendee.registered", **data: object) -> dict[str, object]:
    return {"id": "1", "type": type, "timestamp": datetime.now(UTC).isoformat(), "data": data}


def registration(**more: object) -> dict[str, object]:
    return message(
        attendee=ATTENDEE,
        event={"id": "e1", "title": "Winterreis", "starts_at": "2026-12-01T19:00:00+01:00"},
        purposes=["co_presentation_door_list", "co_presentation_news"],
        name="Mira Devos",
        email="mira@example.org",
        seats=["B 4"],
        **more,
    )


def test_a_signed_registration_is_kept(receiver: Receiver) -> None:
    assert receiver.send(registration()).status_code == 204
    assert [a["name"] for a in receiver.attendees()] == ["Mira Devos"]
    [delivery] = receiver.deliveries()
    assert (delivery["type"], delivery["id"], delivery["signature_ok"]) == (
        "attendee.registered",
        "msg_1",
        True,
    )


def test_the_same_message_twice_is_carried_out_once(receiver: Receiver) -> None:
    assert [receiver.send(registration()).status_code for _ in range(2)] == [204, 204]
    assert len(receiver.deliveries()) == 1


@pytest.mark.parametrize(("secret", "age"), [(OTHER, 0), (SECRET, 400), (SECRET, -400)])
def test_a_wrong_or_old_signature_is_refused(receiver: Receiver, secret: str, age: int) -> None:
    assert receiver.send(registration(), secret=secret, age=timedelta(seconds=age)).status_code == 401
    assert receiver.attendees() == []
    assert receiver.deliveries()[0]["signature_ok"] is False
    assert receiver.send(registration()).status_code == 204


@pytest.mark.parametrize("signature", [None, "", "v1", "v1,###", "v1a,abc v1,", "x"])
def test_a_broken_signature_is_refused(receiver: Receiver, signature: str | None) -> None:
    headers = {"webhook-id": "m", "webhook-timestamp": str(int(time.time()))}
    headers |= {} if signature is None else {"webhook-signature": signature}
    refused = requests.post(f"{receiver.url}/webhooks", data=b"{}", headers=headers, timeout=5)
    assert refused.status_code == 401


def test_bytes_that_are_no_text_are_refused(receiver: Receiver) -> None:
    headers = {"webhook-id": "m", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,abc="}
    refused = requests.post(f"{receiver.url}/webhooks", data=b"\xff\xfe", headers=headers, timeout=5)
    assert refused.status_code == 401


@pytest.mark.parametrize("body", ["{", "[]", '{"type": 4}', '{"type": "attendee.registered"}'])
def test_a_malformed_message_is_a_bad_request(receiver: Receiver, body: str) -> None:
    assert receiver.send(body).status_code == 400
    assert receiver.send(registration()).status_code == 204


def test_a_message_of_an_unknown_type_is_ignored(receiver: Receiver) -> None:
    assert receiver.send(message("attendee.applauded", attendee=ATTENDEE)).status_code == 204
    assert receiver.attendees() == []


def test_a_huge_body_is_refused(receiver: Receiver) -> None:
    assert receiver.send(registration(more="x" * 70_000)).status_code == 413


@pytest.mark.requirement("X-02")
def test_a_recall_is_acknowledged_and_leaves_nothing(receiver: Receiver) -> None:
    receiver.send(registration(), "msg_1")
    receiver.send(message("attendee.corrected", attendee=ATTENDEE, name="Mira De Vos"), "msg_2")
    assert "Mira De Vos" in receiver.files()
    erased = message("attendee.erased", attendee=ATTENDEE, acknowledge_by="2026-12-01T00:00:00Z")
    for _ in range(2):
        answer = receiver.send(erased, "msg_3")
        assert (answer.status_code, answer.json()) == (200, {"acknowledged": True, "id": "msg_3"})
    assert receiver.attendees() == []
    assert not [trace for trace in ("Mira", "mira@", "B 4", "Winterreis") if trace in receiver.files()]
    assert [d["type"] for d in receiver.deliveries()] == [
        "attendee.erased",
        "attendee.corrected",
        "attendee.registered",
    ]


@pytest.mark.requirement("X-02")
@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("attendee.corrected", {"email": "new@example.org"}),
        ("attendee.objected", {"purposes": ["co_presentation_news"]}),
        ("attendee.restricted", {}),
    ],
)
def test_other_recalls_are_acknowledged_too(receiver: Receiver, type: str, data: dict[str, object]) -> None:
    receiver.send(registration(), "msg_1")
    answer = receiver.send(message(type, attendee=ATTENDEE, **data), "msg_2")
    assert (answer.status_code, answer.json()) == (200, {"acknowledged": True, "id": "msg_2"})


def test_what_is_held_survives_a_kill(tmp_path: Path) -> None:
    with running(tmp_path / "state") as first:
        first.send(registration())
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(5)
    with running(tmp_path / "state") as second:
        assert len(second.attendees()) == 1
        assert second.send(registration()).status_code == 204
        assert len(second.deliveries()) == 1


def test_files_are_for_their_owner_only(receiver: Receiver) -> None:
    receiver.send(registration())
    assert {path.stat().st_mode & 0o777 for path in receiver.folder.iterdir()} == {0o600}


def test_a_second_secret_is_believed_at_once(receiver: Receiver) -> None:
    (receiver.folder.parent / "secrets").write_text(f"{OTHER}\n{SECRET}\n")
    assert receiver.send(registration(), secret=OTHER).status_code == 204


def test_the_page_shows_who_is_held_and_why(receiver: Receiver) -> None:
    receiver.send(registration())
    page = requests.get(receiver.url, timeout=5)
    for words in (
        "Zeekoor vzw",
        "Winterreis",
        "Mira Devos",
        "B 4",
        "door list",
        "news",
        "attendee.registered",
    ):
        assert words in page.text
    assert "http" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_page_shows_a_restricted_attendee_without_data(receiver: Receiver) -> None:
    receiver.send(registration(), "msg_1")
    receiver.send(message("attendee.restricted", attendee=ATTENDEE), "msg_2")
    page = requests.get(receiver.url, timeout=5)
    assert page.status_code == 200
    assert "restricted, not in use" in page.text
    assert "Mira" not in page.text
    assert "name" not in receiver.attendees()[0]


def test_it_needs_nothing_of_the_house() -> None:
    for path in (ROOT / "examples" / "organiser").glob("*.py"):
        lines = [line for line in path.read_text().splitlines() if line.startswith(("import ", "from "))]
        assert not [
            line
            for line in lines
            if line.split()[1].split(".")[0] in {"chassis", "contracts", "services", "deploy"}
        ]


def test_without_settings_it_says_which_are_missing() -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("RECEIVER")}
    refused = subprocess.run(
        [sys.executable, "-m", "examples.organiser"], cwd=ROOT, env=env, capture_output=True, timeout=20
    )
    assert (refused.returncode, b"RECEIVER_STATE" in refused.stderr) == (2, True)
