"""The modes and tones that a person can choose, without the studio's weight; a test proves both agree."""

from typing import Literal

ModeName = Literal["summit", "track", "sunrise", "city-night", "aurora", "desert"]
ToneName = Literal["motivate", "tease"]

MODES: dict[ModeName, tuple[str, str]] = {
    "summit": ("Summit", "Cold morning air above the ridges."),
    "track": ("Track", "Eight lanes under floodlight."),
    "sunrise": ("Sunrise", "The sun comes up over the sea, and so do you."),
    "city-night": ("City night", "Lit windows, wet streets, late training."),
    "aurora": ("Aurora", "Green light over a quiet forest."),
    "desert": ("Desert", "Long dunes and a low sun."),
}
"""Name → title and description."""

TONES: dict[ToneName, tuple[str, str]] = {
    "motivate": ("Motivate", "A warm push."),
    "tease": ("Tease", "A framed wink at your excuses."),
}
"""Name → title and description."""

DEFAULT_MODE: ModeName = "summit"
DEFAULT_TONE: ToneName = "motivate"
