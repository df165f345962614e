"""Pictures by Stable Diffusion with an IP-Adapter, in a Batch job: the person painted anew, from their face.

Each picture must show one face, and by its embedding the person's own. One that does not is painted again with another
seed; after SEEDS of them the poster engine takes over.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.engines import diffusion_model
from motiv8.engines.engine import CannotMake
from motiv8.engines.poster import PosterEngine
from motiv8.studio import composition, cutout, face, identity, photo
from motiv8.studio.layouts import bust
from motiv8.studio.noise import generator
from motiv8.studio.rejection import PhotoRejected
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from motiv8.engines.diffusion_model import Manifest, Painter
    from motiv8.engines.engine import Engine, Subject
    from motiv8.studio.design import Design

SEEDS = 4
"""Pictures that are painted at most for one that is asked for."""
POSES = (
    "looking straight ahead, calm and sure",
    "looking into the distance, chin up",
    "smiling, at ease after the effort",
    "arms crossed, ready to begin",
    "breathing out, eyes on the camera",
    "hands on the hips, proud",
)
AVOID = (
    "nude, deformed, extra limbs, bad hands, two people, crowd, text, letters, watermark, logo, frame, lowres, blurry"
)
_LIGHT = {"dark": "dramatic low light, deep colours", "light": "bright soft daylight, pale colours"}
_REFERENCE_SIDE = 512
_REFERENCE_GREY = 128


class DiffusionEngine(PosterEngine):
    """Paints with a model that is loaded; the scene is the one that it leaves to the poster engine, if it must."""

    def __init__(self, paint: Painter, manifest: Manifest) -> None:
        self.paint, self.manifest = paint, manifest

    def picture(self, subject: Subject, design: Design, line: str, scene: np.ndarray, seed: int) -> np.ndarray:  # noqa: ARG002 - an engine's signature
        """The painted picture with its type, `uint8[H, 1080, 3]`. Raises CannotMake."""
        own = subject.embedding()
        reference = face_reference(subject.cutout)
        width, height = self.manifest.sizes[design.form]
        for attempt in range(SEEDS):
            request = diffusion_model.PaintRequest(
                prompt=prompt(design, seed),
                negative_prompt=AVOID,
                reference=reference,
                width=width,
                height=height,
                seed=_seed(design, seed, attempt),
            )
            painted = self.paint(request)
            if painted is None:
                reason = "withheld"
            else:
                picture = photo.covering(painted, design.sheet.width, design.sheet.height)
                found, reason = _the_same_person(picture, own, design)
                if found is not None:
                    return composition.complete_painting(picture, found, line, design)
            logger.info("painted again", attempt=attempt, reason=reason)
        raise CannotMake(f"none of {SEEDS} pictures shows the person: {reason}")


def _the_same_person(picture: np.ndarray, own: np.ndarray, design: Design) -> tuple[face.Face | None, str]:
    """The picture's face if it is the person's and stays free of the type; else None and why not."""
    try:
        found = face.find(picture)
    except PhotoRejected as rejected:
        return None, rejected.reason
    if identity.distance(identity.embed(picture, found), own) >= identity.SAME_PERSON_DISTANCE:
        return None, "somebody_else"
    if found.box[1] + found.box[3] > bust.text_top(design):
        return None, "face_too_low"
    return found, ""


def prompt(design: Design, seed: int) -> str:
    """What the model is told: the place and light of the mode, and a pose that the person and the date choose."""
    pose = POSES[int(generator("pose", design.day.isoformat(), str(seed)).integers(len(POSES)))]
    return (
        f"portrait photograph of one person {design.look.place}, {pose}, sportswear, upper body, "
        f"{_LIGHT[design.theme]}, 85mm, detailed face, film grain"
    )


def face_reference(cut: np.ndarray) -> np.ndarray:
    """The head on grey, as the IP-Adapter's plus-face model was taught with: `uint8[512, 512, 3]` RGB.

    `cut` is `uint8[1350, 1080, 4]`, as `cutout.cut_out` gives it.
    """
    middle_x, middle_y = cutout.FACE_CENTRE
    half = cutout.FACE_WIDTH
    grey = Image.new("RGBA", (cut.shape[1], cut.shape[0]), (_REFERENCE_GREY,) * 3)
    grey.alpha_composite(Image.fromarray(cut))
    box = (middle_x - half, middle_y - 1.1 * half, middle_x + half, middle_y + 0.9 * half)
    side = (_REFERENCE_SIDE, _REFERENCE_SIDE)
    return np.asarray(grey.convert("RGB").resize(side, Image.Resampling.LANCZOS, box=box))


def _seed(design: Design, seed: int, attempt: int) -> int:
    """Of torch's generator: 0 to 2^63 - 1."""
    return int(generator("diffusion", design.mode, design.day.isoformat(), f"{seed}/{attempt}").integers(2**63 - 1))


@cache
def engine() -> Engine:
    """The engine, its model loaded once. Raises CannotMake without torch, and for a model that is not as it says."""
    # First what can be missing: torch is an extra.
    from motiv8.engines import diffusion_pipeline

    folder, manifest = diffusion_model.installed()
    return DiffusionEngine(diffusion_pipeline.load(folder, manifest), manifest)
