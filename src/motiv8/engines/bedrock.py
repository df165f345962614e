"""Scenes by an image model on Amazon Bedrock; the person is put before them as the poster engine does.

A scene is asked for once for each mode, theme, format and date, up to a number of images a day. What the model refuses,
what takes too long, and a scene that has a face in it are CannotMake.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from motiv8 import clock
from motiv8.aws import image_model
from motiv8.engines.engine import CannotMake
from motiv8.engines.poster import PosterEngine
from motiv8.settings import settings
from motiv8.studio import face, photo
from motiv8.studio.noise import generator
from motiv8.studio.rejection import PhotoRejected

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from motiv8.engines.engine import Engine
    from motiv8.studio.design import Design

_WEATHER = ("after rain", "in clear air", "under high clouds", "in thin mist", "with long shadows", "in golden haze")
_SEASONS = ("in early spring", "in high summer", "in autumn", "in deep winter", "at the turn of the season")
_AVOID = "people, person, face, crowd, animal, text, letters, watermark, logo, frame, border"
_LIGHT = {"dark": "dramatic low light, deep colours", "light": "bright soft daylight, pale colours, airy"}


class BedrockEngine(PosterEngine):
    """Asks the model that the settings name for the scene."""

    def scene(self, design: Design) -> np.ndarray:
        """The model's scene, `uint8[H, 1080, 3]`. Raises CannotMake."""
        model = settings().bedrock_model
        day = clock.now().date().isoformat()
        if not image_model.take_from_budget(day, settings().bedrock_images_a_day):
            raise CannotMake(f"the {settings().bedrock_images_a_day} images of {day} are used up")
        try:
            image = photo.decode(base64.b64decode(_ask(model, design), validate=True))
        except image_model.Failed as error:
            raise CannotMake(str(error)) from error
        except (PhotoRejected, binascii.Error, TypeError) as error:
            raise CannotMake("the model's answer holds no picture") from error
        if face.detect_all(image):
            raise CannotMake("there is a face in the model's scene")
        return photo.covering(image, design.sheet.width, design.sheet.height)


def prompt(design: Design) -> str:
    """What the model is told: a place without people, other weather each day, calm where the person will stand."""
    rng = generator("prompt", design.mode, design.day.isoformat())
    weather, season = _WEATHER[rng.integers(len(_WEATHER))], _SEASONS[rng.integers(len(_SEASONS))]
    return (
        f"Wide empty background scene for a poster, standing {design.look.place}, {season}, {weather}, "
        f"{_LIGHT[design.theme]}, cinematic photograph, shallow depth of field, calm open middle, nobody in it"
    )


def _seed(design: Design) -> int:
    words = ("bedrock", design.mode, design.day.isoformat(), design.theme, design.form)
    return int(generator(*words).integers(0, 2_147_483_646))


@dataclass(frozen=True, slots=True)
class _Family:
    """Models that are asked alike: which they are, what is sent for each format, and the largest seed."""

    body: Callable[[str, Any, int], dict[str, Any]]
    sizes: dict[str, Any]
    last_seed: int


def _amazon(text: str, size: tuple[int, int], seed: int) -> dict[str, Any]:
    """https://docs.aws.amazon.com/nova/latest/userguide/image-gen-req-resp-structure.html"""
    width, height = size
    return {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": text[:512], "negativeText": _AVOID},
        "imageGenerationConfig": {
            "numberOfImages": 1,
            "width": width,
            "height": height,
            "cfgScale": 6.5,
            "seed": seed,
        },
    }


def _stability(text: str, aspect_ratio: str, seed: int) -> dict[str, Any]:
    """https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-diffusion-stable-image-core-text-image-request-response.html"""
    return {
        "prompt": text,
        "negative_prompt": _AVOID,
        "aspect_ratio": aspect_ratio,
        "output_format": "jpeg",
        "seed": seed,
    }


_RATIOS = {"portrait": "4:5", "story": "9:16", "square": "1:1"}
# Titan takes a list of sizes only, Nova Canvas multiples of 16.
_TITAN_SIZES = {"portrait": (768, 1152), "story": (768, 1280), "square": (1024, 1024)}
_NOVA_SIZES = {"portrait": (1088, 1360), "story": (1088, 1936), "square": (1088, 1088)}
# By how a model's id begins; template.yaml takes no other for BedrockModel.
FAMILIES = {
    "stability.stable-image-core": _Family(_stability, _RATIOS, 4_294_967_295),
    "stability.stable-image-ultra": _Family(_stability, _RATIOS, 4_294_967_295),
    "stability.sd3-5-large": _Family(_stability, _RATIOS, 4_294_967_295),
    "amazon.nova-canvas": _Family(_amazon, _NOVA_SIZES, 858_993_459),
    "amazon.titan-image-generator": _Family(_amazon, _TITAN_SIZES, 2_147_483_646),
}


def _ask(model: str, design: Design) -> str:
    """The model's picture, base64. Raises image_model.Failed, also for a model of no family."""
    family = next((each for name, each in FAMILIES.items() if model.startswith(name)), None)
    if family is None:
        raise image_model.Failed(f"{model} is none of the models that can be asked: {', '.join(FAMILIES)}")
    seed = _seed(design) % family.last_seed
    answer = image_model.invoke(model, family.body(prompt(design), family.sizes[design.form], seed))
    # Amazon's models say `error`, Stability's a reason for each picture; both are null when all is well.
    refusals = [reason for reason in (answer.get("error"), *(answer.get("finish_reasons") or ())) if reason]
    if refusals:
        raise image_model.PromptRefused(str(refusals[0])[:200])
    images = answer.get("images")
    if not images:
        raise image_model.Failed("the model answered without a picture")
    return str(images[0])


def engine() -> Engine:
    """The engine that asks a model on Amazon Bedrock for its scenes."""
    return BedrockEngine()
