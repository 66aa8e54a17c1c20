"""Tables of generated pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a titled table; `Nothing.` where it has no rows."""
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
