"""Which code can be reached from a function, by the names that it and what it names name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


class ReachableCode:
    """The code of a source folder's package, by names alone: nothing is imported."""

    def __init__(self, source: Path, package: str) -> None:
        self._source = source
        self._package = package
        self._trees: dict[str, ast.Module] = {}
        self._definitions: dict[str, dict[str, list[ast.AST]]] = {}
        self._imported: dict[str, dict[str, str]] = {}
        self._referred: dict[ast.AST, list[str]] = {}

    def imports(self, module: str) -> dict[str, str]:
        """Names of the package that are imported anywhere in a module, each as `module` or `module:name`."""
        if module not in self._imported:
            self._imported[module] = self._imports(self._tree(module))
        return self._imported[module]

    def reachable(
        self, start: str, *, leave_out: str, also: Mapping[str, Iterable[str]]
    ) -> Iterator[tuple[str, ast.AST]]:
        """Each definition that can be reached from `module:name`, with its module.

        Modules whose names begin with `leave_out` are not entered; `also` says what a function reaches by other means.
        """
        seen, waiting = set(), [start]
        while waiting:
            here = waiting.pop()
            module, _, name = here.partition(":")
            if here in seen or module.startswith(leave_out):
                continue
            seen.add(here)
            waiting += also.get(here, ())
            for node in self._defined(module).get(name, ()):
                yield module, node
                if node not in self._referred:
                    self._referred[node] = list(self._references(module, node))
                waiting += self._referred[node]

    def _tree(self, module: str) -> ast.Module:
        if module not in self._trees:
            path = self._source / Path(*module.split("."))
            file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
            self._trees[module] = ast.parse(file.read_text(encoding="utf-8"))
        return self._trees[module]

    def _is_module(self, name: str) -> bool:
        path = self._source / Path(*name.split("."))
        return path.with_suffix(".py").exists() or (path / "__init__.py").exists()

    def _defined(self, module: str) -> dict[str, list[ast.AST]]:
        if module not in self._definitions:
            self._definitions[module] = _definitions(self._tree(module))
        return self._definitions[module]

    def _imports(self, node: ast.AST) -> dict[str, str]:
        """Names that are imported within a node, each as `module` or `module:name`."""
        found: dict[str, str] = {}
        for each in ast.walk(node):
            if isinstance(each, ast.ImportFrom) and (each.module or "").startswith(self._package):
                for alias in each.names:
                    whole = f"{each.module}.{alias.name}"
                    found[alias.asname or alias.name] = (
                        whole if self._is_module(whole) else f"{each.module}:{alias.name}"
                    )
        return found

    def _references(self, module: str, node: ast.AST) -> Iterator[str]:
        """`module:name` of all that a node names."""
        imported = self.imports(module) | self._imports(node)
        for each in ast.walk(node):
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
                target = imported.get(each.value.id, "")
                if target and ":" not in target:
                    yield f"{target}:{each.attr}"
            if isinstance(each, ast.Name):
                if ":" in imported.get(each.id, ""):
                    yield imported[each.id]
                elif each.id in self._defined(module):
                    yield f"{module}:{each.id}"


def _definitions(tree: ast.Module) -> dict[str, list[ast.AST]]:
    """What each name of a module stands for: its function, class or value; a router also for its routes."""
    found: dict[str, list[ast.AST]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name, []).append(node)
            for decorator in node.decorator_list:
                for name in (each.id for each in ast.walk(decorator) if isinstance(each, ast.Name)):
                    if name == "router":
                        found.setdefault(name, []).append(node)
        for target in targets(node):
            found.setdefault(target, []).append(node)
    return found


def targets(node: ast.AST) -> list[str]:
    """The names that an assignment sets."""
    found = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [each.id for each in found if isinstance(each, ast.Name)]
