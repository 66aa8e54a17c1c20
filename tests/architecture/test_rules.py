"""The rules of the house on the house itself, and each on a small bad example, so that it has seen red."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import room_rules, word_rules
from tests.architecture.sources import PACKAGES, ROOT

Rule = Callable[[Path], list[str]]
RULES: tuple[Rule, ...] = (
    room_rules.domain_is_pure,
    room_rules.sql_only_in_store,
    room_rules.database_driver_only_in_store,
    room_rules.only_the_chassis_has_clock_and_broker,
    room_rules.one_use_case_per_handler_file,
    room_rules.functions_are_short,
    room_rules.names_say_what_they_are,
    word_rules.purposes_are_in_the_charter,
    word_rules.refusals_have_a_problem,
    word_rules.log_lines_use_listed_keys,
    word_rules.imports_run_in_no_circle,
)
LONG = "def f(x: int) -> int:\n" + "    x += 1\n" * 26 + "    return x\n"
BAD: tuple[tuple[Rule, str, str], ...] = (
    (room_rules.domain_is_pure, "services/orders/domain/a.py", "async def f() -> None: ..."),
    (room_rules.domain_is_pure, "services/orders/domain/a.py", "import asyncpg"),
    (room_rules.domain_is_pure, "services/orders/domain/a.py", "from chassis.work import Work"),
    (room_rules.domain_is_pure, "services/orders/domain/a.py", "from services.orders.store import seats"),
    (room_rules.sql_only_in_store, "services/orders/handlers/a.py", 'A = "SELECT name FROM guest"'),
    (room_rules.sql_only_in_store, "services/orders/app.py", 'A = f"UPDATE guest SET name = {1}"'),
    (room_rules.sql_only_in_store, "services/orders/entrypoints/a.py", 'A = """\n DELETE FROM guest"""'),
    (room_rules.database_driver_only_in_store, "services/orders/handlers/a.py", "import asyncpg"),
    (room_rules.only_the_chassis_has_clock_and_broker, "services/a/handlers/a.py", "A = datetime.now(UTC)"),
    (room_rules.only_the_chassis_has_clock_and_broker, "services/a/store/a.py", "A = dt.datetime.now()"),
    (room_rules.only_the_chassis_has_clock_and_broker, "services/a/store/a.py", "A = date.today()"),
    (room_rules.only_the_chassis_has_clock_and_broker, "services/a/handlers/a.py", "import aio_pika"),
    (room_rules.only_the_chassis_has_clock_and_broker, "services/a/domain/a.py", "from random import choice"),
    (
        room_rules.one_use_case_per_handler_file,
        "services/orders/handlers/a.py",
        "async def pay() -> None: ...\nasync def refund() -> None: ...",
    ),
    (
        room_rules.one_use_case_per_handler_file,
        "services/orders/handlers/a.py",
        "class A:\n  async def __call__(self): ...\nclass B:\n  async def __call__(self): ...",
    ),
    (room_rules.functions_are_short, "chassis/a.py", LONG),
    (room_rules.files_are_short, "chassis/a.py", "A = 1\n" * 400),
    (room_rules.names_say_what_they_are, "chassis/utils.py", ""),
    (room_rules.names_say_what_they_are, "services/orders/common/a.py", ""),
    (word_rules.purposes_are_in_the_charter, "services/orders/handlers/a.py", 'A = work("spying", SYSTEM)'),
    (
        word_rules.purposes_are_in_the_charter,
        "services/orders/store/a.py",
        'A = self._work.once("spying", a)',
    ),
    (word_rules.refusals_have_a_problem, "services/orders/domain/a.py", 'A = Refused("nobody-knows")'),
    (word_rules.refusals_have_a_problem, "services/orders/domain/a.py", 'A = "half"\nB = Refused(A)'),
    (word_rules.log_lines_use_listed_keys, "services/orders/handlers/a.py", 'log.info(f"paid {name}")'),
    (word_rules.log_lines_use_listed_keys, "services/orders/handlers/a.py", 'log.info("paid", email=e)'),
    (word_rules.imports_run_in_no_circle, "chassis/b.py", "def f() -> None:\n    from chassis.a import x"),
)


@pytest.mark.parametrize("rule", [*RULES, room_rules.files_are_short], ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    assert rule(ROOT) == []


def test_test_files_are_short_too() -> None:
    assert room_rules.files_are_short(ROOT, "tests") == []


@pytest.fixture
def tidy(tmp_path: Path) -> Path:
    """A small house without a fault."""
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    files = {
        "chassis/a.py": "from chassis.b import x\n",
        "chassis/b.py": "x = 1\n",
        "services/orders/charter.toml": 'service = "orders"\n[purpose.ticket_sale]\nactors = []\n',
        "services/orders/problems.toml": (
            '[gone]\nstatus = 410\nnl = "a"\nfr = "a"\nen = "a"\n[half]\nstatus = 1\n'
        ),
        "services/orders/domain/a.py": (
            'from datetime import date\nfrom chassis.decision import Refused\nA = Refused("gone")\n'
        ),
        "services/orders/handlers/a.py": (
            '"""SELECT your seat FROM the plan."""\n'
            'async def sell() -> None:\n    async with work("ticket_sale", SYSTEM): ...\n'
            '    log.info("sold", count=1)\n'
        ),
        "services/orders/store/a.py": 'import asyncpg\nA = "SELECT 1"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("rule", [*RULES, room_rules.files_are_short], ids=lambda rule: rule.__name__)
def test_a_tidy_house_passes(tidy: Path, rule: Rule) -> None:
    assert rule(tidy) == []


@pytest.mark.parametrize(("rule", "name", "text"), BAD, ids=lambda part: getattr(part, "__name__", None))
def test_a_fault_is_seen_where_it_is(tidy: Path, rule: Rule, name: str, text: str) -> None:
    (tidy / name).parent.mkdir(parents=True, exist_ok=True)
    (tidy / name).write_text(text + "\n")
    told = rule(tidy)
    assert told
    assert Path(name).stem in " ".join(told)
