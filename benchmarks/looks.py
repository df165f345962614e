"""`make bench-looks`: how alike two days are, how well type can be read, and how people stand on their sheets."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from benchmarks.table import show
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES
from motiv8.studio import composition, photo, scene, selfie
from motiv8.studio.affordances import affordances
from motiv8.studio.design import Design
from motiv8.studio.layouts import layout, suitable
from motiv8.studio.placement import WIDTH, floating
from motiv8.studio.rejection import PhotoRejected

if TYPE_CHECKING:
    from motiv8.studio.placement import Arrangement

PORTRAITS = Path(__file__).parents[1] / "tests" / "photos"
DAY = date(2026, 11, 20)
LINE = "Fresh air is waiting for you."
HEADER = (
    *("layout", "affords it", "covers, median", "covers, least", "of", "floats, most", "of"),
    *("days alike, bits", "of"),
)
TITLE = """How pictures look
Affords it: photos that get the layout; covers: the part of the sheet on which the person shows; floats: the part of a
photo's cuts that can be seen; days alike: bits of 192 in which the two days next in turn differ, the least (under 10 is
an edited copy)"""


def main() -> None:
    """A row a layout, worst cases named; the folders or photos are the arguments, or the project's portraits."""
    people = {path.stem: cut for path in _photos() if (cut := _cut(path)) is not None}
    afforded = {name: affordances(cut) for name, cut in people.items()}
    suits = {name: suitable(cut, Design("summit", DAY)) for name, cut in people.items()}
    rows = []
    for name in LAYOUTS:
        design = Design("summit", DAY, layout=name)
        given = [who for who in people if name in suits[who]]
        if not given:
            rows.append((name, f"0 of {len(people)}", *("-",) * (len(HEADER) - 2)))
            continue
        arranged = {who: layout(name).arranged(afforded[who], design) for who in given}
        covers = {who: _covered(people[who], arranged[who], design.sheet.height) for who in given}
        floats = {who: floating(afforded[who], arranged[who]) for who in given}
        least, most = min(given, key=covers.__getitem__), max(given, key=floats.__getitem__)
        mode, bits = _days_alike(people[given[0]], name)
        median = float(np.median(list(covers.values())))
        rows.append(
            (
                *(name, f"{len(given)} of {len(people)}", f"{median:.0%}", f"{covers[least]:.0%}", least),
                *(f"{floats[most]:.1%}", most, str(bits), mode),
            )
        )
    show(TITLE, HEADER, rows)


def _photos() -> list[Path]:
    given = [Path(each) for each in sys.argv[1:]] or [PORTRAITS]
    return [path for each in given for path in (sorted(each.glob("*.jp*g")) if each.is_dir() else [each])]


def _cut(path: Path) -> np.ndarray | None:
    image = Image.fromarray(photo.decode(path.read_bytes()))
    if image.width < 400:
        # The portraits of members of Congress are smaller than a selfie may be.
        image = image.resize((image.width * 3, image.height * 3), Image.Resampling.LANCZOS)
    try:
        return selfie.extract(photo.encode_jpeg(np.asarray(image))).cutout
    except PhotoRejected as rejected:
        print(f"{path.name}: {rejected.reason}")
        return None


def _covered(cutout: np.ndarray, arranged: Arrangement, height: int) -> float:
    y, x = np.nonzero(cutout[::8, ::8, 3] > 128)
    points = arranged.placement.on_sheet(np.stack([x, y], axis=1).astype(np.float32) * 8)
    shown = arranged.window.shows(points) & (points[:, 1] < height)
    return float(shown.sum() * (8 * arranged.placement.scale) ** 2 / (WIDTH * height))


def _days_alike(cutout: np.ndarray, name: str) -> tuple[str, int]:
    """The mode in which a picture of two days, as far apart as the layout's turns, differs least; and by how much."""
    apart = {}
    for mode in MODES:
        days = (DAY, DAY + timedelta(len(LAYOUTS)))
        one, other = (
            _hash(composition.compose(cutout, scene.make(mode, day), LINE, Design(mode, day, layout=name)))
            for day in days
        )
        apart[mode] = int((one != other).sum())
    least = min(apart, key=apart.__getitem__)
    return least, apart[least]


def _hash(image: np.ndarray) -> np.ndarray:
    """Difference hash (Krawetz 2013) of luma and both chromas: `bool[192]`."""
    small = [each.resize((9, 8), Image.Resampling.BOX) for each in Image.fromarray(image).convert("YCbCr").split()]
    planes = [np.asarray(each, np.int16) for each in small]
    return np.concatenate([(each[:, 1:] > each[:, :-1]).ravel() for each in planes])


if __name__ == "__main__":
    main()
