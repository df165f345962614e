"""Each how-to names the files that a change touches, and its example works when it is followed to the letter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGES = PROJECT / "docs" / "how-to"
MOST_FILES = {"endpoint": 3, "mode": 6, "engine": 4, "mail": 6, "pipeline-step": 4, "setting": 4}
# Read by the examples' code and tests; what they change is copied, all else linked.
TREE = ("src", "infra", "statemachines", "docs", "tests", "samples", "web/public", "pyproject.toml", "template.yaml")
_STEP = re.compile(r"^\d+\. `([^`]+)`(.*?)(?=^\d+\. |^\S|\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^   ```(\w+)\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A file that a page changes, and the example's blocks for it."""

    file: str
    blocks: list[tuple[str, str]]


def _steps(page: str) -> list[Step]:
    text = (PAGES / f"{page}.md").read_text()
    return [
        Step(file, [(kind, textwrap.dedent(code)) for kind, code in _BLOCK.findall(rest)])
        for file, rest in _STEP.findall(text)
    ]


def _follow(step: Step, tree: Path) -> None:
    """Do what the page says: insert a diff where its context is, append code, or make the file of it."""
    file = tree / step.file
    for kind, code in step.blocks:
        before = file.read_text() if file.exists() else ""
        file.unlink(missing_ok=True)
        after = _patched(before, code) if kind == "diff" else f"{before}\n\n{code}" if before else code
        file.write_text(after)


def _patched(text: str, diff: str) -> str:
    for hunk in re.split(r"^@@\n", diff, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(old) == 1, f"not there once:\n{old}"
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("page", MOST_FILES)
def test_a_change_touches_few_files(page: str) -> None:
    steps = _steps(page)
    assert 0 < len(steps) <= MOST_FILES[page]
    made = {step.file for step in steps if not (PROJECT / step.file).exists()}
    assert {Path(file).parent for file in made} <= {path.parent.relative_to(PROJECT) for path in _files()}


def _files() -> list[Path]:
    return [path for name in TREE for path in (PROJECT / name).rglob("*") if path.is_file()]


def test_there_is_a_test_of_every_page() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == MOST_FILES.keys()


def test_all_examples_work_when_they_are_followed(tmp_path: Path) -> None:
    for name in TREE:
        if (PROJECT / name).is_dir():
            # Python finds what it compiled, too, and compiles anew what a page changes.
            shutil.copytree(PROJECT / name, tmp_path / name, copy_function=os.symlink)
        else:
            shutil.copy(PROJECT / name, tmp_path / name)
    for page in MOST_FILES:
        for step in _steps(page):
            _follow(step, tmp_path)
    _run(tmp_path, "-m", "motiv8_tooling.operations.assemble")
    _run(
        tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "tests/integration/portraits/test_portraits.py::test_the_newest_picture",
        "tests/integration/accounts/test_consent.py::test_the_owner_is_told_that_face_data_is_gone",
        "tests/integration/pipeline/test_measure_span.py",
        "tests/unit/catalogue", "tests/unit/engines/test_engine.py", "tests/unit/test_payloads.py",
        "tests/unit/test_documentation.py", "tests/unit/test_template.py", "tests/unit/test_statemachines.py",
        "tests/unit/studio/test_pictures.py", "-k",
        "newest_picture or owner_is_told or measure_span or catalogue or same_engines or duotone or payloads or daily"
        " or parameter or parts_make or support or settings_that_the_code_reads or shore and"
        " (can_be_read or stands_before)",
    )  # fmt: skip


def _run(tree: Path, *arguments: str) -> None:
    # What is compiled here would be written through the links; and no test here needs a plugin.
    alone = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment = os.environ | {"PYTHONPATH": str(tree / "src")} | alone
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
