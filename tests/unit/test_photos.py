"""A clone alone passes the tests: the photos that it does not carry are skipped, and only those."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_without_the_labelled_set_the_tests_on_portraits_run_and_the_others_say_why_not(tmp_path: Path) -> None:
    absent = tmp_path / "photos"
    suite = ["tests/unit/studio/test_identity.py", "-k", "same_each_time or told_apart"]
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *suite]
    # These tests need no plugins, which take as long to import as they run.
    environment = {**os.environ, "MOTIV8_PHOTOS": str(absent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout
    assert f"the labelled photos are not there (MOTIV8_PHOTOS): no folder {absent}" in done.stdout
    outcomes = dict(re.findall(r"test_identity\.py::(\S+) (PASSED|SKIPPED)", done.stdout))
    assert outcomes == {
        "test_different_people_are_told_apart": "PASSED",
        "test_same_and_different_people_are_told_apart": "SKIPPED",
        "test_it_is_the_same_each_time[J000294.jpg]": "PASSED",
        "test_it_is_the_same_each_time[single-24.jpg]": "SKIPPED",
    }


def test_one_file_alone_knows_where_photos_outside_the_project_are() -> None:
    sources = {path for folder in ("src", "tests", "benchmarks") for path in (PROJECT / folder).rglob("*.py")}
    naming = [path.name for path in sources - {Path(__file__)} if '"shared" / "photos"' in path.read_text("utf-8")]
    assert naming == ["photos.py"]


def test_the_bench_on_the_labelled_set_says_in_one_line_that_it_is_not_there(tmp_path: Path) -> None:
    environment = {**os.environ, "MOTIV8_PHOTOS": str(tmp_path / "photos"), "PYTHONPATH": "tests"}
    command = [sys.executable, "-m", "benchmarks.faces"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line == f"The labelled photos are not there: MOTIV8_PHOTOS names their folder (now {tmp_path / 'photos'})."
