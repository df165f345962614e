"""What makes a mode: its light, its colours, its words."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Mode:
    """`light` falls on the person from the side of the scene's sun or lamps; `shade` is the colour of the other side.

    `ground` is what the person's lower edge fades into and the type stands on: dark, so that `ink` reads on it.
    `exposure` is how bright the person is in this light, 1 = as photographed.
    """

    title: str
    place: str
    light: Colour
    shade: Colour
    ground: Colour
    ink: Colour
    accent: Colour
    exposure: float
    tease_title: str


MODES: dict[str, Mode] = {
    "summit": Mode(
        "Summit",
        "on a mountain ridge in cold morning light",
        light=(255, 226, 190),
        shade=(96, 124, 168),
        ground=(17, 27, 44),
        ink=(246, 248, 252),
        accent=(255, 190, 120),
        exposure=1.0,
        tease_title="AMBITION",
    ),
    "track": Mode(
        "Track",
        "on a running track under floodlights",
        light=(236, 244, 255),
        shade=(40, 52, 84),
        ground=(58, 16, 14),
        ink=(255, 250, 244),
        accent=(255, 122, 84),
        exposure=0.96,
        tease_title="SPEED",
    ),
    "sunrise": Mode(
        "Sunrise",
        "by the sea at sunrise",
        light=(255, 206, 140),
        shade=(112, 74, 112),
        ground=(44, 20, 42),
        ink=(255, 247, 236),
        accent=(255, 176, 98),
        exposure=0.98,
        tease_title="MORNINGS",
    ),
    "city-night": Mode(
        "City night",
        "in front of a city at night",
        light=(255, 120, 196),
        shade=(40, 110, 190),
        ground=(10, 10, 26),
        ink=(248, 246, 255),
        accent=(96, 220, 255),
        exposure=0.9,
        tease_title="DEDICATION",
    ),
    "aurora": Mode(
        "Aurora",
        "under northern lights above a forest",
        light=(128, 255, 196),
        shade=(64, 52, 128),
        ground=(4, 14, 20),
        ink=(240, 255, 250),
        accent=(120, 245, 190),
        exposure=0.9,
        tease_title="FOCUS",
    ),
    "desert": Mode(
        "Desert",
        "among dunes in low sun",
        light=(255, 214, 158),
        shade=(126, 72, 66),
        ground=(62, 24, 16),
        ink=(255, 246, 232),
        accent=(255, 196, 110),
        exposure=1.0,
        tease_title="STAMINA",
    ),
}
TONES = ("motivate", "tease")
