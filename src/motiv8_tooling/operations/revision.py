"""The commit that a deployment is named after."""

from __future__ import annotations

import hashlib
import subprocess

from motiv8_tooling.operations.environment import PROJECT
from motiv8_tooling.operations.errors import OperationError


def commit(*, clean: bool) -> str:
    """The commit that the working tree stands on; changes on top of it are a part of the tag, unless `clean` forbids
    them. Raises OperationError."""
    changed = _git("status", "--porcelain")
    if changed and clean:
        raise OperationError(
            f"The tier prod is deployed from a clean tree: commit or stash your changes ({changed.split()[1]}) first."
        )
    head = _git("rev-parse", "HEAD")
    if not changed:
        return head
    difference = hashlib.sha256((changed + _git("diff", "HEAD")).encode()).hexdigest()[:8]
    return f"{head}-dirty-{difference}"


def _git(*words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            ["git", *words],  # noqa: S607 - the one on PATH is meant
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise OperationError(
            "The images are named after the commit, but this is not a git repository. Give --tag."
        ) from error
    return done.stdout.strip()
