"""A diffusion model's manifest: what it must say, and that the folder is what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motiv8.engines import diffusion_model
from motiv8.engines.engine import CannotMake

SAID = {
    "name": "dreams-7",
    "sampler": "lcm",
    "steps": 4,
    "guidance": 1.5,
    "precision": "float32",
    "adapter": "ip-adapter/face.safetensors",
    "adapter_scale": 0.8,
    "sizes": {"portrait": [512, 640], "story": [512, 912], "square": [512, 512]},
    "files": {},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("checkpoint/unet/config.json", "ip-adapter/face.safetensors", "checkpoint/tokenizer/merges.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    _say(tmp_path, SAID)
    return tmp_path


def _say(folder: Path, said: dict[str, object]) -> None:
    (folder / diffusion_model.MANIFEST).write_text(json.dumps(said), encoding="utf-8")


def _checked(folder: Path) -> diffusion_model.Manifest:
    manifest = diffusion_model.read(folder)
    diffusion_model.check(folder, manifest)
    return manifest


def test_sealing_writes_the_digests_and_the_folder_is_then_taken(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diffusion_model.main([str(folder)]) == 0
    assert capsys.readouterr().out == "3 files\n"
    manifest = _checked(folder)
    assert set(manifest.files) == {
        "checkpoint/tokenizer/merges.txt",
        "checkpoint/unet/config.json",
        "ip-adapter/face.safetensors",
    }
    assert manifest.sizes["story"] == (512, 912)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda folder: (folder / "checkpoint/unet/config.json").write_text("{}"), "its SHA-256 differs"),
        (lambda folder: (folder / "checkpoint/unet/config.json").unlink(), "is missing"),
        (lambda folder: (folder / "checkpoint/unet/more.json").write_text("{}"), "is not in the manifest"),
    ],
)
def test_a_folder_that_is_not_as_its_manifest_says_is_refused(folder: Path, change: object, says: str) -> None:
    diffusion_model.main([str(folder)])
    assert callable(change)
    change(folder)
    with pytest.raises(CannotMake, match=says):
        _checked(folder)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sampler": "ddim"}, "sampler: Input should be 'lcm' or 'turbo'"),
        ({"steps": 0}, "steps"),
        ({"guidance": -1}, "guidance"),
        ({"precision": "float16"}, "precision"),
        ({"runtime": "openvino", "precision": "bfloat16"}, "takes float32"),
        ({"sizes": {"portrait": [512, 640]}}, "sizes for portrait, story, square are needed"),
        ({"sizes": SAID["sizes"] | {"square": [500, 512]}}, "multiples of 8"),  # type: ignore[operator]
        ({"sizes": SAID["sizes"] | {"square": [8192, 512]}}, "64 to 2048"),  # type: ignore[operator]
        ({"files": {"../secret.json": "0" * 64}}, "not a path inside the folder"),
        ({"files": {"/etc/motd.txt": "0" * 64}}, "not a path inside the folder"),
        ({"files": {"a/./b.json": "0" * 64}}, "not a path inside the folder"),
        ({"files": {"checkpoint/unet/model.bin": "0" * 64}}, "is none of .json, .safetensors, .txt"),
        ({"files": {"a.json": "short"}}, "files.a.json"),
        ({"name": "Up Up"}, "name"),
        ({"licence": "unknown"}, "licence: Extra inputs are not permitted"),
    ],
)
def test_a_manifest_that_says_something_wrong_is_refused_with_the_place(
    folder: Path, wrong: dict[str, object], says: str
) -> None:
    _say(folder, SAID | wrong)
    with pytest.raises(CannotMake, match=says):
        diffusion_model.read(folder)


def test_an_adapter_that_is_none_of_the_files_is_refused(folder: Path) -> None:
    _say(folder, SAID | {"adapter": "ip-adapter/other.safetensors"})
    assert diffusion_model.main([str(folder)]) == 2
    with pytest.raises(CannotMake, match="is none of its files"):
        _checked(folder)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match=r"has no manifest\.json that can be read"):
        diffusion_model.read(tmp_path)


@pytest.mark.parametrize("arguments", [[], ["one", "two"], ["/nowhere"]])
def test_the_command_says_in_one_line_what_is_wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert diffusion_model.main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_refuses_pickles(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "checkpoint" / "unet" / "model.bin").write_bytes(b"\x80\x04.")
    assert diffusion_model.main([str(folder)]) == 2
    assert "is none of .json, .safetensors, .txt" in capsys.readouterr().err
