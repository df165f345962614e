"""The modes: where a picture plays, in which light, colours, type and words, and what stands before the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

ModeName = Literal["summit", "track", "sunrise", "city-night", "aurora", "desert", "forest", "bold"]
TypefaceName = Literal["plain", "book", "poster", "elegant", "geometric"]
Colour = tuple[int, int, int]


class Palette(NamedTuple):
    """`ground` is what the person's lower edge fades into and type stands on; `ink` and `accent` can be read on it."""

    ground: Colour
    ink: Colour
    accent: Colour


@dataclass(frozen=True, slots=True)
class Mode:
    """`light` falls on the person from the side of the scene's sun or lamps; `shade` is the colour of the other side.

    `exposure` is how bright the person is in this light, 1 = as photographed. `typeface` is one of
    `studio.typefaces`, `foreground` a shape of `foreground`.
    """

    title: str
    description: str
    place: str
    light: Colour
    shade: Colour
    exposure: float
    dark: Palette
    day: Palette
    typeface: TypefaceName
    foreground: str
    tease_title: str

    def palette(self, theme: str) -> Palette:
        """The colours of a theme, `dark` or `light`."""
        return self.day if theme == "light" else self.dark


MODES: dict[str, Mode] = {
    "summit": Mode(
        "Summit",
        "Cold morning air above the ridges.",
        "on a mountain ridge in cold morning light",
        light=(255, 226, 190),
        shade=(96, 124, 168),
        exposure=1.0,
        dark=Palette((17, 27, 44), (246, 248, 252), (255, 190, 120)),
        day=Palette((232, 238, 244), (22, 36, 62), (146, 66, 14)),
        typeface="poster",
        foreground="rocks",
        tease_title="AMBITION",
    ),
    "track": Mode(
        "Track",
        "Eight lanes under floodlight.",
        "on a running track under floodlights",
        light=(236, 244, 255),
        shade=(40, 52, 84),
        exposure=0.96,
        dark=Palette((58, 16, 14), (255, 250, 244), (255, 122, 84)),
        day=Palette((250, 232, 224), (84, 18, 10), (168, 34, 8)),
        typeface="poster",
        foreground="hurdle",
        tease_title="SPEED",
    ),
    "sunrise": Mode(
        "Sunrise",
        "The sun comes up over the sea, and so do you.",
        "by the sea at sunrise",
        light=(255, 206, 140),
        shade=(112, 74, 112),
        exposure=0.98,
        dark=Palette((44, 20, 42), (255, 247, 236), (255, 176, 98)),
        day=Palette((255, 238, 222), (82, 24, 62), (164, 52, 14)),
        typeface="elegant",
        foreground="grass",
        tease_title="MORNINGS",
    ),
    "city-night": Mode(
        "City night",
        "Lit windows, wet streets, late training.",
        "in front of a city at night",
        light=(255, 120, 196),
        shade=(40, 110, 190),
        exposure=0.9,
        dark=Palette((10, 10, 26), (248, 246, 255), (96, 220, 255)),
        day=Palette((236, 232, 250), (34, 18, 74), (126, 14, 110)),
        typeface="geometric",
        foreground="lamps",
        tease_title="DEDICATION",
    ),
    "aurora": Mode(
        "Aurora",
        "Green light over a quiet forest.",
        "under northern lights above a forest",
        light=(128, 255, 196),
        shade=(64, 52, 128),
        exposure=0.9,
        dark=Palette((4, 14, 20), (240, 255, 250), (120, 245, 190)),
        day=Palette((226, 246, 240), (10, 52, 52), (8, 98, 74)),
        typeface="geometric",
        foreground="firs",
        tease_title="FOCUS",
    ),
    "desert": Mode(
        "Desert",
        "Long dunes and a low sun.",
        "among dunes in low sun",
        light=(255, 214, 158),
        shade=(126, 72, 66),
        exposure=1.0,
        dark=Palette((62, 24, 16), (255, 246, 232), (255, 196, 110)),
        day=Palette((255, 240, 218), (92, 36, 14), (150, 62, 6)),
        typeface="book",
        foreground="grass",
        tease_title="STAMINA",
    ),
    "forest": Mode(
        "Forest",
        "Tall trunks, and light between them.",
        "between tall trees with the sun coming through",
        light=(255, 238, 176),
        shade=(58, 92, 70),
        exposure=0.95,
        dark=Palette((14, 28, 20), (248, 252, 240), (214, 226, 120)),
        day=Palette((240, 246, 226), (22, 50, 26), (72, 94, 8)),
        typeface="elegant",
        foreground="leaves",
        tease_title="PATIENCE",
    ),
    "bold": Mode(
        "Bold",
        "Large shapes in strong colours.",
        "before large shapes in strong colours",
        light=(255, 248, 236),
        shade=(150, 150, 160),
        exposure=1.04,
        dark=Palette((18, 18, 26), (255, 255, 255), (255, 208, 70)),
        day=Palette((252, 250, 244), (16, 16, 24), (190, 24, 70)),
        typeface="poster",
        foreground="none",
        tease_title="POTENTIAL",
    ),
}
DEFAULT_MODE: ModeName = "summit"
