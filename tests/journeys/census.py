"""Looks for a person in everything that the house keeps: databases, queues, files, however written."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import quopri
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import aio_pika
import pypdf
from pypdf.errors import PyPdfError

from deploy.local import postgres
from deploy.local.instance import Instance, read_json

NOT_SEARCHED = ("postgres", "rabbitmq/mnesia", "inbox", "receiver")
"""The servers' own data folders, the local inbox and the example receiver; all else is searched."""
GZIP = b"\x1f\x8b\x08"
HEX = re.compile(rb"\\\\x((?:[0-9a-f]{2}){4,})")
COPY = re.compile(rb"^COPY public\.(\w+) ")
DEEPEST = 4


@dataclass(frozen=True)
class Needles:
    """Every form in which a person could stand somewhere, and what each form is called."""

    forms: Mapping[bytes, str]

    @staticmethod
    def of(words: Iterable[str]) -> Needles:
        """Words of a person: as they are, casefolded, encoded and hashed."""
        forms: dict[bytes, str] = {}
        for word in words:
            for spelled in dict.fromkeys((word, word.casefold(), word.upper())):
                for form, kind in _written(spelled):
                    forms.setdefault(form, kind)
        return Needles({form: kind for form, kind in forms.items() if len(form) >= 6})

    def within(self, content: bytes) -> set[str]:
        """In which forms the person stands in a content, also packed inside it."""
        found: set[str] = set()
        for layer in unpacked(content):
            folded = layer.lower()
            found |= {kind for form, kind in self.forms.items() if form in layer or form in folded}
        return found


def _written(word: str) -> Iterator[tuple[bytes, str]]:
    raw = word.encode()
    yield raw, "plain"
    yield raw.hex().encode(), "hex"
    yield quote(word).encode(), "percent"
    yield from ((form, "base64") for form in _base64(raw))
    yield quopri.encodestring(raw), "quoted-printable"
    yield "".join(f"={byte:02X}" for byte in raw).encode(), "quoted-printable"
    yield word.encode("utf-16-le"), "utf-16"
    yield from _hashes(raw)


def _base64(raw: bytes) -> Iterator[bytes]:
    """The part of a base64 text that stays the same whatever stands around, for each of the three offsets."""
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw)
        stable = text[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6]
        yield stable
        yield stable.translate(bytes.maketrans(b"+/", b"-_"))


def _hashes(raw: bytes) -> Iterator[tuple[bytes, str]]:
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = hashlib.new(name, raw, usedforsecurity=False).digest()
        for form in (digest, digest.hex().encode(), digest.hex().upper().encode()):
            yield form, name
        yield base64.b64encode(digest).rstrip(b"="), name
        yield base64.urlsafe_b64encode(digest).rstrip(b"="), name


def unpacked(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """A content, and everything packed inside it: bytea of a dump, gzip, and the streams of PDFs."""
    yield content
    if depth == DEEPEST:
        return
    inner = [bytes.fromhex(match[1].decode()) for match in HEX.finditer(content)]
    inner += [part for at in _starts(content, GZIP) if (part := _inflated(content[at:]))]
    inner += [part for at in _starts(content, b"%PDF-") for part in _pdf(content[at:])]
    for part in inner:
        yield from unpacked(part, depth + 1)


def _starts(content: bytes, mark: bytes) -> Iterator[int]:
    at = content.find(mark)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1)


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(content)
    except zlib.error:
        return b""


def _pdf(content: bytes) -> list[bytes]:
    """The words of a PDF and its description; nothing where it cannot be read."""
    end = content.find(b"%%EOF")
    try:
        reader = pypdf.PdfReader(io.BytesIO(content[: end + 5] if end > 0 else content))
        told = [str(reader.metadata)] + [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError):
        return []
    return [text.encode() for text in told]


async def in_dumps(needles: Needles, instance: Instance, databases: Mapping[str, str]) -> dict[str, set[str]]:
    """Where `pg_dump` of every database finds the person: "service.table" and the forms."""
    found: dict[str, set[str]] = {}
    for service, url in databases.items():
        dump = await dumped(instance, url)
        for table, rows in tables_of(dump).items():
            if forms := needles.within(rows):
                found[f"{service}.{table}"] = forms
    return found


async def dumped(instance: Instance, url: str) -> bytes:
    """What `pg_dump` writes of a database: everything, as its dump role may read it."""
    way = urlsplit(url)
    process = await asyncio.create_subprocess_exec(
        str(postgres.of(instance).binaries / "pg_dump"),
        f"--host={way.hostname}",
        f"--port={way.port}",
        f"--username={way.username}",
        f"--dbname={way.path[1:]}",
        "--no-password",
        env={"PGPASSWORD": way.password or "", "LANG": "C.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    dump, trouble = await process.communicate()
    assert process.returncode == 0, trouble.decode()
    return dump


def tables_of(dump: bytes) -> dict[str, bytes]:
    """The rows of each table; under "" whatever else a dump says."""
    tables: dict[str, list[bytes]] = {"": []}
    here = ""
    for line in dump.splitlines():
        begins = COPY.match(line)
        if begins:
            here = begins[1].decode()
            tables[here] = []
        elif line == b"\\.":
            here = ""
        else:
            tables[here].append(line)
    return {table: b"\n".join(rows) for table, rows in tables.items()}


async def in_queues(needles: Needles, broker: str, queues: Iterable[str]) -> dict[str, set[str]]:
    """In which live queues a message tells of the person. Every message goes back to its queue."""
    found: dict[str, set[str]] = {}
    connection = await aio_pika.connect(broker)
    async with connection:
        # What was taken and not acknowledged returns when the channel closes.
        channel = await connection.channel()
        for name in queues:
            queue = await channel.get_queue(name, ensure=False)
            while message := await queue.get(no_ack=False, fail=False):
                if forms := needles.within(message.body + repr(message.headers).encode()):
                    found[name] = forms
    return found


def queues_of(folder: Path) -> list[str]:
    """The names of all queues that the house's definitions make."""
    [applied] = folder.rglob("applied.json")
    definitions = read_json(applied)
    assert definitions is not None
    return [queue["name"] for queue in json.loads(json.dumps(definitions))["queues"]]


def in_files(needles: Needles, folder: Path) -> dict[str, set[str]]:
    """In which files of an installation the person stands, in their names too."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(NOT_SEARCHED) or not path.is_file():
            continue
        if forms := needles.within(name.encode() + b"\n" + path.read_bytes()):
            found[name] = forms
    return found
