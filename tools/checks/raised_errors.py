"""Which errors a function can raise, read from the code: its own `raise` statements and those of all that it reaches.

Whatever a function names of the project it may call, so that a function given to another counts as called. A method of
something unknown stands for every method of that name. What `except` takes is left out again.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_Errors: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class _Module:
    """One file: its name, what it defines, and what it imports, each as `module` or `module:name`."""

    name: str
    tree: ast.Module

    @cached_property
    def functions(self) -> dict[str, Function]:
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    @cached_property
    def imports(self) -> dict[str, str]:
        return _imports(self.tree)


class RaisedErrors:
    """The errors that the functions of a source folder's package raise, by their classes' names below `base`."""

    def __init__(self, source: Path, base: str) -> None:
        self._modules = {name: _Module(name, tree) for name, tree in _parsed(source)}
        self._base = base
        self._parents = self._hierarchy()
        self._known: dict[tuple[str, str], _Errors] = {}
        # Of which all is known.
        self._settled: set[tuple[str, str]] = set()
        self._methods: dict[str, list[tuple[str, str]]] = {}
        for module in self._modules.values():
            for owner in module.classes.values():
                for node in owner.body:
                    if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
                        self._methods.setdefault(node.name, []).append((module.name, f"{owner.name}.{node.name}"))

    def of(self, module: str, function: str) -> _Errors:
        """What `function` of `module` raises (`Class.method` for a method); follows calls until nothing is added."""
        target = (module, function)
        while True:
            before = dict(self._known)
            self._visited: set[tuple[str, str]] = set()
            found = self._of(target)
            if self._known == before:
                self._settled |= self._visited
                return found

    def _of(self, target: tuple[str, str]) -> _Errors:
        if target in self._settled or target in self._visited:
            return self._known.get(target, frozenset())
        self._visited.add(target)
        module, function = self._modules[target[0]], self._definition(target)
        names = module.imports | dict.fromkeys(_local_names(function), "") | _imports(function)
        found = self._of_body(function.body, module, names, frozenset())
        self._known[target] = found | self._known.get(target, frozenset())
        return self._known[target]

    def _definition(self, target: tuple[str, str]) -> Function:
        module, name = self._modules[target[0]], target[1]
        owner, _, method = name.rpartition(".")
        if not owner:
            return module.functions[name]
        return next(
            node for node in module.classes[owner].body if isinstance(node, ast.FunctionDef) and node.name == method
        )

    def _of_body(self, body: list[ast.stmt], module: _Module, names: dict[str, str], caught: _Errors) -> _Errors:
        return frozenset().union(*(self._of_node(node, module, names, caught) for node in body))

    def _of_node(self, node: ast.AST, module: _Module, names: dict[str, str], caught: _Errors) -> _Errors:
        """What a node raises; `caught` is what a bare `raise` in it would raise again."""
        if isinstance(node, ast.Try):
            return self._of_try(node, module, names, caught)
        if isinstance(node, ast.Raise):
            return self._of_raise(node, module, names, caught)
        if isinstance(node, ast.Name | ast.Attribute):
            own = self._of_reference(node, module, names)
            if isinstance(node, ast.Name) or _resolved(node, names) is not None:
                return own
            return own | self._of_node(node.value, module, names, caught)
        children = [child for child in ast.iter_child_nodes(node) if not _is_annotation(child, node)]
        return frozenset().union(*(self._of_node(child, module, names, caught) for child in children))

    def _of_try(self, node: ast.Try, module: _Module, names: dict[str, str], caught: _Errors) -> _Errors:
        left = self._of_body(node.body, module, names, caught)
        found: _Errors = frozenset()
        for handler in node.handlers:
            taken = frozenset(each for each in left if self._takes(handler.type, each))
            left -= taken
            found |= self._of_body(handler.body, module, names, taken)
        return left | found | self._of_body([*node.orelse, *node.finalbody], module, names, caught)

    def _takes(self, handled: ast.expr | None, error: str) -> bool:
        if handled is None:
            return True
        kinds = handled.elts if isinstance(handled, ast.Tuple) else [handled]
        taken = {_last(each) for each in kinds}
        return bool(taken & {*self._ancestors(error), "Exception", "BaseException"})

    def _of_raise(self, node: ast.Raise, module: _Module, names: dict[str, str], caught: _Errors) -> _Errors:
        if node.exc is None:
            return caught
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if _last(raised) in self._parents:
            arguments = node.exc.args if isinstance(node.exc, ast.Call) else []
            inner = frozenset().union(*(self._of_node(each, module, names, caught) for each in arguments))
            return frozenset({_last(raised)}) | inner
        if isinstance(node.exc, ast.Name):
            # What an `except … as` has named.
            return caught
        return self._of_node(node.exc, module, names, caught)

    def _of_reference(self, node: ast.Name | ast.Attribute, module: _Module, names: dict[str, str]) -> _Errors:
        targets = self._targets(node, module, names)
        return frozenset().union(*(self._of(target) for target in targets))

    def _targets(self, node: ast.Name | ast.Attribute, module: _Module, names: dict[str, str]) -> list[tuple[str, str]]:
        """The functions that a name may stand for."""
        resolved = _resolved(node, names)
        if resolved is not None:
            where, _, name = resolved.partition(":")
            return self._defined(where, name)
        if isinstance(node, ast.Name):
            return self._defined(module.name, node.id)
        return self._methods.get(node.attr, [])

    def _defined(self, module: str, name: str) -> list[tuple[str, str]]:
        found = self._modules.get(module)
        if found is None or not name:
            return []
        if name in found.functions:
            return [(module, name)]
        if name in found.classes:
            body = found.classes[name].body
            made = [each for each in body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
            return [(module, f"{name}.__init__") for _ in made]
        return []

    def _ancestors(self, error: str) -> set[str]:
        found = {error}
        while (error := self._parents.get(error, "")) in self._parents:
            found.add(error)
        return found | {self._base}

    def _hierarchy(self) -> dict[str, str]:
        """Each class below the base → the one that it extends."""
        extends = {
            name: _last(node.bases[0])
            for module in self._modules.values()
            for name, node in module.classes.items()
            if node.bases
        }
        found: dict[str, str] = {}
        while True:
            more = {name: of for name, of in extends.items() if of in {self._base, *found} and name not in found}
            if not more:
                return found
            found |= more


def _parsed(source: Path) -> list[tuple[str, ast.Module]]:
    found = []
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append((name, ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _imports(node: ast.AST) -> dict[str, str]:
    """Names that are imported anywhere within a node, each as `module:name` or, for a whole module, its name."""
    found = {}
    for each in ast.walk(node):
        if isinstance(each, ast.ImportFrom):
            for alias in each.names:
                found[alias.asname or alias.name] = f"{each.module}:{alias.name}"
    return found


def _local_names(function: Function) -> set[str]:
    """What a function itself gives a value to: its parameters and variables, which hide the module's names."""
    arguments = {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
    return arguments | {
        each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _resolved(node: ast.Name | ast.Attribute, names: dict[str, str]) -> str | None:
    """`module:name` of something that was imported, or of an attribute of a module that was."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node.value, ast.Name) and names.get(node.value.id):
        return f"{names[node.value.id].replace(':', '.')}:{node.attr}"
    return None


def _last(node: ast.expr) -> str:
    """The last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_annotation(child: ast.AST, parent: ast.AST) -> bool:
    return any(child is getattr(parent, name, None) for name in ("annotation", "returns", "args")) and not isinstance(
        parent, ast.Call
    )
