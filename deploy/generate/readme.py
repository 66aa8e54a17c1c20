"""The tables in a service's README: its purposes, what it hears and says, what it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chassis.charter import Charter
from contracts.envelope import Event

BEGIN, END = "<!-- generated -->", "<!-- /generated -->"


def with_tables(
    by_hand: str, charter: Charter, charters: Mapping[str, Charter], events: Mapping[str, type[Event]]
) -> str:
    """The README with its generated part replaced, or added at the end where it has none."""
    before, found, rest = by_hand.partition(BEGIN)
    after = rest.partition(END)[2] if found else ""
    tables = "\n".join([BEGIN, *_sections(charter, charters, events), END])
    return f"{before.rstrip()}\n\n{tables}{after.rstrip()}\n"


def _sections(
    charter: Charter, charters: Mapping[str, Charter], events: Mapping[str, type[Event]]
) -> Iterator[str]:
    yield from _table("## Purposes", ("purpose", "who may act"), _purposes(charter))
    hears = [(f"`{topic}`", purpose, _who_says(topic)) for topic, purpose in sorted(charter.hears().items())]
    yield from _table("## Hears", ("event", "for", "said by"), hears)
    says = [
        (f"`{topic}`", _about(events[topic]), _heard_by(topic, charters)) for topic in sorted(charter.says())
    ]
    yield from _table("## Says", ("event", "what it tells", "heard by"), says)
    yield from _table("## Keeps of persons", ("table", "column", "category", "term", "then"), _kept(charter))


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    listed = list(rows)
    yield title
    yield ""
    if not listed:
        yield "Nothing."
    else:
        yield _line(head)
        yield _line(["---"] * len(head))
        yield from (_line(row) for row in listed)
    yield ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _purposes(charter: Charter) -> Iterator[tuple[str, str]]:
    for name, purpose in sorted(charter.purpose.items()):
        yield name, ", ".join(sorted(role.value for role in purpose.actors))


def _who_says(topic: str) -> str:
    return topic.split(".")[0]


def _about(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")


def _heard_by(topic: str, charters: Mapping[str, Charter]) -> str:
    return (
        ", ".join(sorted(name for name, charter in charters.items() if topic in charter.hears())) or "nobody"
    )


def _kept(charter: Charter) -> Iterator[tuple[str, str, str, str, str]]:
    for name, table in sorted(charter.tables_of_persons().items()):
        for column, entry in table.column.items():
            rule = charter.keep[entry.keep]
            yield name, column, entry.category.value, rule.term, rule.then
