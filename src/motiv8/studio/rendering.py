"""From a cut-out to finished files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from motiv8.catalogue.modes import MODES
from motiv8.catalogue.translation import translated
from motiv8.studio import composition, photo, provenance, scene
from motiv8.studio.design import Design
from motiv8.studio.layouts import choose
from motiv8.studio.lines import Occasion, pick
from motiv8.words import Words

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """The files of a picture: JPEG, 1080 wide, and WebP, 480 wide; its line, what it shows, its layout."""

    jpeg: bytes
    thumbnail: bytes
    line: str
    alt_text: str
    layout: str | None


def render(
    cutout: np.ndarray, design: Design, seed: int, background: np.ndarray | None = None, line: str | None = None
) -> PictureFiles:
    """Make the picture of a cut-out (`uint8[1350, 1080, 4]`) for a design and a person (`seed`).

    `background` is the scene, `uint8[H, 1080, 3]`; without one it is made. Without a `line` it is one of ours.
    The same input gives the same bytes. Raises CannotBeSet for a line that no type can set.
    """
    if background is None:
        background = scene.make(design.mode, design.day, design.theme, design.form)
    if line is None:
        line = pick(design.tone, design.day, seed, Occasion(design.language, design.streak))
    design = replace(design, layout=design.layout or choose(cutout, design, seed))
    return files(composition.compose(cutout, background, line, design), line, design)


def files(picture: np.ndarray, line: str, design: Design, engine: str = "poster") -> PictureFiles:
    """The files of a finished picture, `uint8[H, 1080, 3]`; unless it is unmarked they say what they are made of."""
    xmp = provenance.xmp(engine) if design.marked else b""
    return PictureFiles(
        jpeg=photo.encode_jpeg(picture, xmp),
        thumbnail=photo.encode_webp(photo.thumbnail(picture), xmp),
        line=line,
        alt_text=_alt_text(line, design),
        layout=design.layout,
    )


def _alt_text(line: str, design: Design) -> str:
    words = Words("You, {place}. The line says: {line}", place=MODES[design.mode].place, line=line)
    return translated(words, design.language)
