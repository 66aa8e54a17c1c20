"""The inbox as a process: mails go in by SMTP and come out as files, pages and JSON."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parents[2]
PDF = b"%PDF-1.7 a ticket"
PNG = b"\x89PNG a picture"


@dataclass
class Inbox:
    url: str
    smtp_port: int
    process: subprocess.Popen[bytes]
    folder: Path

    def send(self, message: EmailMessage | bytes, to: list[str] | None = None) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=5) as smtp:
            if isinstance(message, bytes):
                smtp.sendmail("box@house.example", to or ["mira@example.org"], message)
            else:
                smtp.send_message(message, to_addrs=to)

    def json(self, path: str, **query: str) -> Any:
        return requests.get(f"{self.url}/api/messages{path}", params=query, timeout=5).json()

    def newest(self) -> Any:
        return self.json(f"/{self.json('')[0]['id']}")

    def faults(self, **faults: object) -> requests.Response:
        return requests.post(f"{self.url}/_simulator/faults", json=faults, timeout=5)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[Inbox]:
    smtp_port, web_port = free_port(), free_port()
    env = os.environ | {
        "INBOX_FOLDER": str(folder),
        "INBOX_SMTP_PORT": str(smtp_port),
        "INBOX_WEB_PORT": str(web_port),
        "INBOX_SIZE_LIMIT": "200000",
    }
    process = subprocess.Popen([sys.executable, "-m", "deploy.local.inbox"], cwd=ROOT, env=env)
    inbox = Inbox(f"http://127.0.0.1:{web_port}", smtp_port, process, folder)
    try:
        wait_for(inbox.url)
        yield inbox
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
    raise AssertionError("the inbox did not start")


@pytest.fixture(scope="module")
def running_inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    with running(tmp_path_factory.mktemp("inbox") / "mails") as started:
        yield started


@pytest.fixture
def inbox(running_inbox: Inbox) -> Inbox:
    requests.delete(f"{running_inbox.url}/api/messages", timeout=5)
    running_inbox.faults(reject_next=0, drop_after_accept=0, delay_seconds=0)
    return running_inbox


def ticket(to: str = "mira@example.org", subject: str = "Je tickets voor Winterreis") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Zeezicht <tickets@house.example>"
    message["To"] = to
    message["Subject"] = subject
    message["List-Unsubscribe"] = "<http://localhost:8080/unsubscribe>"
    message.set_content("Dag Mira,\n\ntot vrijdag – Café Zeezicht.\n")
    page = '<html><head></head><body><h1>Dag Mira</h1><img src="cid:logo"><a href="http://localhost/o">x</a></body></html>'
    message.add_alternative(page, subtype="html")
    html = message.get_payload()[1]
    assert isinstance(html, EmailMessage)
    html.add_related(PNG, "image", "png", cid="<logo>", filename="logo.png")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="ticket é.pdf")
    return message


def test_a_mail_arrives_whole(inbox: Inbox) -> None:
    inbox.send(ticket())
    mail = inbox.newest()
    assert (mail["to"], mail["subject"]) == (["mira@example.org"], "Je tickets voor Winterreis")
    assert mail["from"] == "Zeezicht <tickets@house.example>"
    assert "tot vrijdag – Café Zeezicht." in mail["text"]
    assert "<h1>Dag Mira</h1>" in mail["html"]
    assert ["List-Unsubscribe", "<http://localhost:8080/unsubscribe>"] in mail["headers"]
    files = [(a["n"], a["name"], a["content_type"], a["size"]) for a in mail["attachments"]]
    assert files == [(0, "logo.png", "image/png", len(PNG)), (1, "ticket é.pdf", "application/pdf", len(PDF))]


def test_attachments_can_be_fetched(inbox: Inbox) -> None:
    inbox.send(ticket())
    address = f"{inbox.url}/api/messages/{inbox.newest()['id']}/attachments"
    download = requests.get(f"{address}/1", timeout=5)
    assert (download.content, download.headers["Content-Type"]) == (PDF, "application/pdf")
    assert download.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''ticket%20")
    assert requests.get(f"{address}/1?show", timeout=5).headers["Content-Disposition"].startswith("inline")
    assert (
        requests.get(f"{address}/0?show", timeout=5).headers["Content-Disposition"].startswith("attachment")
    )
    for missing in ("2", "-1", "one"):
        assert requests.get(f"{address}/{missing}", timeout=5).status_code == 404


def test_mails_are_listed_newest_first_and_by_address(inbox: Inbox) -> None:
    inbox.send(ticket(subject="one"))
    inbox.send(ticket("Jo@Example.org", "two"))
    inbox.send(ticket(subject="three"), to=["blind@example.org", "mira@example.org"])
    assert [m["subject"] for m in inbox.json("")] == ["three", "two", "one"]
    assert [m["subject"] for m in inbox.json("", to="mira@example.org")] == ["three", "one"]
    assert [m["subject"] for m in inbox.json("", to="jo@example.ORG")] == ["two"]
    assert [m["subject"] for m in inbox.json("", to="blind@example.org")] == ["three"]


def test_mails_can_be_deleted(inbox: Inbox) -> None:
    inbox.send(ticket())
    inbox.send(ticket("jo@example.org"))
    deleted = requests.delete(f"{inbox.url}/api/messages", params={"to": "jo@example.org"}, timeout=5)
    assert deleted.json() == {"deleted": 1}
    assert len(list(inbox.folder.glob("*.eml"))) == 1
    assert requests.delete(f"{inbox.url}/api/messages", timeout=5).json() == {"deleted": 1}
    assert inbox.json("") == []


def test_mails_survive_a_kill(tmp_path: Path) -> None:
    with running(tmp_path / "mails") as first:
        first.send(ticket())
        before = first.newest()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(5)
    with running(tmp_path / "mails") as second:
        assert second.newest() == before


def test_a_mail_too_large_is_refused(inbox: Inbox) -> None:
    message = ticket()
    message.add_attachment(b"x" * 300_000, maintype="application", subtype="zip", filename="big.zip")
    with pytest.raises(smtplib.SMTPException):
        inbox.send(message)
    assert inbox.json("") == []


@pytest.mark.parametrize(
    "raw",
    [
        b"no headers at all",
        b"Subject: =?utf-8?q?broken=ZZ?=\r\nContent-Type: text/plain; charset=martian\r\n\r\n\xff\xfe",
        b"Subject: \xe9\xe8\r\nFrom: @@@\r\nTo: <\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x",
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b'Content-Type: application/pdf; name="../../etc/passwd"\r\n\r\nx',
    ],
)
def test_a_broken_mail_is_shown_as_well_as_it_can_be(inbox: Inbox, raw: bytes) -> None:
    inbox.send(raw)
    mail = inbox.newest()
    for page in ("/", f"/messages/{mail['id']}", f"/messages/{mail['id']}/html"):
        assert requests.get(inbox.url + page, timeout=5).status_code == 200
    for attachment in mail["attachments"]:
        address = f"{inbox.url}/api/messages/{mail['id']}/attachments/{attachment['n']}"
        assert requests.get(address, timeout=5).status_code == 200


def test_the_pages_show_the_mail(inbox: Inbox) -> None:
    inbox.send(ticket(subject="<b>Tickets</b>"))
    listed = requests.get(inbox.url, timeout=5).text
    assert "&lt;b&gt;Tickets&lt;/b&gt;" in listed
    assert "ticket é.pdf" in listed
    page = requests.get(f"{inbox.url}/messages/{inbox.newest()['id']}", timeout=5)
    for words in ("Café Zeezicht", "ticket é.pdf", "List-Unsubscribe", "All headers", "mira@example.org"):
        assert words in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_html_of_a_mail_loads_nothing_from_elsewhere(inbox: Inbox) -> None:
    inbox.send(ticket())
    html = requests.get(f"{inbox.url}/messages/{inbox.newest()['id']}/html", timeout=5)
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'; img-src data:" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert 'src="data:image/png;base64,' in html.text
    assert '<base target="_blank">' in html.text


def test_a_mail_can_be_had_exactly_as_it_was_sent(inbox: Inbox) -> None:
    inbox.send(b"Subject: one\r\nX-Folded: a\r\n b\r\n\r\nbody\r\n")
    raw = requests.get(f"{inbox.url}/api/messages/{inbox.newest()['id']}/raw", timeout=5)
    assert raw.content == b"Subject: one\r\nX-Folded: a\r\n b\r\n\r\nbody\r\n"


def test_an_unknown_mail_is_not_found(inbox: Inbox) -> None:
    api, page = "/api/messages/nothing", "/messages/nothing"
    for path in (api, f"{api}/raw", page, f"{page}/html", "/messages/..%2f..%2fetc/html"):
        assert requests.get(inbox.url + path, timeout=5).status_code == 404


def test_a_mail_can_be_refused_for_now(inbox: Inbox) -> None:
    inbox.faults(reject_next=1)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        inbox.send(ticket())
    assert refused.value.smtp_code == 451
    assert inbox.json("") == []
    inbox.send(ticket())
    assert len(inbox.json("")) == 1


def test_a_connection_can_break_after_the_mail_was_kept(inbox: Inbox) -> None:
    inbox.faults(drop_after_accept=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        inbox.send(ticket())
    assert len(inbox.json("")) == 1
    inbox.send(ticket())
    assert len(inbox.json("")) == 2


def test_an_answer_can_be_late(inbox: Inbox) -> None:
    inbox.faults(delay_seconds=0.4)
    began = time.monotonic()
    inbox.send(ticket())
    assert time.monotonic() - began > 0.4


@pytest.mark.parametrize("fault", [{"gremlins": 1}, {"reject_next": "one"}, {"reject_next": -1}])
def test_an_unknown_fault_is_refused(inbox: Inbox, fault: dict[str, object]) -> None:
    assert inbox.faults(**fault).status_code == 400


def test_without_a_folder_it_does_not_start() -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("INBOX")}
    refused = subprocess.run(
        [sys.executable, "-m", "deploy.local.inbox"], cwd=ROOT, env=env, capture_output=True, timeout=20
    )
    assert (refused.returncode, b"INBOX_FOLDER" in refused.stderr) == (2, True)
