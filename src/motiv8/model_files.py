"""Model files: taken out of pip packages at set-up, checked by SHA-256, never committed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_REQUIREMENTS = Path(__file__).parents[2] / "requirements"


class WeightsMissing(Exception):
    """A model file is not in place; the text says which command puts it there."""


@dataclass(frozen=True, slots=True)
class Package:
    """A pip package that carries model files.

    `requirements` names its lock. `files` gives for each file's name here its place in the package and its SHA-256.
    """

    requirements: str
    files: Mapping[str, tuple[str, str]]
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The model files of one folder, and the packages that they come from."""

    folder: Path
    packages: tuple[Package, ...]

    def path(self, name: str) -> Path:
        """Where a model file is. Raises WeightsMissing."""
        place = self.folder / name
        if not place.is_file():
            raise WeightsMissing(f"The model file {name} is missing: run `make setup`.")
        return place

    def digests(self) -> dict[str, str]:
        """The SHA-256 that each file must have."""
        return {name: digest for package in self.packages for name, (_, digest) in package.files.items()}

    def install(self) -> None:
        """Put all model files in place; nothing is done when they are there.

        Raises WeightsMissing when a package cannot be downloaded, ValueError when a file is not the one that we know.
        """
        if all(_is_right(self.folder / name, digest) for name, digest in self.digests().items()):
            return
        self.folder.mkdir(exist_ok=True)
        for package in self.packages:
            self._unpack(package)

    def install_or_exit(self) -> None:
        """`install` for a command: what goes wrong ends it with one line."""
        try:
            self.install()
        except (WeightsMissing, ValueError) as error:
            sys.exit(str(error))

    def _unpack(self, package: Package) -> None:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
            exact = ["--dest", folder, "--no-deps", "--require-hashes", "--only-binary=:all:", *package.options]
            done = subprocess.run(  # noqa: S603 - a fixed command
                [*command, *exact, "-r", str(_REQUIREMENTS / package.requirements)],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise WeightsMissing(
                    f"The model files of requirements/{package.requirements} cannot be downloaded: {_why(done.stderr)}"
                )
            (wheel,) = Path(folder).iterdir()
            with zipfile.ZipFile(wheel) as archive:
                for name, (member, digest) in package.files.items():
                    self._place(name, archive.read(member), digest)

    def _place(self, name: str, data: bytes, digest: str) -> None:
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(f"{name} is not the file that we know: its SHA-256 differs")
        part = self.folder / f"{name}.part"
        part.write_bytes(data)
        part.replace(self.folder / name)


def _why(said: str) -> str:
    # Where no connection comes about, pip says in the end that it found no such package.
    if "WARNING: Retrying" in said:
        return "the package index cannot be reached"
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    return errors[-1] if errors else "pip failed"


def _is_right(place: Path, digest: str) -> bool:
    return place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == digest
