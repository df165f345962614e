"""The pipeline that one would otherwise write, run by `.tools/peer`: face_recognition, GrabCut by OpenCV, Pillow.

    .tools/peer/bin/python benchmarks/studio_peer.py PHOTO RUNS CORES

Prints CPU seconds and wall seconds of each run's stages and the peak memory as JSON.
"""

import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

CORES = int(sys.argv[3])
os.sched_setaffinity(0, set(range(CORES)))

import cv2  # noqa: E402
import face_recognition  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image, ImageDraw, ImageFilter, ImageOps  # noqa: E402

cv2.setNumThreads(CORES)
WIDTH, HEIGHT = 1080, 1350


def run(data: bytes) -> dict[str, tuple[float, float]]:
    """One picture; stage → CPU seconds, wall seconds."""
    spent: dict[str, tuple[float, float]] = {}
    last = [time.process_time(), time.perf_counter()]

    def stage(name: str) -> None:
        now = [time.process_time(), time.perf_counter()]
        spent[name] = (now[0] - last[0], now[1] - last[1])
        last[:] = now

    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    stage("decode")
    image.thumbnail((2048, 2048))
    photo = np.asarray(image)
    # Looking for faces at full size would take seconds; everybody shrinks the photo for it.
    small = np.asarray(image.resize((image.width // 2, image.height // 2)))
    [(top, right, bottom, left)] = [[2 * each for each in box] for box in face_recognition.face_locations(small)[:1]]
    stage("find the face")
    face_recognition.face_encodings(photo, [(top, right, bottom, left)])
    stage("embed")
    scale = 0.28 * WIDTH / (right - left)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    box = (
        middle_x - WIDTH / 2 / scale,
        middle_y - 560 / scale,
        middle_x + WIDTH / 2 / scale,
        middle_y + (HEIGHT - 560) / scale,
    )
    canvas = image.transform((WIDTH, HEIGHT), Image.Transform.EXTENT, box, Image.Resampling.BICUBIC)
    pixels = np.asarray(canvas)[..., ::-1].copy()
    mask = np.full((HEIGHT, WIDTH), cv2.GC_PR_BGD, np.uint8)
    mask[260:, 180:900] = cv2.GC_PR_FGD
    mask[:60] = mask[:, :30] = mask[:, -30:] = cv2.GC_BGD
    mask[420:760, 420:660] = cv2.GC_FGD
    cv2.grabCut(pixels, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 5, cv2.GC_INIT_WITH_MASK)
    alpha = Image.fromarray(np.where((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), 255, 0).astype(np.uint8))
    alpha = alpha.filter(ImageFilter.GaussianBlur(3))
    stage("cut out")
    shade = np.linspace(40, 200, HEIGHT)[:, None, None] * np.array([0.6, 0.8, 1.0])
    scene = Image.fromarray(np.repeat(shade, WIDTH, axis=1).astype(np.uint8))
    scene.paste(canvas, (0, 0), alpha)
    ImageDraw.Draw(scene).text((84, 1200), "Show up. The rest will follow.", fill="white")
    stage("scene and compose")
    scene.save(io.BytesIO(), "JPEG", quality=86)
    scene.resize((480, 600)).save(io.BytesIO(), "WEBP", quality=82)
    stage("encode")
    return spent


def main() -> None:
    """Print what each run took, the first one (which loads models) left out."""
    data = Path(sys.argv[1]).read_bytes()
    runs: list[dict[str, Any]] = [run(data) for _ in range(int(sys.argv[2]) + 1)][1:]
    # Not `ru_maxrss`: that keeps the peak of the process that started this one.
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    json.dump({"runs": runs, "peak": peak}, sys.stdout)


main()
