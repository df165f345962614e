"""The formats: the sizes that pictures come in, and what lies where on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from motiv8.words import Words

FormatName = Literal["portrait", "story", "square"]


@dataclass(frozen=True, slots=True)
class Format:
    """Rows of a picture, in pixels from its top; `use` is said of the size to whoever chooses.

    By `ground` the person has faded into the ground, type stands below it, down to `text_bottom`; `signature` is the
    mark's baseline. The face's middle lies between `face_from` and `face_to`; `closeness` scales the person.
    """

    title: str
    use: str
    width: int
    height: int
    ground: int
    text_bottom: int
    signature: int
    face_from: int
    face_to: int
    closeness: float

    @property
    def description(self) -> str:
        """The size and what it is for."""
        return Words("{width} x {height}{use}.", width=self.width, height=self.height, use=self.use)


FORMATS: dict[str, Format] = {
    "portrait": Format("Portrait", ", for feeds and email", 1080, 1350, 1010, 1236, 1302, 500, 735, 1.0),
    # Apps lay their own controls over a story's upper 250 and lower 340 pixels.
    "story": Format("Story", ", with space for an app's controls", 1080, 1920, 1300, 1540, 1620, 700, 1010, 1.08),
    "square": Format("Square", "", 1080, 1080, 820, 984, 1046, 412, 570, 0.85),
}
DEFAULT_FORMAT: FormatName = "portrait"
