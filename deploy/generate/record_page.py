"""The record of processing and the list of recipients as pages to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chassis.activities import Activity, Held
from chassis.charter import Charter
from chassis.linked_data import SUBJECTS
from chassis.purposes import EVERYTHING, known_purposes
from chassis.recipients import BY_AGREEMENT, Recipient, recipient_kinds
from chassis.statement import receivers
from contracts.personal import Category
from deploy.generate.markdown import table
from deploy.generate.record import EUROPE, measures

MADE = "Made by `make generate` from contracts/, the charters and deploy/house.toml; never edited by hand."
ROW = ("purpose", "service", "legal basis", "persons", "data: kept for", "recipients", "who acts")


def record_page(
    house: Mapping[str, Any],
    charters: Mapping[str, Charter],
    done: Sequence[Activity],
    recipients: Sequence[Recipient],
) -> str:
    """docs/record-of-processing.md; letters are those of Art. 30(1)."""
    lines = [
        "# Record of processing activities",
        "",
        f"{MADE} The same as linked data: record-of-processing.jsonld.",
        "",
        "## (a) Controller",
        "",
        *_controller(house),
        *table(
            "## (b) to (d), (f) Purposes, persons, data, recipients, terms",
            ROW,
            _rows(house, done, recipients),
        ),
        "A term counts from what the data is about, or, marked *, from the person's last activity; then the",
        "data is erased unless the table says otherwise. `subject` is the random id of a person.",
        "",
        "## (e) Transfers outside the Union",
        "",
        EUROPE,
        "",
        *table("## (g) Measures", ("measure", "what holds"), _measures(charters)),
        *_processor(house, charters, done),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _controller(house: Mapping[str, Any]) -> Iterator[str]:
    facts, privacy = house["house"], house["privacy"]
    place = f"{facts['street']}, {facts['postal_code']} {facts['town']}, {facts['country']}"
    yield f"{facts['legal_name']} ({facts['registration']}), {place}. {privacy['contact']}:"
    yield f"{privacy['email']}, {facts['phone']}. Authority: {privacy['authority']['name']['en']},"
    yield f"{privacy['authority']['url']}."
    yield ""


def _rows(
    house: Mapping[str, Any], done: Sequence[Activity], recipients: Sequence[Recipient]
) -> Iterator[tuple[str, ...]]:
    for one in done:
        ground = one.purpose.ground(house["house"]["country"])
        basis = f"{ground.article} {ground.basis}" + (f": {ground.law}" if ground.law else "")
        yield (
            f"{one.purpose.title.en} (`{one.purpose.id}`)",
            one.service,
            basis,
            ", ".join(SUBJECTS[who].removeprefix("dpv:").lower() for who in one.purpose.subjects),
            kept(one.held),
            ", ".join(receivers(one, recipients)) or "nobody",
            ", ".join(one.actors) or "the relay",
        )


def kept(held: Sequence[Held]) -> str:
    """`name P7Y, seat P30D*`: categories with their terms."""
    return ", ".join(_one(what) for what in held) or "nothing of persons"


def _one(what: Held) -> str:
    star, then = "*" if what.since_activity else "", "" if what.then == "erase" else f" then {what.then}d"
    term = "until its own end" if what.term == "PT0S" else what.term
    return f"{what.category.value} {term}{star}{then}"


def _measures(charters: Mapping[str, Charter]) -> Iterator[tuple[str, str]]:
    for measure in measures(charters):
        yield measure["@type"], measure["dct:description"]


def _processor(
    house: Mapping[str, Any], charters: Mapping[str, Charter], done: Sequence[Activity]
) -> Iterator[str]:
    applies = house["house"]["sells_for"] == "organisers"
    yield "# Record of the processor (Art. 30(2))"
    yield ""
    yield (
        "For a ticket service that sells for organisers: they are the controllers, it works for them. "
        + ("It applies here." if applies else "This house sells for itself, so it does not apply here.")
    )
    yield ""
    rows = []
    for name, purpose in known_purposes().items():
        acting = [service for service, charter in sorted(charters.items()) if name in charter.purpose]
        if purpose.for_organisers and acting:
            found = {kind.value for one in done if one.purpose.id == name for kind in one.categories}
            rows.append((purpose.title.en, ", ".join(acting), ", ".join(sorted(found)) or "figures only"))
    yield from table("## Processing for organisers", ("purpose", "services", "data"), rows)
    yield "Transfers and measures are those above; sub-processors are the processors of recipients.md."


def recipients_page(recipients: Sequence[Recipient]) -> str:
    """docs/recipients.md: the closed, public list (G-50 to G-52, W-31, W-33, W-34)."""
    here = ("who", "as", "country", "what exactly", "fields on the wire", "for")
    kinds = ("kind", "stands as", "categories", "promised in", "here")
    lines = [
        "# Who gets data",
        "",
        MADE,
        "Nobody else gets anything without consent or a legal duty (G-52), and nothing is ever sold (W-32).",
        "",
        *table("## In this house", here, _here(recipients)),
        *table("## The closed list of kinds, and what each may get at most", kinds, _kinds(recipients)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _here(recipients: Sequence[Recipient]) -> Iterator[tuple[str, ...]]:
    for one in recipients:
        kind = recipient_kinds()[one.kind].title.en
        yield one.name, kind, one.country, one.gets.en, _fields(one), _why(one)


def _kinds(recipients: Sequence[Recipient]) -> Iterator[tuple[str, ...]]:
    named = {one.kind for one in recipients}
    for name, kind in recipient_kinds().items():
        stands = kind.stands_as.replace("_", " ")
        promised = ", ".join(kind.requirements)
        yield kind.title.en, stands, _data(kind.may_receive), promised, _who(name, name in named)


def _who(kind: str, named: bool) -> str:
    if kind == BY_AGREEMENT:
        return "those with an agreement in force, for their own events"
    return "see above" if named else "nobody"


def _data(data: Sequence[Category | str]) -> str:
    words = [one.value if isinstance(one, Category) else "whatever is stored" for one in data]
    return "whatever is stored" if EVERYTHING in data else ", ".join(words)


def _fields(one: Recipient) -> str:
    return ", ".join(f"`{field}`" for field in one.fields) or "·"


def _why(one: Recipient) -> str:
    return ", ".join(known_purposes()[purpose].title.en.lower() for purpose in one.purposes)
