"""A diffusion model's folder: what it holds, how it is to be run, and the SHA-256 of each of its files.

The folder's layout:

    manifest.json
    checkpoint/     a Stable Diffusion 1.5-class model as diffusers saves it, with its safety checker
    ip-adapter/     the plus-face weights, and image_encoder/

`python -m motiv8.engines.diffusion_model FOLDER` writes the files' digests into the manifest.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from motiv8.aws import keys, storage
from motiv8.catalogue.formats import FORMATS
from motiv8.engines.engine import CannotMake
from motiv8.settings import settings

if TYPE_CHECKING:
    import numpy as np

MANIFEST = "manifest.json"
_ENDINGS = {".safetensors", ".json", ".txt"}
"""No pickles: loading one runs what is in it."""


class Manifest(BaseModel):
    """How a model is run, and of which files it consists.

    `sampler` is what the checkpoint was distilled for. `guidance` above 1 asks for the negative prompt as well and
    doubles the time of a step. `sizes` are the pixels that are painted for each format, before they are enlarged.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")]
    sampler: Literal["lcm", "turbo"]
    steps: Annotated[int, Field(ge=1, le=50)]
    guidance: Annotated[float, Field(ge=0, le=15)]
    precision: Literal["float32", "bfloat16"]
    runtime: Literal["torch", "openvino"] = "torch"
    adapter: str
    adapter_scale: Annotated[float, Field(gt=0, le=1.5)]
    sizes: dict[str, tuple[int, int]]
    files: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]]

    @field_validator("sizes")
    @classmethod
    def _every_format_in_eights(cls, sizes: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        if set(sizes) != set(FORMATS):
            raise ValueError(f"sizes for {', '.join(FORMATS)} are needed")
        if any(side % 8 or not 64 <= side <= 2048 for size in sizes.values() for side in size):
            raise ValueError("sizes are multiples of 8, 64 to 2048")
        return sizes

    @model_validator(mode="after")
    def _openvino_chooses_its_own_precision(self) -> Self:
        if self.runtime == "openvino" and self.precision != "float32":
            raise ValueError("the runtime openvino takes float32, and computes in what the CPU does best")
        return self

    @field_validator("files")
    @classmethod
    def _inside_and_harmless(cls, files: dict[str, str]) -> dict[str, str]:
        for name in files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or str(path) != name or "\\" in name:
                raise ValueError(f"{name!r} is not a path inside the folder")
            if path.suffix not in _ENDINGS:
                raise ValueError(f"{name!r} is none of {', '.join(sorted(_ENDINGS))}")
        return files


@dataclass(frozen=True, slots=True)
class PaintRequest:
    """One picture to paint: `reference` is the face, `uint8[512, 512, 3]` RGB; `seed` is 0 to 2^63 - 1."""

    prompt: str
    negative_prompt: str
    reference: np.ndarray
    width: int
    height: int
    seed: int


Painter = Callable[[PaintRequest], "np.ndarray | None"]
"""Paints an order: `uint8[height, width, 3]` RGB, or None where the safety checker withholds it."""


def installed() -> tuple[Path, Manifest]:
    """The folder that the settings name, whole and checked, and its manifest. Raises CannotMake.

    An absolute path is used as it is; a name is a folder under `models/` of the media bucket, and is fetched.
    """
    place = settings().diffusion_model
    if not place:
        raise CannotMake("no diffusion model is configured")
    folder = Path(place) if place.startswith("/") else _fetch(place)
    manifest = read(folder)
    check(folder, manifest)
    return folder, manifest


def read(folder: Path) -> Manifest:
    """The manifest of a folder. Raises CannotMake."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise CannotMake(f"{folder} has no {MANIFEST} that can be read") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        raise CannotMake(f"{folder / MANIFEST}: {place}: {first['msg']}") from error


def check(folder: Path, manifest: Manifest) -> None:
    """Raise CannotMake unless the folder holds exactly the manifest's files, byte for byte."""
    if manifest.adapter not in manifest.files:
        raise CannotMake(f"the manifest's adapter {manifest.adapter} is none of its files")
    found = _files(folder)
    for name in sorted(found ^ set(manifest.files)):
        says = "is not in the manifest" if name in found else "is missing"
        raise CannotMake(f"{folder / name} {says}")
    for name, digest in manifest.files.items():
        if _digest(folder / name) != digest:
            raise CannotMake(f"{folder / name} is not the file that the manifest names: its SHA-256 differs")


def _files(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()} - {MANIFEST}


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _fetch(name: str) -> Path:
    """Bring a model of the media bucket onto the disk, only the files that its manifest names."""
    media = settings().media_bucket
    manifest = storage.get(media, keys.model(name, MANIFEST))
    if manifest is None:
        raise CannotMake(f"the media bucket has no models/{name}/{MANIFEST}")
    folder = Path(tempfile.gettempdir()) / "models" / name
    # What an attempt left that was killed is not to be trusted.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_bytes(manifest)
    for file in read(folder).files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        if not storage.download(media, keys.model(name, file), folder / file):
            raise CannotMake(f"the media bucket has no models/{name}/{file}")
    return folder


def main(arguments: list[str] | None = None) -> int:
    """Write the digests of a folder's files into its manifest; 0, or 2 with one line that says what is wrong."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        sys.stderr.write("usage: python -m motiv8.engines.diffusion_model FOLDER\n")
        return 2
    folder = Path(given[0])
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        said["files"] = {name: _digest(folder / name) for name in sorted(_files(folder))}
        (folder / MANIFEST).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
        check(folder, read(folder))
    except (OSError, ValueError, TypeError, CannotMake) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{len(said['files'])} files\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
