"""Whatever the bytes are, what comes back is a document or a reason, in bounded time and memory."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motiv8.catalogue.document_failures import Reason
from motiv8.catalogue.document_formats import DOCUMENT_FORMATS, MAX_CHARACTERS
from motiv8.reading import reader
from motiv8.reading.document import Document, Unreadable
from motiv8.reading.parser import parse
from motiv8.reading.passages import split
from stand_in.documents import FOLDER, STYLES, WORD, Words, docx, paragraph, pdf

MEDIA_TYPES = [each.media_type for each in DOCUMENT_FORMATS.values()]
PDF = pdf([Words(72, 100, "Run easy."), Words(72, 300, "Then rest.")], title="Plan")
DOCX = docx(paragraph("Run easy."), {"word/styles.xml": STYLES})


def _reason(data: bytes, media_type: str, **limits: int) -> Reason:
    with pytest.raises(Unreadable) as unreadable:
        reader.read(data, media_type, **limits)
    return unreadable.value.reason


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PDF, "application/pdf"),
        (DOCX, WORD),
        ("Gr\u00f6\u00dfe \U0001f3c3 e\u0301nergie".encode("utf-16"), "text/plain; charset=no-such-charset"),
        (b"# Plan\n\n- Run easy.\n\n| a | b |\n|---|---|\n| 1 | 2 |", "text/markdown"),
        (b"<p>Run easy.", "text/html"),
    ],
)
def test_it_gives_what_the_parser_gives(data: bytes, media_type: str) -> None:
    assert reader.read(data, media_type) == parse(data, media_type)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b" \n\n\x00", "text/plain"),
        (b"---\n\n***", "text/markdown"),
        (b"a b " * (MAX_CHARACTERS // 4 + 1), "text/markdown"),
        (b"text", "image/png"),
    ],
    ids=["no text", "no word", "too long", "unsupported"],
)
def test_it_refuses_what_the_parser_refuses_for_the_same_reason(data: bytes, media_type: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        parse(data, media_type)
    assert _reason(data, media_type) == unreadable.value.reason


def test_what_the_bytes_are_counts_more_than_what_they_are_said_to_be() -> None:
    assert parse(PDF, "text/plain") == parse(PDF, "application/pdf")
    assert parse(DOCX, "text/html") == parse(DOCX, WORD)
    for media_type in ("application/pdf", WORD):
        with pytest.raises(Unreadable) as unreadable:
            parse(b"just text", media_type)
        assert unreadable.value.reason == Reason.UNREADABLE


def test_a_text_that_speaks_of_pdf_files_is_a_text() -> None:
    assert parse(b"A file begins with %PDF-1.7 and a line.", "text/plain").pages[0].blocks[0].kind == "paragraph"


def test_a_document_that_takes_too_long_is_unreadable() -> None:
    assert _reason(b"*a_" * 400_000, "text/markdown", cpu_seconds=1) == Reason.UNREADABLE


def test_a_document_that_takes_too_much_memory_is_unreadable() -> None:
    large = docx(paragraph("x") * 100_000)
    assert len(large) < 1_000_000
    assert _reason(large, WORD, memory=64 << 20) == Reason.UNREADABLE


def test_the_process_gets_nothing_of_the_environment_that_it_does_not_need(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}
    run = subprocess.run

    def spy(*arguments: object, **options: dict[str, str]) -> object:
        seen.update(options["env"])
        return run(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", spy)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert reader.read(b"text", "text/plain").characters == 4
    assert "AWS_SECRET_ACCESS_KEY" not in seen


def test_a_process_that_cannot_start_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="did not start"):
        reader.read(b"text", "text/plain")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=2000),
    st.sampled_from(["", "%PDF-1.7\n", "PK\x03\x04", "<html>", "\xff\xfe", "---\n"]),
    st.sampled_from(MEDIA_TYPES),
)
def test_any_bytes_give_a_document_or_a_reason(data: bytes, start: str, media_type: str) -> None:
    _check(start.encode("latin-1") + data, media_type)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=500), st.sampled_from(["text/plain", "text/markdown", "text/html"]))
def test_any_text_gives_a_document_or_a_reason(text: str, media_type: str) -> None:
    _check(text.encode("utf-8", "surrogatepass"), media_type)


@pytest.mark.parametrize(("data", "media_type"), [(PDF, "application/pdf"), (DOCX, WORD)])
def test_files_with_bytes_changed_give_a_document_or_a_reason(data: bytes, media_type: str) -> None:
    chance = random.Random(1)  # noqa: S311 - the same files at each run
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        _check(bytes(broken), media_type)


def _check(data: bytes, media_type: str) -> None:
    try:
        document = parse(data, media_type)
    except Unreadable as unreadable:
        document = Document(())
        assert unreadable.sentence  # noqa: PT017 - both ends are right
    text = "".join(passage.text for passage in split(document))
    assert re.search("[\x00-\x09\x0b-\x1f\ud800-\udfff\ufeff]", text) is None


def test_where_the_real_documents_are_missing_their_tests_say_so(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    tests = Path(__file__).with_name("test_pdf.py")
    done = subprocess.run(  # noqa: S603 - the tests themselves
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "real_document_gives", str(tests)],
        # These tests need no plugins, which take longer to import than they run.
        env={**os.environ, "MOTIV8_DOCUMENTS": str(absent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"the real documents are not there (MOTIV8_DOCUMENTS): no folder {absent}" in done.stdout
    assert absent != FOLDER
