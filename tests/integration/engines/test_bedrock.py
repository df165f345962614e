"""Scenes by Bedrock: what each family of models is asked and answers, and what happens when it does not."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from motiv8 import clock
from motiv8.aws import clients, image_model, storage
from motiv8.engines import bedrock
from motiv8.engines.engine import CannotMake, by_name
from motiv8.pipeline.make_scene import make_scene
from motiv8.settings import settings
from motiv8.studio import photo, scene
from motiv8.studio.design import Design

DAY = date(2026, 11, 20)
DESIGN = Design("summit", DAY)
NOVA, TITAN, STABLE = "amazon.nova-canvas-v1:0", "amazon.titan-image-generator-v2:0", "stability.stable-image-core-v1:1"
OTHER = "somebody.new-model-v1:0"
SAMPLE = Path(__file__).parents[3] / "samples" / "astronaut.jpg"
Asked = list[tuple[str, Any]]


def _jpeg(image: np.ndarray) -> str:
    return base64.b64encode(photo.encode_jpeg(image)).decode()


PLACE = _jpeg(scene.paint("desert", DAY))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, noon: datetime) -> Iterator[Callable[..., Asked]]:
    """Let the settings name a model, and let it answer; returns what it is asked."""

    def answer(name: str, reply: Any, images_a_day: int = 60) -> Asked:
        asked: Asked = []
        monkeypatch.setenv("MOTIV8_BEDROCK_MODEL", name)
        monkeypatch.setenv("MOTIV8_BEDROCK_IMAGES_A_DAY", str(images_a_day))
        monkeypatch.setattr(clock, "now", lambda: noon)
        settings.cache_clear()

        def invoke_model(**call: Any) -> Any:
            asked.append((call["modelId"], json.loads(call["body"])))
            if isinstance(reply, Exception):
                raise reply
            return {"body": io.BytesIO(json.dumps(reply).encode())}

        monkeypatch.setattr(clients.bedrock(), "invoke_model", invoke_model)
        return asked

    yield answer
    monkeypatch.undo()
    settings.cache_clear()


def _refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "InvokeModel")


@pytest.mark.parametrize(
    ("name", "size"),
    [(NOVA, (1088, 1360)), (TITAN, (768, 1152))],
)
def test_amazons_models_are_asked_as_their_documentation_says(
    model: Callable[..., Asked], name: str, size: tuple[int, int]
) -> None:
    asked = model(name, {"images": [PLACE], "error": None})
    made = by_name("bedrock").scene(DESIGN)
    assert made.shape == (1350, 1080, 3)
    assert made.dtype == np.uint8
    [(used, body)] = asked
    assert used == name
    assert body["taskType"] == "TEXT_IMAGE"
    assert "mountain ridge" in body["textToImageParams"]["text"]
    assert len(body["textToImageParams"]["text"]) <= 512
    assert "people" in body["textToImageParams"]["negativeText"]
    assert (body["imageGenerationConfig"]["width"], body["imageGenerationConfig"]["height"]) == size
    assert 0 <= body["imageGenerationConfig"]["seed"] <= 2_147_483_646
    if name == NOVA:
        assert body["imageGenerationConfig"]["seed"] <= 858_993_459


def test_stabilitys_models_are_asked_as_their_documentation_says(model: Callable[..., Asked]) -> None:
    asked = model(STABLE, {"seeds": [7], "finish_reasons": [None], "images": [PLACE]})
    made = by_name("bedrock").scene(Design("aurora", DAY, form="story"))
    assert made.shape == (1920, 1080, 3)
    [(_, body)] = asked
    assert (body["aspect_ratio"], body["output_format"]) == ("9:16", "jpeg")
    assert "northern lights" in body["prompt"]
    assert 0 <= body["seed"] <= 4_294_967_295
    assert body["negative_prompt"]


def test_a_model_of_no_known_family_is_not_asked(model: Callable[..., Asked]) -> None:
    asked = model(OTHER, {"images": [PLACE]})
    with pytest.raises(CannotMake, match="none of the models that can be asked"):
        by_name("bedrock").scene(DESIGN)
    assert asked == []


def test_the_prompt_changes_with_the_date_and_not_between_calls() -> None:
    prompts = {bedrock.prompt(Design("summit", date(2026, 11, day))) for day in range(1, 21)}
    assert len(prompts) > 10
    assert bedrock.prompt(DESIGN) == bedrock.prompt(DESIGN)
    assert "daylight" in bedrock.prompt(Design("summit", DAY, theme="light"))


FACE = _jpeg(photo.decode(SAMPLE.read_bytes()))


@pytest.mark.parametrize(
    ("name", "reply", "said"),
    [
        (NOVA, _refusal("ValidationException", "This request has been blocked by our content filters."), "blocked"),
        (TITAN, {"images": [], "error": "All images were blocked by our content filter"}, "content filter"),
        (STABLE, {"seeds": [7], "finish_reasons": ["Filter reason: prompt"], "images": [None]}, "Filter reason"),
        (NOVA, _refusal("ThrottlingException", "Too many requests"), "Throttling"),
        (NOVA, _refusal("AccessDeniedException", "You don't have access to the model"), "AccessDenied"),
        (NOVA, ReadTimeoutError(endpoint_url="https://bedrock"), "ReadTimeoutError"),
        (NOVA, {"results": [{"outputText": "no picture"}]}, "without a picture"),
        (NOVA, {"images": ["bm90IGEgcGljdHVyZQ=="], "error": None}, "holds no picture"),
        (NOVA, {"images": ["%%%"], "error": None}, "holds no picture"),
        (NOVA, {"images": [FACE], "error": None}, "face"),
    ],
)
def test_whatever_goes_wrong_the_scene_is_drawn(
    model: Callable[..., Asked], name: str, reply: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = model(name, reply)
    with pytest.raises(CannotMake, match=said):
        by_name("bedrock").scene(DESIGN)
    assert make_scene(DESIGN, "bedrock") == {"made": True}
    stored = storage.get(settings().media_bucket, "scenes/2026-11-20/bedrock/summit-dark-portrait.webp")
    assert stored == photo.encode_scene(scene.make("summit", DAY))
    assert "EngineFallbacks" in capsys.readouterr().out
    # What was refused is not asked for again today.
    assert make_scene(DESIGN, "bedrock") == {"made": False}
    assert len(asked) == 2


def test_a_scene_is_paid_for_once_for_everybody(model: Callable[..., Asked]) -> None:
    asked = model(NOVA, {"images": [PLACE], "error": None})
    assert make_scene(DESIGN, "bedrock") == {"made": True}
    assert make_scene(DESIGN, "bedrock") == {"made": False}
    assert len(asked) == 1


def test_the_days_budget_holds_and_the_next_day_has_its_own(model: Callable[..., Asked]) -> None:
    asked = model(NOVA, {"images": [PLACE], "error": None}, images_a_day=2)
    for mode in ("summit", "track", "desert"):
        make_scene(Design(mode, DAY), "bedrock")
    assert len(asked) == 2
    with pytest.raises(CannotMake, match="the 2 images of 2026-11-20 are used up"):
        by_name("bedrock").scene(DESIGN)
    assert image_model.take_from_budget("2026-11-21", 2)


def test_an_engine_that_is_not_there_says_what_is_missing() -> None:
    with pytest.raises(CannotMake, match="not installed"):
        by_name("oil-on-canvas")
