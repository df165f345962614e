"""The system before this one: its tables, some people, and their files."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from PIL import Image

from motiv8.waiting import wait_for
from motiv8_tooling.local.emulator import die_with_parent, free_port

SCHEMA = """
CREATE TABLE users (
  id INTEGER, email TEXT, name TEXT, google_id TEXT, apple_id TEXT, selfie_filename TEXT,
  selfie_embedding_filename TEXT, gender TEXT, workout_days {json}, anti_motivation_mode BOOLEAN, mode TEXT,
  created_at TIMESTAMP, updated_at TIMESTAMP
);
CREATE TABLE generated_images (
  id INTEGER, user_id INTEGER, s3_key TEXT, generation_date DATE, generated_at_millis BIGINT, mode TEXT
);
"""
USER = {
    "id": 1,
    "email": "Ada@Example.com",
    "name": "Ada <script>alert(1)</script>",
    "google_id": None,
    "apple_id": None,
    "selfie_filename": "ada.jpg",
    "selfie_embedding_filename": "ada.npy",
    "gender": "f",
    "workout_days": '["monday", "Wed", "FRIDAY"]',
    "anti_motivation_mode": False,
    "mode": "mountain",
    "created_at": "2024-05-01 08:30:00",
    "updated_at": "2025-01-01 00:00:00",
}
PICTURE = {
    "id": 10,
    "user_id": 1,
    "s3_key": "generated/1/2024-05-03.png",
    "generation_date": "2024-05-03",
    "generated_at_millis": 1714716000000,
    "mode": "city",
}
Row = dict[str, Any]


def picture(width: int = 540, height: int = 675, kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 90, 40)).save(buffer, kind)
    return buffer.getvalue()


def write_sqlite(file: Path, users: list[Row], pictures: list[Row], schema: str = SCHEMA) -> str:
    """A new SQLite file; its URL."""
    with sqlite3.connect(file) as connection:
        connection.executescript(schema.format(json="TEXT"))
        for table, rows in (("users", users), ("generated_images", pictures)):
            for row in rows:
                connection.execute(_insert(table, row, "?"), list(row.values()))
    connection.close()
    return f"sqlite:///{file}"


def write_postgresql(url: str, users: list[Row], pictures: list[Row], schema: str = SCHEMA) -> str:
    """The tables anew in a PostgreSQL database, days as JSON of its own; its URL."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS users, generated_images")
        connection.execute(schema.format(json="JSON").encode())
        for table, rows in (("users", users), ("generated_images", pictures)):
            for row in rows:
                connection.execute(_insert(table, row, "%s").encode(), list(row.values()))
    return url


def _insert(table: str, row: Row, mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join([mark] * len(row))})"  # noqa: S608 - ours


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of Debian's on a free port of this machine; the URL of its database."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    control = shutil.which("pg_ctl") or (str(found[-1]) if found else None)
    if control is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="motiv8-postgresql-"))
    # PostgreSQL refuses to run as root.
    other = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if other:
        shutil.chown(folder, "postgres")
    port, data = free_port(), folder / "data"
    url = f"postgresql://old@127.0.0.1:{port}/postgres"
    programs = Path(control).resolve().parent
    listen = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    words = [word for name, value in listen.items() for word in ("-c", f"{name}={value}")]
    try:
        made = [programs / "initdb", "-D", data, "--auth=trust", "--username=old", "--encoding=UTF8", "--no-sync"]
        done = subprocess.run(made, cwd="/", capture_output=True, text=True, check=False, **other)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        # Not by pg_ctl, whose server would outlive a test run that is killed.
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *words],
                cwd="/",
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
                **other,  # type: ignore[call-overload]
            )
        try:
            wait_for(lambda: server.poll() is not None or _answers(url), seconds=30)
            if server.poll() is not None:
                raise RuntimeError((folder / "log").read_text(encoding="utf-8"))
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
