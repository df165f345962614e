"""What a person can choose, without the studio's weight; a test proves both agree."""

from typing import Literal

ModeName = Literal["summit", "track", "sunrise", "city-night", "aurora", "desert", "forest", "bold"]
ToneName = Literal["motivate", "tease"]
ThemeName = Literal["dark", "light"]
FormatName = Literal["portrait", "story", "square"]
EngineName = Literal["poster", "bedrock", "diffusion"]

MODES: dict[ModeName, tuple[str, str]] = {
    "summit": ("Summit", "Cold morning air above the ridges."),
    "track": ("Track", "Eight lanes under floodlight."),
    "sunrise": ("Sunrise", "The sun comes up over the sea, and so do you."),
    "city-night": ("City night", "Lit windows, wet streets, late training."),
    "aurora": ("Aurora", "Green light over a quiet forest."),
    "desert": ("Desert", "Long dunes and a low sun."),
    "forest": ("Forest", "Tall trunks, and light between them."),
    "bold": ("Bold", "Large shapes in strong colours."),
}
"""Name → title and description."""

TONES: dict[ToneName, tuple[str, str]] = {
    "motivate": ("Motivate", "A warm push."),
    "tease": ("Tease", "A framed wink at your excuses."),
}
"""Name → title and description."""

THEMES: dict[ThemeName, tuple[str, str]] = {
    "dark": ("Dark", "Deep colours, light type."),
    "light": ("Light", "A bright haze, dark type."),
}
"""Name → title and description."""

FORMATS: dict[FormatName, tuple[str, str]] = {
    "portrait": ("Portrait", "1080 x 1350, for feeds and mail."),
    "story": ("Story", "1080 x 1920, with room for an app's controls."),
    "square": ("Square", "1080 x 1080."),
}
"""Name → title and description."""

DEFAULT_MODE: ModeName = "summit"
DEFAULT_TONE: ToneName = "motivate"
DEFAULT_THEME: ThemeName = "dark"
DEFAULT_FORMAT: FormatName = "portrait"
DEFAULT_LOCALE = "en-GB"
