"""What an image of ours holds, laid out in a folder as its Dockerfile does it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def lay_out(dockerfile: str, folder: Path) -> None:
    """Copy the code as `Dockerfile.api-handler` or `Dockerfile.studio` does; it removes what they remove."""
    text = (PROJECT / dockerfile).read_text(encoding="utf-8")
    for source in re.findall(r"^COPY (src\S*) /package/", text, re.MULTILINE):
        shutil.copytree(PROJECT / source, folder / source)
    for pattern in re.findall(r"/package/src/(motiv8/[\w/.*]+)", text):
        for target in (folder / "src").glob(pattern):
            if target.is_dir():
                shutil.rmtree(target)
            else:
                target.unlink()
    if "docs/openapi.json" in text:
        (folder / "docs").mkdir()
        shutil.copy(PROJECT / "docs" / "openapi.json", folder / "docs")
    [command] = re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
    package = dockerfile.removeprefix("Dockerfile.")
    note = {"package": package, "handler": json.loads(command)[0]}
    (folder / "image.json").write_text(json.dumps(note), encoding="utf-8")


def note_of(folder: Path) -> dict[str, str]:
    """Which packages belong to it, and which handler it has without another command."""
    note: dict[str, str] = json.loads((folder / "image.json").read_text(encoding="utf-8"))
    return note


@cache
def digest_of(folder: Path) -> str:
    """Of all that it holds, which once it is laid out stays as it is; what Python compiled does not count."""
    files = sorted(each for each in folder.rglob("*") if each.is_file() and each.suffix != ".pyc")
    parts = [str(each.relative_to(folder)).encode() + each.read_bytes() for each in files]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
