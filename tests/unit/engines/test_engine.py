"""Engines are found by their names, and the names are the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from motiv8 import engines
from motiv8.catalogue.engines import EngineName
from motiv8.engines.engine import CannotMake, by_name
from motiv8_tooling.operations.package import load_template

NAMES = set(get_args(EngineName))


def test_api_template_and_files_know_the_same_engines() -> None:
    parameters = load_template()["Parameters"]
    assert set(parameters["Engine"]["AllowedValues"]) == NAMES
    assert all(name in parameters["EntitledEngines"]["AllowedPattern"] for name in NAMES)
    folder = Path(engines.__path__[0])
    files = {file.stem for file in folder.glob("*.py") if "\ndef engine()" in file.read_text(encoding="utf-8")}
    assert files == NAMES


def test_an_engine_that_is_none_cannot_make_anything() -> None:
    with pytest.raises(CannotMake, match="the engine crayons is not installed here"):
        by_name("crayons")
