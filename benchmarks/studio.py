"""Seconds a stage and peak memory, from a 12-megapixel photo to the finished picture, on one core."""

from __future__ import annotations

import io
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.table import show

PHOTO = Path(__file__).parents[2] / "shared" / "photos" / "twelve-megapixels.jpg"
RUNS = 7
DAY = date(2026, 11, 20)
TARGETS = "targets 800 ms, 400 MB; HEIC plus its decode"


def main() -> None:
    """Each kind of file in a process of its own, so that peak memory is its own; one warm-up run first."""
    rows = []
    context = multiprocessing.get_context("spawn")
    for kind in ("JPEG", "HEIC"):
        with context.Pool(1) as pool:
            rows += pool.apply(_measure, (kind, _photo(kind)))
    show(
        f"Studio, CPU ms from 12 megapixels to the finished files, one core ({TARGETS})",
        ("photo", "stage", "CPU ms"),
        rows,
    )


def _photo(kind: str) -> bytes:
    data = PHOTO.read_bytes()
    if kind == "JPEG":
        return data
    import pillow_heif
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=80)
    return buffer.getvalue()


def _measure(kind: str, data: bytes) -> list[tuple[str, str, str]]:
    os.sched_setaffinity(0, {0})
    from motiv8.studio import cutout, face, identity, photo, poster, scene
    from motiv8.studio.lines import pick

    spent: dict[str, list[float]] = {}

    def timed(stage: str, work: Callable[..., Any], *arguments: Any) -> Any:
        begun = time.process_time()
        result = work(*arguments)
        spent.setdefault(stage, []).append(time.process_time() - begun)
        return result

    for _ in range(RUNS + 1):
        image = timed("decode", photo.decode, data)
        found = timed("find the face", face.find, image)
        timed("embed", identity.embed, image, found)
        person = timed("cut out", cutout.cut_out, image, found)
        place = timed("scene", scene.make, "summit", DAY)
        line = pick("motivate", DAY, 0)
        picture = timed("compose", poster.compose, person, place, line, poster.Design("summit", DAY))
        timed("encode JPEG, WebP, thumbnail", _encode, photo, picture)
    medians = {stage: statistics.median(times[1:]) * 1000 for stage, times in spent.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    floor = medians["decode"] + medians["encode JPEG, WebP, thumbnail"]
    rows = [(kind, stage, f"{value:.0f}") for stage, value in medians.items()]
    rows.append((kind, "all", f"{sum(medians.values()):.0f}"))
    rows.append((kind, "floor: decode and encode alone", f"{floor:.0f}"))
    rows.append((kind, "peak memory, MB", f"{peak:.0f}"))
    return rows


def _encode(photo: Any, picture: Any) -> None:
    photo.encode_jpeg(picture)
    photo.encode_webp(picture)
    photo.encode_webp(photo.thumbnail(picture))


if __name__ == "__main__":
    main()
