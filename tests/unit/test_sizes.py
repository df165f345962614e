"""A file and a function are read without scrolling back and forth: neither is longer than these."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
FILES = {path.relative_to(SOURCE): path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
LONGEST_FILE = 350
LONGEST_FUNCTION = 45


def test_no_file_is_longer_than_350_lines() -> None:
    lengths = {str(path): len(text.splitlines()) for path, text in FILES.items()}
    longer = {path: length for path, length in lengths.items() if length > LONGEST_FILE}
    assert len(lengths) > 100
    assert not longer, f"files of more than {LONGEST_FILE} lines, to be split by what they do: {longer}"


def test_no_function_is_longer_than_45_lines() -> None:
    lengths = {
        f"{path}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, text in FILES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    longer = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert len(lengths) > 500
    assert not longer, f"functions of more than {LONGEST_FUNCTION} lines, to be split by what they do: {longer}"
