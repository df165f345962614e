"""A diffusion model in the media bucket is brought onto the disk, whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from motiv8.aws import keys, storage
from motiv8.engines import diffusion_model
from motiv8.engines.engine import CannotMake
from motiv8.settings import settings

NAME = "dreams-7"


@pytest.fixture
def uploaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A model in the bucket, the settings naming it; the folder that it will be fetched to."""
    source = tmp_path / "source"
    (source / "ip-adapter").mkdir(parents=True)
    (source / "ip-adapter" / "face.safetensors").write_bytes(b"weights" * 1000)
    manifest = {
        "name": NAME,
        "sampler": "turbo",
        "steps": 1,
        "guidance": 0,
        "precision": "float32",
        "adapter": "ip-adapter/face.safetensors",
        "adapter_scale": 0.8,
        "sizes": {"portrait": [512, 640], "story": [512, 912], "square": [512, 512]},
    }
    (source / diffusion_model.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert diffusion_model.main([str(source)]) == 0
    for file in source.rglob("*"):
        if file.is_file():
            key = keys.model(NAME, file.relative_to(source).as_posix())
            storage.put(settings().media_bucket, key, file.read_bytes(), "application/octet-stream")
    monkeypatch.setenv("MOTIV8_DIFFUSION_MODEL", NAME)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk"))
    settings.cache_clear()
    yield tmp_path / "disk" / "models" / NAME
    monkeypatch.undo()
    settings.cache_clear()


def test_a_model_of_the_bucket_is_fetched_and_checked(uploaded: Path) -> None:
    folder, manifest = diffusion_model.installed()
    assert folder == uploaded
    assert manifest.name == NAME
    assert (folder / "ip-adapter" / "face.safetensors").read_bytes() == b"weights" * 1000


def test_what_an_attempt_left_is_swept_away(uploaded: Path) -> None:
    uploaded.mkdir(parents=True)
    (uploaded / "half.safetensors").write_bytes(b"half")
    folder, _ = diffusion_model.installed()
    assert not (folder / "half.safetensors").exists()


def test_a_file_that_was_changed_in_the_bucket_is_refused(uploaded: Path) -> None:
    key = keys.model(NAME, "ip-adapter/face.safetensors")
    storage.put(settings().media_bucket, key, b"other", "application/octet-stream")
    with pytest.raises(CannotMake, match="its SHA-256 differs"):
        diffusion_model.installed()
    assert uploaded.exists()


def test_a_file_that_is_not_in_the_bucket_is_named(uploaded: Path) -> None:  # noqa: ARG001 - sets up
    storage.delete(settings().media_bucket, keys.model(NAME, "ip-adapter/face.safetensors"))
    with pytest.raises(CannotMake, match=f"no models/{NAME}/ip-adapter/face.safetensors"):
        diffusion_model.installed()


def test_a_model_that_is_not_there_is_named(uploaded: Path) -> None:  # noqa: ARG001 - sets up
    storage.delete(settings().media_bucket, keys.model(NAME))
    with pytest.raises(CannotMake, match=f"no models/{NAME}/manifest.json"):
        diffusion_model.installed()


def test_without_a_model_in_the_settings_there_is_none() -> None:
    with pytest.raises(CannotMake, match="no diffusion model is configured"):
        diffusion_model.installed()
