"""The usual engine: the person cut out of the photo, before a scene that is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.studio import composition, scene

if TYPE_CHECKING:
    import numpy as np

    from motiv8.engines.engine import Engine, Subject
    from motiv8.studio.design import Design


class PosterEngine:
    """Draws everything itself and always can."""

    def scene(self, design: Design) -> np.ndarray:
        """The drawn scene, `uint8[H, 1080, 3]`."""
        return scene.make(design.mode, design.day, design.theme, design.form)

    def picture(self, subject: Subject, design: Design, line: str, scene: np.ndarray, seed: int) -> np.ndarray:  # noqa: ARG002 - an engine's signature
        """The person before the scene, `uint8[H, 1080, 3]`."""
        return composition.compose(subject.cutout, scene, line, design)


def engine() -> Engine:
    """The engine that draws everything itself; it is always there."""
    return PosterEngine()
