"""What a function can raise is found through calls, and left out where it is caught."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from checks.raised_errors import RaisedErrors

Raised = Callable[[str], set[str]]
ERRORS = """
    class Problem(Exception): ...
    class Conflict(Problem): ...
    class Full(Conflict): ...
    class Gone(Problem): ...
"""
OTHER = """
    from shop.errors import Full, Gone

    class Shelf:
        def put(self): raise Full
        def take(self, one): one()

    def look(): raise Gone
    def twice(): look() or twice()
"""


@pytest.fixture
def raised(tmp_path: Path) -> Raised:
    """What `start` of a module with this text raises."""

    def of(text: str) -> set[str]:
        folder = tmp_path / "shop"
        folder.mkdir(exist_ok=True)
        for name, content in {"errors": ERRORS, "other": OTHER, "main": text}.items():
            (folder / f"{name}.py").write_text(dedent(content))
        return set(RaisedErrors(tmp_path, "Problem").of("shop.main", "start"))

    return of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from shop.errors import Full\ndef start(): raise Full('it is')", {"Full"}),
        ("from shop import errors\ndef start(): raise errors.Full from None", {"Full"}),
        ("from shop.other import look\ndef start(): return [look() for _ in 'ab']", {"Gone"}),
        ("from shop import other\ndef start(): other.twice()", {"Gone"}),
        ("def start():\n    from shop.other import look\n    look()", {"Gone"}),
        ("def start(shelf): shelf.put()", {"Full"}),
        ("from shop.other import Shelf, look\ndef start(): Shelf().take(look)", {"Gone"}),
        ("from shop.errors import Full\ndef start():\n    def inner(): raise Full\n    run(inner)", {"Full"}),
        ("def start(): raise ValueError", set()),
        ("from shop.other import look\ndef start(look): look()", set()),
    ],
    ids=[
        "its own",
        "by its module",
        "of a function",
        "of one that calls itself",
        "imported late",
        "of a method of something unknown",
        "of a function that is handed on",
        "of a function within",
        "no error of the hierarchy",
        "hidden by a parameter",
    ],
)
def test_what_is_raised_is_found(raised: Raised, text: str, expected: set[str]) -> None:
    assert raised(text) == expected


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("except Full: pass", {"Gone"}),
        ("except Conflict: pass", {"Gone"}),
        ("except (Full, Gone): pass", set()),
        ("except Exception: pass", set()),
        ("except Full as error: raise error", {"Full", "Gone"}),
        ("except Full:\n        raise", {"Full", "Gone"}),
        ("except Full as error: raise Gone from error", {"Gone"}),
        ("except KeyError: pass", {"Full", "Gone"}),
        ("finally: put()", {"Full", "Gone"}),
    ],
)
def test_what_is_caught_is_left_out(raised: Raised, handler: str, expected: set[str]) -> None:
    text = f"""
from shop.errors import Conflict, Full, Gone
from shop.other import look
def put(): raise Full
def start():
    try:
        put()
        look()
    {handler}
"""
    assert raised(text) == expected
