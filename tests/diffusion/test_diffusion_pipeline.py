"""Loading and painting with a real pipeline, on tiny random weights."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from diffusion import random_model
from motiv8.engines import diffusion, diffusion_model, diffusion_pipeline
from motiv8.engines.diffusion_model import Painter, PaintRequest
from motiv8.engines.engine import CannotMake, Subject, by_name
from motiv8.settings import settings
from motiv8.studio import selfie
from motiv8.studio.design import Design

SAMPLE = Path(__file__).parents[2] / "samples" / "astronaut.jpg"
FACE = np.random.default_rng(1).integers(0, 255, (512, 512, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_model.make(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def load_as(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Painter]:
    """The same weights run as a model says, each way loaded once."""

    @cache
    def load(**said: Any) -> Painter:
        return _load(random_model.make(tmp_path_factory.mktemp("model") / "tiny", **said))

    return load


@pytest.fixture(scope="module")
def paint(load_as: Callable[..., Painter]) -> Painter:
    return load_as()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()
    diffusion.engine.cache_clear()


def _load(folder: Path) -> Painter:
    manifest = diffusion_model.read(folder)
    diffusion_model.check(folder, manifest)
    return diffusion_pipeline.load(folder, manifest)


def _order(seed: int = 1, words: str = "a person on a hill", reference: np.ndarray = FACE) -> PaintRequest:
    return PaintRequest(words, "text", reference, 128, 160, seed)


def _painted(paint: Painter, request: PaintRequest) -> np.ndarray:
    picture = paint(request)
    assert picture is not None
    return picture


def test_the_same_order_gives_the_same_picture(paint: Painter) -> None:
    one, other = _painted(paint, _order()), _painted(paint, _order())
    assert one.shape == (160, 128, 3)
    assert one.dtype == np.uint8
    assert one.std() > 5
    assert np.array_equal(one, other)


@pytest.mark.parametrize(
    "changed", [_order(seed=2), _order(words="a city at night"), _order(reference=255 - FACE // 2)]
)
def test_seed_words_and_face_each_change_the_picture(paint: Painter, changed: PaintRequest) -> None:
    assert not np.array_equal(_painted(paint, _order()), _painted(paint, changed))


@pytest.mark.parametrize(
    "said",
    [
        {"sampler": "turbo", "steps": 1, "guidance": 0.0},
        {"precision": "bfloat16"},
        {"guidance": 3.0},
        {"runtime": "openvino"},
    ],
)
def test_every_way_to_run_a_model_paints(load_as: Callable[..., Painter], said: dict[str, Any]) -> None:
    paint = load_as(**said)
    assert np.array_equal(_painted(paint, _order()), _painted(paint, _order()))


def test_openvino_paints_what_torch_paints(load_as: Callable[..., Painter], paint: Painter) -> None:
    by_openvino = _painted(load_as(runtime="openvino"), _order())
    assert np.abs(by_openvino.astype(int) - _painted(paint, _order())).mean() < 2


def test_the_negative_prompt_counts_where_guidance_asks_for_it(load_as: Callable[..., Painter], paint: Painter) -> None:
    guided = load_as(guidance=3.0)
    other = PaintRequest("a person on a hill", "water", FACE, 128, 160, 1)
    assert not np.array_equal(_painted(guided, _order()), _painted(guided, other))
    assert np.array_equal(_painted(paint, _order()), _painted(paint, other))


def test_what_the_safety_checker_flags_is_withheld(tmp_path: Path) -> None:
    strict = random_model.make(tmp_path / "strict")
    weights = strict / "checkpoint" / "safety_checker" / "model.safetensors"
    state = load_file(weights)
    state["concept_embeds_weights"] = torch.full_like(state["concept_embeds_weights"], -2.0)
    save_file(state, weights, metadata={"format": "pt"})
    assert diffusion_model.main([str(strict)]) == 0
    assert _load(strict)(_order()) is None


def test_a_model_without_a_safety_checker_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="no safety checker"):
        _load(random_model.make(tmp_path / "unsafe", safety=False))


def test_a_checkpoint_that_lacks_a_part_is_refused(tmp_path: Path) -> None:
    folder = random_model.make(tmp_path / "tiny")
    (folder / "checkpoint" / "unet" / "config.json").unlink()
    assert diffusion_model.main([str(folder)]) == 0
    with pytest.raises(CannotMake, match="the model tiny cannot be loaded"):
        _load(folder)


def test_an_adapter_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = random_model.make(tmp_path / "tiny")
    save_file({"nothing": torch.zeros(1)}, folder / random_model.ADAPTER)
    assert diffusion_model.main([str(folder)]) == 0
    with pytest.raises(CannotMake, match="the model tiny cannot be loaded"):
        _load(folder)


def test_no_network_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    _painted(_load(random_model.make(tmp_path / "tiny")), _order())


def test_the_engine_is_found_by_its_name_and_gives_up_a_picture_without_the_person(
    folder: Path, configured: pytest.MonkeyPatch
) -> None:
    # Random weights paint nobody: all seeds are tried, and the poster engine is left.
    configured.setenv("MOTIV8_DIFFUSION_MODEL", str(folder))
    settings.cache_clear()
    extraction = selfie.extract(SAMPLE.read_bytes())
    subject = Subject(extraction.cutout, lambda: extraction.embedding)
    design = Design("summit", date(2026, 11, 20))
    engine = by_name("diffusion")
    scene = engine.scene(design)
    assert scene.shape == (1350, 1080, 3)
    with pytest.raises(CannotMake, match="none of 4 pictures shows the person: no_face"):
        engine.picture(subject, design, "Show up.", scene, 7)


def test_the_engine_loads_its_model_once(folder: Path, configured: pytest.MonkeyPatch) -> None:
    configured.setenv("MOTIV8_DIFFUSION_MODEL", str(folder))
    settings.cache_clear()
    assert by_name("diffusion") is by_name("diffusion")


def test_a_changed_file_is_not_loaded(tmp_path: Path, configured: pytest.MonkeyPatch) -> None:
    folder = random_model.make(tmp_path / "tiny")
    config = folder / "checkpoint" / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text(encoding="utf-8")) | {"x": 1}), encoding="utf-8")
    configured.setenv("MOTIV8_DIFFUSION_MODEL", str(folder))
    settings.cache_clear()
    with pytest.raises(CannotMake, match="its SHA-256 differs"):
        by_name("diffusion")
