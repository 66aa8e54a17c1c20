"""Every item of ASVS 5.0 level 2 that concerns people is answered: by a test that exists, or by a reason."""

from __future__ import annotations

import re

import pytest

from deploy.local.instance import ROOT

# Section by section, the items of levels 1 and 2 of chapters V6, V7, V8 and V14.
ITEMS = {
    "6.1": (1, 2, 3),
    "6.2": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    "6.3": (1, 2, 3, 4),
    "6.4": (1, 2, 3, 4),
    "6.5": (1, 2, 3, 4, 5),
    "6.6": (1, 2, 3),
    "6.8": (1, 2, 3, 4),
    "7.1": (1, 2, 3),
    "7.2": (1, 2, 3, 4),
    "7.3": (1, 2),
    "7.4": (1, 2, 3, 4, 5),
    "7.5": (1, 2),
    "7.6": (1, 2),
    "8.1": (1, 2),
    "8.2": (1, 2, 3),
    "8.3": (1,),
    "8.4": (1,),
    "14.1": (1, 2),
    "14.2": (1, 2, 3, 4),
    "14.3": (1, 2, 3),
}
ROW = re.compile(r"^\| (?P<item>[\d.]+) \| [^|]+ \| (?P<how>[^|]+) \| (?:`(?P<test>[^`]+)` )?\|$", re.M)
TABLE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")


@pytest.mark.requirement("G-71")
def test_no_item_is_missing_and_none_stands_twice() -> None:
    wanted = [f"{section}.{number}" for section, numbers in ITEMS.items() for number in numbers]
    assert [row["item"] for row in ROW.finditer(TABLE)] == wanted


@pytest.mark.requirement("G-71")
def test_each_item_names_a_test_that_exists_or_says_why_it_does_not_apply() -> None:
    for row in ROW.finditer(TABLE):
        if row["test"] is None:
            assert row["how"].startswith("does not apply: "), row["item"]
            continue
        file, name = row["test"].split("::")
        source = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name}\(", source, re.M), row["item"]
