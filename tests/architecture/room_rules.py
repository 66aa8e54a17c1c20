"""Rules of the rooms, read from syntax trees. Each returns sentences; an empty list is a house in order."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, Source, called, docstrings, imported, rooms, sources

DOMAIN_MAY = ("chassis.decision", "contracts")
SQL = re.compile(
    r"^\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+(AS\s+\w+\s+)?SET\s|DELETE\s+FROM\s|WITH\s+\w+.*\sAS\s*\(|TRUNCATE\s"
    r"|ALTER\s+(TABLE|ROLE)|CREATE\s+(TABLE|INDEX|ROLE)|SET\s+LOCAL|LISTEN\s|NOTIFY\s)",
    re.DOTALL,
)
CLOCKS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns)|uuid1|uuid6|uuid7)$"
)
BROKERS = ("aio_pika", "aiormq", "faststream", "pika")
CHANCE = ("random", "numpy")
BANNED_NAMES = re.compile(r"(^|_)(util|utils|helper|helpers|common|misc|manager|stuff)(_|$)")
BRACKETS = re.compile(r"\s*[)\]},]*\s*")
PAIRS = frozenset(
    f"services/{name}.py"
    for name in (
        "accounts/handlers/forget_expired",
        "accounts/handlers/keep_choice",
        "gateway/handlers/act_for_order",
        "gateway/handlers/see_basket",
        "notify/handlers/learn_event",
        "notify/handlers/plan_messages",
        "notify/handlers/tell_of_erasure",
        "orders/handlers/keys",
        "retention/handlers/carry_on_sweeps",
        "retention/handlers/order_sweep",
        "retention/handlers/show_cases",
        "retention/handlers/show_sweeps",
        "retention/handlers/take_erasure",
        "retention/handlers/take_sweep",
        "sharing/handlers/keep_terms",
        "sharing/handlers/learn",
    )
)
"""Files whose use cases share one rule and are read together: to keep and let go, to show one and all."""
MAX_FILE = 400
MAX_FUNCTION = 25
TABLE_STATEMENTS = 4


def domain_is_pure(root: Path = ROOT) -> list[str]:
    """domain/ knows no async, and imports the standard library, chassis.decision, contracts and itself."""
    return [sentence for source in rooms(root, "domain") for sentence in _impure(source)]


def _impure(source: Source) -> Iterator[str]:
    own = source.module.split(".domain")[0] + ".domain"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield f"{source.name}:{node.lineno} is async in a pure room"
    for name, line in imported(source.tree):
        top = name.split(".")[0]
        ours = name == own or name.startswith((own + ".", *DOMAIN_MAY))
        if top not in sys.stdlib_module_names and not ours and name != "chassis":
            yield f"{source.name}:{line} imports {name} into a pure room"


def sql_only_in_store(root: Path = ROOT) -> list[str]:
    """A service's SQL stands in its store."""
    found = []
    for source in sources(root, "services"):
        if source.room == "store":
            continue
        told = docstrings(source.tree)
        for node in ast.walk(source.tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in told else None
            if isinstance(text, str) and SQL.match(text):
                found.append(f"{source.name}:{node.lineno} has SQL outside of store/")
    return found


def database_driver_only_in_store(root: Path = ROOT) -> list[str]:
    """asyncpg is imported in store/ at most."""
    return [
        f"{source.name}:{line} imports {name} outside of store/"
        for source in sources(root, "services")
        for name, line in imported(source.tree)
        if name.split(".")[0] == "asyncpg" and source.room != "store"
    ]


def only_the_chassis_has_clock_and_broker(root: Path = ROOT) -> list[str]:
    """Services and contracts ask no clock, roll no dice and speak to no broker."""
    found = []
    for source in sources(root, "services", "contracts"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and CLOCKS.search(called(node)):
                found.append(f"{source.name}:{node.lineno} asks {called(node)}")
        for name, line in imported(source.tree):
            if name.split(".")[0] in (*BROKERS, *CHANCE):
                found.append(f"{source.name}:{line} imports {name}")
    return found


def one_use_case_per_handler_file(root: Path = ROOT) -> list[str]:
    """A file of handlers/ has one public use case, a class that is called or a function; PAIRS excepted.

    A file of PAIRS that has come down to one use case is told too, so that the list only shrinks.
    """
    found = []
    for source in rooms(root, "handlers"):
        cases = [node.name for node in source.tree.body if _is_use_case(node)]
        if len(cases) > 1 and source.name not in PAIRS:
            found.append(f"{source.name} has {len(cases)} use cases: {', '.join(cases)}")
        if len(cases) < 2 and source.name in PAIRS:
            found.append(f"{source.name} has one use case now: take it off the list")
    return found


def _is_use_case(node: ast.stmt) -> bool:
    if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
        return any(isinstance(part, ast.AsyncFunctionDef) and part.name == "__call__" for part in node.body)
    return isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")


def files_are_short(root: Path = ROOT, *packages: str) -> list[str]:
    """No file of 400 lines or more."""
    return [
        f"{source.name} has {lines} lines"
        for source in sources(root, *packages)
        if (lines := len(source.text.splitlines())) >= MAX_FILE
    ]


def functions_are_short(root: Path = ROOT) -> list[str]:
    """No function of more than 25 lines; docstrings and lines of closing brackets do not count.

    A function of up to three statements is a table (of routes, of parts), however long it is written.
    """
    found = []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_long(node, source):
                found.append(f"{source.name}:{node.lineno} {node.name} has {_length(node, source)} lines")
    return found


def _is_long(node: ast.FunctionDef | ast.AsyncFunctionDef, source: Source) -> bool:
    statements = sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 1
    return statements > TABLE_STATEMENTS and _length(node, source) > MAX_FUNCTION


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef, source: Source) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    lines = source.text.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
    return sum(not BRACKETS.fullmatch(line) for line in lines)


def names_say_what_they_are(root: Path = ROOT) -> list[str]:
    """No module that is called after nothing."""
    return [
        f"{source.name} is called after nothing"
        for source in sources(root)
        if BANNED_NAMES.search(source.path.stem) or BANNED_NAMES.search(source.path.parent.name)
    ]
