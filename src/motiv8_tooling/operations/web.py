"""The web app's files on AWS: into the bucket, and fresh at CloudFront."""

from __future__ import annotations

import hashlib
import subprocess
import uuid
from typing import TYPE_CHECKING

from motiv8_tooling.operations.environment import PROJECT, client
from motiv8_tooling.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WEB = PROJECT / "web" / "dist"
"""What `make web` builds."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
}
"""The media type of each kind of file in it."""
_A_YEAR = "public, max-age=31536000, immutable"
_LAST = "index.html"


def build(say: Callable[[str], None]) -> None:
    """Build the app, where its sources are newer than what is built. Raises OperationError."""
    say("  building the web app, unless it is up to date")
    try:
        done = subprocess.run(
            ["make", "--silent", "web"],  # noqa: S607 - the one on PATH is meant
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise OperationError("WebApp=true needs make and Node.js to build the app: nothing was done.") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
        raise OperationError(f"The web app cannot be built, nothing was done (try make web): {lines[-1]}")


def upload(bucket: str, distribution: str, folder: Path = WEB) -> int:
    """Put the files that differ from the bucket's into it; returns how many. Raises OperationError.

    Files of earlier versions stay, for pages that are still open; the page that names the new ones comes last.
    """
    files = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda each: each.name == _LAST)
    if not files:
        raise OperationError("The web app is not built: run `make web` first.")
    s3 = client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    present = {entry["Key"]: entry["ETag"].strip('"') for page in pages for entry in page.get("Contents", ())}
    changed = 0
    for file in files:
        key, body = file.relative_to(folder).as_posix(), file.read_bytes()
        # S3's ETag of what was put in one piece, without KMS.
        if present.get(key) == hashlib.md5(body, usedforsecurity=False).hexdigest():
            continue
        # The names of assets carry a digest of what is in them.
        cache = _A_YEAR if key.startswith("assets/") else "no-cache"
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=TYPES[file.suffix], CacheControl=cache)
        changed += 1
    if changed:
        batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(uuid.uuid4())}
        client("cloudfront").create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
    return changed
