"""Global Privacy Control: a header by which a browser says that its person objects (Art. 21(5))."""

from collections.abc import Sequence

HEADER = "Sec-GPC"


def objects(values: Sequence[str]) -> bool:
    """Whether the header says so: exactly one `1`, as its specification wants; anything else says nothing."""
    return list(values) == ["1"]
