"""The model files: the ones that we know, and one clear line where they cannot be had."""

from __future__ import annotations

import hashlib
import socket
import zipfile
from pathlib import Path

import pytest

from motiv8.model_files import ModelFiles, WeightsMissing
from motiv8.retrieval import weights as retrieval
from motiv8.studio import weights as studio


@pytest.fixture
def absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelFiles:
    """The studio's model files in an empty folder, and pip without this machine's settings."""
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return ModelFiles(tmp_path / "weights", studio.FILES.packages)


def test_an_index_that_cannot_be_reached_is_told_in_one_line(
    absent: ModelFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and never listens
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_RETRIES", "1")
        with pytest.raises(WeightsMissing) as told:
            absent.install()
    what = "The model files of requirements/weights-mediapipe.txt cannot be downloaded"
    assert str(told.value) == f"{what}: the package index cannot be reached"
    assert list(absent.folder.iterdir()) == []


def test_a_package_that_the_index_lacks_is_named(absent: ModelFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(WeightsMissing, match=r"^The model files .* No matching distribution found for mediapipe"):
        absent.install()
    assert list(absent.folder.iterdir()) == []


def test_a_package_with_another_hash_is_refused_in_one_line(
    absent: ModelFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = absent.folder.parent / "index"
    index.mkdir()
    with zipfile.ZipFile(index / "mediapipe-0.10.21-cp312-cp312-manylinux_2_28_x86_64.whl", "w") as wheel:
        wheel.writestr(
            "mediapipe-0.10.21.dist-info/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n"
        )
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    with pytest.raises(WeightsMissing, match="DO NOT MATCH THE HASHES") as told:
        absent.install()
    assert len(str(told.value).splitlines()) == 1
    assert list(absent.folder.iterdir()) == []


@pytest.mark.parametrize("files", [retrieval.FILES, studio.FILES], ids=["retrieval", "studio"])
def test_the_weights_are_the_files_that_we_know(files: ModelFiles) -> None:
    for name, digest in files.digests().items():
        assert hashlib.sha256(files.path(name).read_bytes()).hexdigest() == digest


def test_missing_weights_say_which_command_brings_them(absent: ModelFiles) -> None:
    with pytest.raises(WeightsMissing, match="make setup"):
        absent.path("absent.tflite")


def test_another_file_under_a_known_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        ModelFiles(tmp_path, ())._place("selfie_segmentation.tflite", b"tampered", "0" * 64)
    assert list(tmp_path.iterdir()) == []
