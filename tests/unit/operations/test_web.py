"""The web app is built before anything is deployed."""

from __future__ import annotations

from pathlib import Path

import pytest

from motiv8_tooling.operations import web
from motiv8_tooling.operations.errors import OperationError


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands in for `make`; it writes down what it was called with."""
    program = tmp_path / "make"
    program.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/called\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return program


def test_make_decides_whether_there_is_anything_to_build(make: Path) -> None:
    web.build(lambda _: None)
    assert make.with_name("called").read_text() == "--silent web\n"


def test_an_app_that_cannot_be_built_is_told_in_one_line(make: Path) -> None:
    make.write_text("#!/bin/sh\necho building >&2\necho 'src/app.tsx: no such type' >&2\nexit 2\n")
    with pytest.raises(OperationError) as refused:
        web.build(lambda _: None)
    assert str(refused.value).endswith("nothing was done (try make web): src/app.tsx: no such type")


def test_without_make_the_line_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperationError, match=r"needs make and Node\.js"):
        web.build(lambda _: None)
