"""Each lock is complete: installed as it is, without resolving, it leaves out nothing that a package in it requires."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import Distribution, distributions
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from motiv8_tooling.operations.audit import DEPLOYED

PROJECT = Path(__file__).parents[2]
REQUIREMENTS = PROJECT / "requirements"
OVERRIDING = REQUIREMENTS / "peer-overrides.txt"
LOCKS = sorted(set(REQUIREMENTS.glob("*.txt")) - {OVERRIDING})
NPM_LOCKS = [PROJECT / "web" / "package-lock.json", *PROJECT.glob("tools/*/package-lock.json")]
PYTHONS = ("3.11", "3.12", "3.13")
MANIFEST = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))


def _requirements(lines: list[str]) -> list[Requirement]:
    return [Requirement(line) for line in lines if line]


def _entries(lock: Path) -> list[str]:
    """A lock's entries, each with its hashes on one line."""
    return lock.read_text("utf-8").replace("\\\n", " ").splitlines()


@cache
def _pins(lock: Path) -> list[Requirement]:
    return _requirements([entry.split("--hash")[0].strip() for entry in _entries(lock)])


def _pinned(lock: Path, python: str | None = None) -> dict[str, Version]:
    """What a lock installs on a Python of this machine's platform; by default the one that runs."""
    pins = [pin for pin in _pins(lock) if _applies(pin, python)]
    pinned: dict[str, Version] = {
        canonicalize_name(pin.name): Version(str(pin.specifier).removeprefix("==")) for pin in pins
    }
    assert len(pinned) == len(pins), f"{lock.name} pins a package twice"
    return pinned


def _applies(requirement: Requirement, python: str | None = None, extras: frozenset[str] = frozenset()) -> bool:
    environment: dict[str, Any] = dict(default_environment())
    if python:
        environment |= {"python_version": python, "python_full_version": f"{python}.0"}
    marker = requirement.marker
    return marker is None or any(marker.evaluate(environment | {"extra": extra}) for extra in extras | {""})


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_each_package_with_hashes_and_names_no_address(lock: Path) -> None:
    for entry in _entries(lock):
        assert re.fullmatch(r"[a-z0-9-]+==[^\s;@/]+( ; [^/@]+?)?( +--hash=sha256:[0-9a-f]{64})+", entry), entry
    for python in PYTHONS:
        assert _pinned(lock, python)


@pytest.mark.parametrize("name", DEPLOYED)
def test_what_is_deployed_is_without_packages_whose_vulnerabilities_are_never_fixed(name: str) -> None:
    assert {"ecdsa", "python-jose"} & {pin.name for pin in _pins(REQUIREMENTS / f"{name}.txt")} == set()


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda path: path.parent.name)
def test_an_npm_lock_has_a_hash_for_each_package_and_names_no_address(lock: Path) -> None:
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text("utf-8"))["packages"]
    asked = packages.pop("")
    for name, each in packages.items():
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, name
    for name, wanted in {**asked.get("dependencies", {}), **asked.get("devDependencies", {})}.items():
        # One that is installed under another name is asked for as `npm:name@version`.
        version = wanted.rpartition("@")[2]
        assert packages[f"node_modules/{name}"]["version"] == version, f"{name} is not pinned"


def _compiled() -> dict[str, tuple[list[Requirement], bool]]:
    """For each lock what pyproject.toml asks for, as `make lock` says, and whether the overrides hold for it."""
    printed = subprocess.run(
        ["make", "--dry-run", "lock"],  # noqa: S607 - prints commands and runs none
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = {}
    for command in (shlex.split(line) for line in printed.replace("\\\n", " ").splitlines() if " pip compile " in line):
        options = list(pairwise(command))
        lines: list[str] = MANIFEST["project"]["dependencies"] if "pyproject.toml" in command else []
        for option, value in options:
            if option == "--extra":
                lines = [*lines, *MANIFEST["project"]["optional-dependencies"][value]]
            if option == "--group":
                lines = [*lines, *_group(value)]
        name = next(value for option, value in options if option == "-o")
        found[Path(name).name] = (_requirements(lines), "--overrides" in command)
    return found


def _group(name: str) -> list[str]:
    lines: list[str] = []
    for each in MANIFEST["dependency-groups"][name]:
        lines += _group(each["include-group"]) if isinstance(each, dict) else [each]
    return lines


COMPILED = _compiled()
OVERRIDES = {canonicalize_name(each.name): each for each in _requirements(OVERRIDING.read_text("utf-8").splitlines())}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", COMPILED)
def test_a_lock_holds_what_the_manifest_asks_for(lock: str, python: str) -> None:
    pinned = _pinned(REQUIREMENTS / lock, python)
    asked, _ = COMPILED[lock]
    assert [str(each) for each in asked if not _is_met(each, pinned)] == []


def _is_met(requirement: Requirement, pinned: dict[str, Version]) -> bool:
    version = pinned.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version, prereleases=True)


def _environments() -> list[tuple[Path, str]]:
    """Each environment that this clone has, with the lock that it was made from."""
    found = [(Path(sys.prefix), "development.txt")]
    for ready in sorted((PROJECT / ".tools").glob("**/ready")):
        folder = ready.parent
        found.append((folder, f"{'' if folder.parent.name == 'packages' else 'tool-'}{folder.name}.txt"))
    return found


ENVIRONMENTS = _environments()


def _installed(folder: Path) -> dict[str, Distribution]:
    places = [str(path) for path in folder.glob("lib/python3.*/site-packages")] or [str(folder)]
    return {canonicalize_name(each.metadata["Name"]): each for each in distributions(path=places)}


@pytest.mark.parametrize(("folder", "lock"), ENVIRONMENTS, ids=[lock for _, lock in ENVIRONMENTS])
def test_an_environment_holds_what_its_lock_names_and_nothing_else(folder: Path, lock: str) -> None:
    installed = {name: Version(each.version) for name, each in _installed(folder).items()}
    # The project itself, and what `python -m venv` brings along.
    own = {"motiv8", "pip", "setuptools"} if lock == "development.txt" else set()
    pinned = _pinned(REQUIREMENTS / lock)
    assert {name: version for name, version in installed.items() if name in pinned or name not in own} == pinned


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("folder", "lock"), ENVIRONMENTS, ids=[lock for _, lock in ENVIRONMENTS])
def test_what_an_installed_package_requires_is_in_the_lock(folder: Path, lock: str, python: str) -> None:
    pinned, installed = _pinned(REQUIREMENTS / lock, python), _installed(folder)
    asked, overridden = COMPILED[lock]
    waiting = [(name, frozenset[str]()) for name in pinned] + [(each.name, frozenset(each.extras)) for each in asked]
    missing, seen = [], set()
    while waiting:
        wanted = waiting.pop()
        name, extras = canonicalize_name(wanted[0]), wanted[1]
        # On another Python the lock may name another version, whose metadata is not here.
        if (name, extras) in seen or name not in installed:
            continue
        seen.add((name, extras))
        for requirement in _requirements(installed[name].requires or []):
            meant = OVERRIDES.get(canonicalize_name(requirement.name), requirement) if overridden else requirement
            if not _applies(requirement, python, extras) or not _applies(meant, python, extras):
                continue
            waiting.append((meant.name, frozenset(meant.extras)))
            if not _is_met(meant, pinned):
                missing.append(f"{name} requires {meant}; the lock has {pinned.get(canonicalize_name(meant.name))}")
    assert missing == []
