"""What every engine does, and how it is found by its name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeVar

from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from motiv8.studio.design import Design


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose picture it is: `cutout` is `uint8[1350, 1080, 4]` RGBA; `embedding` reads the `float32[128]`, for who
    wants it."""

    cutout: np.ndarray
    embedding: Callable[[], np.ndarray]


class CannotMake(Exception):
    """This engine cannot make this picture (now); the text says why. The poster engine takes over."""


class Engine(Protocol):
    """Makes scenes and pictures. Both calls raise CannotMake, but not those of the poster engine."""

    def scene(self, design: Design) -> np.ndarray:
        """The place of a mode on a date, the same for everybody: `uint8[H, 1080, 3]` RGB."""

    def picture(self, subject: Subject, design: Design, line: str, scene: np.ndarray, seed: int) -> np.ndarray:
        """The finished picture with its type: `uint8[H, 1080, 3]` RGB. `seed` stands for the person and the order."""


def by_name(name: str) -> Engine:
    """The engine of that name. Raises CannotMake where what it needs is not installed here."""
    try:
        made: Engine = import_module(f"motiv8.engines.{name}").engine()
    except ImportError as error:
        raise CannotMake(f"the engine {name} is not installed here: {error.name} is missing") from error
    return made


def made_by(name: str, what: str, make: Callable[[Engine], Made]) -> tuple[Made, str]:
    """Call `make` with the engine of that name, and with the poster engine where that one raises CannotMake.

    Returns what `make` returned, and the name of the engine that made it. `what` names the thing in the log: `scene` or
    `picture`.
    """
    try:
        return make(by_name(name)), name
    except CannotMake as reason:
        logger.warning(f"{what} by another engine", engine=name, reason=str(reason))
        count("EngineFallbacks")
        return make(by_name("poster")), "poster"
