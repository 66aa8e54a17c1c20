"""The tables in a service's README: its purposes, what it hears and says, what it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chassis.activities import activities
from chassis.charter import Charter
from chassis.recipients import Recipient
from chassis.statement import receivers
from contracts.envelope import Event
from deploy.generate.markdown import table
from deploy.generate.record_page import kept

BEGIN, END = "<!-- generated -->", "<!-- /generated -->"


def with_tables(
    by_hand: str,
    charter: Charter,
    charters: Mapping[str, Charter],
    events: Mapping[str, type[Event]],
    recipients: Sequence[Recipient],
) -> str:
    """The README with its generated part replaced, or added at the end where it has none."""
    before, found, rest = by_hand.partition(BEGIN)
    after = rest.partition(END)[2] if found else ""
    tables = "\n".join([BEGIN, *_sections(charter, charters, events, recipients), END])
    return f"{before.rstrip()}\n\n{tables}{after.rstrip()}\n"


def _sections(
    charter: Charter,
    charters: Mapping[str, Charter],
    events: Mapping[str, type[Event]],
    recipients: Sequence[Recipient],
) -> Iterator[str]:
    head = ("purpose", "who may act", "data of persons: kept for", "recipients")
    yield from table("## Purposes", head, _purposes(charter, recipients))
    hears = [(f"`{topic}`", purpose, _who_says(topic)) for topic, purpose in sorted(charter.hears().items())]
    yield from table("## Hears", ("event", "for", "said by"), hears)
    says = [
        (f"`{topic}`", _about(events[topic]), _heard_by(topic, charters)) for topic in sorted(charter.says())
    ]
    yield from table("## Says", ("event", "what it tells", "heard by"), says)
    yield from table("## Keeps of persons", ("table", "column", "category", "term", "then"), _kept(charter))


def _purposes(charter: Charter, recipients: Sequence[Recipient]) -> Iterator[tuple[str, str, str, str]]:
    held = {one.purpose.id: one for one in activities({charter.service: charter})}
    for name in sorted({*charter.purpose, *held}):
        entry, one = charter.purpose.get(name), held.get(name)
        acting = ", ".join(sorted(role.value for role in entry.actors)) if entry else "the relay"
        outside = ", ".join(receivers(one, recipients)) if one else ""
        yield name, acting, kept(one.held) if one else "nothing of persons", outside or "nobody"


def _who_says(topic: str) -> str:
    return topic.split(".")[0]


def _about(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")


def _heard_by(topic: str, charters: Mapping[str, Charter]) -> str:
    return (
        ", ".join(sorted(name for name, charter in charters.items() if topic in charter.hears())) or "nobody"
    )


def _kept(charter: Charter) -> Iterator[tuple[str, str, str, str, str]]:
    for name, held in sorted(charter.tables_of_persons().items()):
        for column, entry in held.column.items():
            rule = charter.keep[entry.keep]
            yield name, column, entry.category.value, rule.term, rule.then
