"""Rules about words that two places must agree on: purposes, slugs, log keys; and circles of imports."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from chassis.language import LANGUAGES
from chassis.log import ALLOWED
from tests.architecture.sources import ROOT, Source, called, imported, sources

WORK = re.compile(r"(^|[._])(work|workplace|once)$")
LOG = re.compile(r"(^|[._])log(ger)?\.(debug|info|warning|error|critical|exception)$")
EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
LOG_WORDS = frozenset(("event", "exc_info", "stack_info"))


def purposes_are_in_the_charter(root: Path = ROOT) -> list[str]:
    """Every purpose written in `work("…", …)` or `work.once("…", …)` stands in the service's charter."""
    found = []
    for source in sources(root, "services"):
        known = _charter(root, source.service)
        for node in ast.walk(source.tree):
            purpose = _purpose_of(node)
            if purpose is not None and purpose not in known:
                found.append(
                    f"{source.name}:{node.lineno} works for {purpose}, which its charter does not know"
                )
    return found


def _purpose_of(node: ast.AST) -> str | None:
    """The literal purpose of a call of a workplace, told from others by its second argument, the actor."""
    if not isinstance(node, ast.Call) or len(node.args) < 2 or not WORK.search(called(node)):
        return None
    first = node.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _charter(root: Path, service: str | None) -> frozenset[str]:
    purposes: set[str] = set()
    for path in (root / "chassis" / "charter.toml", root / "services" / str(service) / "charter.toml"):
        if path.is_file():
            purposes |= set(tomllib.loads(path.read_text(encoding="utf-8")).get("purpose", {}))
    return frozenset(purposes)


def refusals_have_a_problem(root: Path = ROOT) -> list[str]:
    """Every slug that is refused has a status and a sentence in three languages."""
    found = []
    for source in sources(root, "services", "chassis"):
        known = _problems(root, source.service)
        for slug, line in _slugs(source):
            entry = known.get(slug)
            if entry is None:
                found.append(f"{source.name}:{line} refuses {slug}, which no problems.toml explains")
            elif not {"status", *LANGUAGES} <= set(entry):
                found.append(f"{source.name}:{line} refuses {slug}, which is not explained in every language")
    return found


def _slugs(source: Source) -> Iterator[tuple[str, int]]:
    constants = _constants(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and called(node).split(".")[-1] in ("Refused", "Halt") and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, node.lineno
            elif isinstance(first, ast.Name) and first.id in constants:
                yield constants[first.id], node.lineno


def _constants(tree: ast.Module) -> Mapping[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _problems(root: Path, service: str | None) -> dict[str, dict[str, object]]:
    known: dict[str, dict[str, object]] = {}
    for path in (root / "chassis" / "problems.toml", root / "services" / str(service) / "problems.toml"):
        if path.is_file():
            known |= tomllib.loads(path.read_text(encoding="utf-8"))
    return known


def log_lines_use_listed_keys(root: Path = ROOT) -> list[str]:
    """A log call has a constant snake_case event and keys that the log lets through."""
    found = []
    for source in sources(root, "services", "chassis"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and LOG.search(called(node)):
                found += [f"{source.name}:{node.lineno} {wrong}" for wrong in _wrong_in_log(node)]
    return found


def _wrong_in_log(node: ast.Call) -> Iterator[str]:
    first = node.args[0] if node.args else None
    if not (isinstance(first, ast.Constant) and EVENT_NAME.fullmatch(str(first.value))):
        yield "logs an event that is no snake_case constant"
    keys = {keyword.arg for keyword in node.keywords} - LOG_WORDS
    yield from (f"logs the unlisted key {key}" for key in sorted(str(key) for key in keys - ALLOWED))


def imports_run_in_no_circle(root: Path = ROOT) -> list[str]:
    """No module imports itself by way of others; imports in functions count, for types alone they do not."""
    modules = {source.module: source for source in sources(root)}
    graph = {name: _edges(source, modules) for name, source in modules.items()}
    return [" imports ".join(circle) for circle in _circles(graph)]


def _edges(source: Source, modules: Mapping[str, Source]) -> frozenset[str]:
    for_types = {
        id(part)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for part in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in for_types:
            names = {name for name, _ in imported(node)}
            found |= {name for name in names if name in modules and not _is_package(modules[name])}
    return frozenset(found - {source.module})


def _is_package(source: Source) -> bool:
    """A package's own file imports nothing in this house; what is imported is a module within."""
    return source.path.name == "__init__.py"


def _circles(graph: Mapping[str, frozenset[str]]) -> Iterator[list[str]]:
    done: set[str] = set()

    def visit(name: str, trail: list[str]) -> list[str] | None:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in done:
            return None
        for after in sorted(graph[name]):
            circle = visit(after, [*trail, name])
            if circle:
                return circle
        done.add(name)
        return None

    for name in sorted(graph):
        circle = visit(name, [])
        if circle:
            yield circle
            return
