"""The old system's files: a folder, or a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from motiv8.aws import storage
from motiv8_tooling.operations.errors import OperationError


class Files(Protocol):
    """Where files lie."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes, or None where there is none, or where the name leads out of the place."""


class Folder:
    """Files below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def read(self, name: str) -> bytes | None:
        """See Files."""
        path = (self._folder / name.lstrip("/")).resolve()
        return path.read_bytes() if path.is_relative_to(self._folder) and path.is_file() else None


class Bucket:
    """Files below a prefix of a bucket, read with the caller's credentials."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket = bucket
        self._prefix = prefix

    def read(self, name: str) -> bytes | None:
        """See Files."""
        return storage.get(self._bucket, f"{self._prefix}{name.lstrip('/')}")


def files(place: str) -> Files:
    """The files at `DIR` or `s3://BUCKET/PREFIX`. Raises OperationError."""
    if "://" not in place:
        if not Path(place).is_dir():
            raise OperationError(f"{place}: there is no such folder.")
        return Folder(Path(place))
    parts = urlsplit(place)
    if parts.scheme != "s3" or not parts.netloc:
        raise OperationError("--files takes a folder or s3://BUCKET/PREFIX.")
    prefix = parts.path.strip("/")
    return Bucket(parts.netloc, f"{prefix}/" if prefix else "")


def find(place: Files, name: str, folder: str) -> bytes | None:
    """A file by the name that the database has for it, which may or may not carry its folder."""
    data = place.read(name)
    if data is None and not name.startswith(f"{folder}/"):
        data = place.read(f"{folder}/{name}")
    return data
