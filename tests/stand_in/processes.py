"""The processes that descend from one, told by Linux's /proc."""

from __future__ import annotations

import ctypes
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none gets out of sight."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def below(parent: int) -> dict[int, str]:
    """The command lines of the living descendants of a process, by their ids."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name before it is in brackets, and may hold spaces itself.
            state, above = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            children.setdefault(int(above), []).append(int(folder.name))
    found: dict[int, str] = {}
    open_ends = [parent]
    while open_ends:
        for pid in children.get(open_ends.pop(), ()):
            found[pid] = _command(pid)
            open_ends.append(pid)
    return found


def working_folder(pid: int) -> str:
    """The folder that a process works in; nothing once it has ended."""
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """Whether a process runs, whoever its parent is; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
