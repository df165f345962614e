"""`make gallery`: the contact sheets of docs/pictures/ from the public-domain sample, the web app's pictures, and the
pictures that a test expects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.studio import composition, cutout, face, photo, rendering, scene, selfie, week
from motiv8.studio.design import Design
from motiv8.studio.layouts import suitable

PROJECT = Path(__file__).parents[1]
FOLDER = PROJECT / "docs" / "pictures"
PREVIEWS = PROJECT / "web" / "public" / "modes"
PEOPLE = PROJECT / "web" / "public" / "people"
LINES = {"motivate": "Fresh air is waiting for you.", "tease": "New year, same sofa. Prove it wrong."}
"""What the expected pictures say, whatever the lines of the day are."""
EXPECTED = PROJECT / "tests" / "unit" / "studio" / "expected"
SAMPLE = PROJECT / "samples" / "astronaut.jpg"
# The pictures of the app's first screen: mode, photo, days after DAY, layout, width.
FIRST_SCREEN = {
    "sunrise": (SAMPLE, 3, "cover", 640),
    "city-night": (SAMPLE.parent / "people" / "D000602.jpg", 1, "depth", 320),
    "forest": (SAMPLE.parent / "people" / "E000172.jpg", 4, "medal", 320),
    "summit": (SAMPLE.parent / "people" / "B001287.jpg", 5, "close-up", 320),
    "bold": (SAMPLE.parent / "people" / "A000363.jpg", 6, "split", 320),
}
_TESTS = PROJECT / "tests" / "photos"
PORTRAITS = [
    *(SAMPLE, *sorted((SAMPLE.parent / "people").glob("*.jpg"))),
    *(_TESTS / f"{name}.jpg" for name in ("S000248", "N000184", "L000565")),
]
"""Eight people, all in the public domain."""
DAY = date(2026, 11, 20)
GAP = 12
PAPER = (236, 234, 230)


def main() -> None:
    """Draw all sheets; the same code gives the same sheets."""
    FOLDER.mkdir(exist_ok=True)
    whole = photo.decode(SAMPLE.read_bytes())
    person = selfie.extract(SAMPLE.read_bytes()).cutout

    def picture(
        mode: str, days: int = 0, tone: str = "motivate", theme: str = "dark", form: str = "portrait"
    ) -> np.ndarray:
        made = rendering.render(person, Design(mode, DAY + timedelta(days), tone, theme, form, layout="bust"), days)
        return photo.decode_own(made.jpeg)

    _sheet("modes", [[picture(mode, theme=theme) for mode in MODES] for theme in THEMES], 250)
    _sheet("days", [[picture(mode, days) for days in range(8)] for mode in ("summit", "aurora")], 250)
    looks = [(tone, theme) for tone in TONES for theme in THEMES]
    _sheet("formats", [[picture("desert", 3, *look, form) for look in looks] for form in FORMATS], 300)
    _sheet("layouts", _layouts(), 160)
    _week(person)
    changed = {"as it is": whole, "dim": _dim(whole), "tilted": _tilted(whole)}
    pairs = []
    for image in changed.values():
        made = selfie.extract(photo.encode_jpeg(image))
        design = Design("sunrise", DAY, layout="bust")
        ours = photo.decode_own(rendering.render(made.cutout, design, 0).jpeg)
        pairs.append([photo.covering(image, 1080, 1350), feathered_ellipse(image, design), ours])
    _sheet("side-by-side", pairs, 400)
    PREVIEWS.mkdir(exist_ok=True)
    for mode in MODES:
        small = Image.fromarray(scene.make(mode, DAY)).resize((240, 300), Image.Resampling.LANCZOS)
        (PREVIEWS / f"{mode}.webp").write_bytes(photo.encode_webp(np.asarray(small)))
    _first_screen()
    _expected(cutout.cut_out(whole, face.find(whole)))


def _layouts() -> list[list[np.ndarray]]:
    """Eight people, each in another mode and in the layouts that their photo affords; paper in place of the others."""
    rows = []
    nothing = np.full((1350, 1080, 3), PAPER, np.uint8)
    for number, (mode, source) in enumerate(zip(MODES, PORTRAITS, strict=True)):
        person = _person(source)
        day, theme = DAY + timedelta(number), ("dark", "light")[number % 2]
        designs = [Design(mode, day, theme=theme, streak=number + 5, layout=layout) for layout in LAYOUTS]
        found = suitable(person, designs[0])
        made = [rendering.render(person, each, number).jpeg if each.layout in found else b"" for each in designs]
        rows.append([photo.decode_own(each) if each else nothing for each in made])
    return rows


def _week(person: np.ndarray) -> None:
    """A week's sheet: the sample's seven pictures, each in another mode and layout."""
    monday, made = DAY - timedelta(DAY.weekday()), []
    for number, (mode, layout) in enumerate(zip(MODES, LAYOUTS, strict=False)):
        theme = ("dark", "light")[number % 2]
        design = Design(mode, monday + timedelta(number), theme=theme, streak=number + 1, layout=layout)
        made.append(photo.decode_own(rendering.render(person, design, number).jpeg))
    _sheet("week", [[week.sheet(made, "My week", "16 to 22 November")]], 540)


def _first_screen() -> None:
    PEOPLE.mkdir(exist_ok=True)
    for mode, (source, days, layout, width) in FIRST_SCREEN.items():
        design = Design(mode, DAY + timedelta(days), layout=layout, streak=12)
        made = photo.decode_own(rendering.render(_person(source), design, days).jpeg)
        small = Image.fromarray(made).resize((width, width * 5 // 4), Image.Resampling.LANCZOS)
        small.save(PEOPLE / f"{mode}.webp", quality=80, method=6)


def _person(source: Path) -> np.ndarray:
    """The cut-out of a photo."""
    image = Image.fromarray(photo.decode(source.read_bytes()))
    # The portraits of members of Congress are smaller than a selfie may be.
    enlarged = image.resize((image.width * 3, image.height * 3), Image.Resampling.LANCZOS)
    large = image if image.width >= 500 else enlarged
    return selfie.extract(photo.encode_jpeg(np.asarray(large))).cutout


def _expected(person: np.ndarray) -> None:
    """Whatever tests/unit/studio/expected holds, anew: its files are named by mode, tone, theme and format."""
    for file in EXPECTED.glob("*.webp"):
        mode, tone, theme, form = file.stem.rsplit("-", 3)
        design = Design(mode, DAY, tone, theme, form)
        place = scene.make(mode, DAY, theme, form)
        made = composition.compose(person, place, LINES[tone], design)
        Image.fromarray(made).reduce(6).save(file, lossless=True, quality=100, method=6)


def feathered_ellipse(image: np.ndarray, design: Design) -> np.ndarray:
    """The plain way: an ellipse around the face, its edge blurred, pasted onto the same scene, and a line below."""
    found = face.find(image)
    x, y, width, height = found.box
    scale = 400 / width
    middle_x, middle_y = x + width / 2, y + height / 2
    box = (middle_x - 540 / scale, middle_y - 560 / scale, middle_x + 540 / scale, middle_y + 790 / scale)
    placed = Image.fromarray(image).transform((1080, 1350), Image.Transform.EXTENT, box, Image.Resampling.BICUBIC)
    mask = Image.new("L", (1080, 1350))
    ImageDraw.Draw(mask).ellipse((230, 180, 850, 960), fill=255)
    background = Image.fromarray(scene.make(design.mode, design.day))
    background.paste(placed, (0, 0), mask.filter(ImageFilter.GaussianBlur(40)))
    ImageDraw.Draw(background).text(
        (540, 1180), "Show up. The rest will follow.", fill="white", font_size=56, anchor="mm"
    )
    return np.asarray(background)


def _dim(image: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, 5, image.shape)
    dimmed: np.ndarray = np.clip(image * 0.45 + noise, 0, 255).astype(np.uint8)
    return dimmed


def _tilted(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).rotate(30, Image.Resampling.BICUBIC, fillcolor=(120, 120, 120)))


def _sheet(name: str, rows: Sequence[Sequence[np.ndarray]], width: int) -> None:
    heights = [max(round(each.shape[0] * width / each.shape[1]) for each in row) for row in rows]
    columns = max(len(row) for row in rows)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, sum(heights) + GAP * (len(rows) + 1)), PAPER)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, each in enumerate(row):
            size = (width, round(each.shape[0] * width / each.shape[1]))
            small = Image.fromarray(each).resize(size, Image.Resampling.LANCZOS)
            sheet.paste(small, (GAP + column * (width + GAP), top))
        top += height + GAP
    sheet.save(FOLDER / f"{name}.jpg", quality=86, optimize=True, progressive=True)


if __name__ == "__main__":
    main()
