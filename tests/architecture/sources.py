"""Our own source files as syntax trees, found below any root so that rules can be shown a bad example."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("contracts", "chassis", "services", "deploy", "examples")


@dataclass(frozen=True)
class Source:
    """One Python file: where it is below the root, and what it says."""

    root: Path
    path: Path

    @property
    def name(self) -> str:
        """The path below the root, as sentences name it."""
        return str(self.path.relative_to(self.root))

    @property
    def module(self) -> str:
        """The dotted name of the module."""
        parts = self.path.relative_to(self.root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def service(self) -> str | None:
        """The service that the file belongs to, or None."""
        parts = self.path.relative_to(self.root).parts
        return parts[1] if parts[0] == "services" and len(parts) > 2 else None

    @property
    def room(self) -> str | None:
        """The room within its service: domain, handlers, store, entrypoints; None outside of rooms."""
        parts = self.path.relative_to(self.root).parts
        return parts[2] if self.service and len(parts) > 3 else None

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))


def sources(root: Path = ROOT, *packages: str) -> Iterator[Source]:
    """Every Python file of these packages, in order."""
    for package in packages or PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "node_modules" not in path.parts and "__pycache__" not in path.parts:
                yield Source(root, path)


def rooms(root: Path, *names: str) -> Iterator[Source]:
    """Every file in these rooms of all services."""
    return (source for source in sources(root, "services") if source.room in names)


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module that is imported, with its line; `from a import b` gives both a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def docstrings(tree: ast.AST) -> set[int]:
    """Identities of the constants that are docstrings."""
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))
    return found


def called(node: ast.Call) -> str:
    """The dotted name of what is called, as far as it is written out: `self._work`, `datetime.now`."""
    return ast.unparse(node.func)
