"""Rows stay in repositories. That nothing else imports them holds import-linter; here, that nothing is given one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from motiv8.aws import conversation_tables, library_tables, tables

SOURCE = Path(__file__).parents[2] / "src" / "motiv8"
REPOSITORIES = sorted(path for path in SOURCE.rglob("*repository.py") if path.parent.name != "retrieval")
ROWS = {
    name
    for module in (tables, library_tables, conversation_tables)
    for name, each in vars(module).items()
    if isinstance(each, type) and issubclass(each, tables.Table)
}


def _public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_the_rows_are_known() -> None:
    assert {"UserRow", "PortraitRow", "DocumentRow", "NamespaceRow", "MessageRow", "ToolServerRow"} <= ROWS


@pytest.mark.parametrize("path", REPOSITORIES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_repository_takes_and_gives_values(path: Path) -> None:
    functions = list(_public_functions(path))
    assert functions
    for function in functions:
        hints = [each.annotation for each in (*function.args.args, *function.args.kwonlyargs)]
        nodes = [node for hint in (*hints, function.returns) if hint for node in ast.walk(hint)]
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert not names & ROWS, function.name
