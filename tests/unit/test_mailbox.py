"""The mail catcher's folder."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from motiv8_tooling.local.mailbox import Mailbox


def test_a_mail_is_listed_only_once_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox(tmp_path, "http://127.0.0.1:1")
    listed_meanwhile: list[list[Path]] = []
    write = Path.write_bytes

    def write_and_look(path: Path, data: bytes) -> int:
        written = write(path, data[:1])
        listed_meanwhile.append(mailbox.files())
        return written + write(path, data)

    monkeypatch.setattr(Path, "write_bytes", write_and_look)
    raw = base64.b64encode(b"To: you@example.com\n\nHello\n").decode()
    mailbox.keep(json.dumps({"Content": {"Raw": {"Data": raw}}}).encode(), "one@example.com")
    assert listed_meanwhile == [[]]
    assert mailbox.read(mailbox.files()[0].name)["To"] == "you@example.com"
