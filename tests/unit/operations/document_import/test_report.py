"""What an import says at its end, and on its way."""

from __future__ import annotations

import io

from motiv8_tooling.operations.document_import.progress import Progress
from motiv8_tooling.operations.document_import.report import ImportedFile, ImportReport


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_report_counts_and_says_why() -> None:
    report = ImportReport(applied=True)
    report.files += [
        ImportedFile("b.pdf", "failed", "It has no text.", "doc-1", "ab"),
        ImportedFile("a.md", "new", "", "doc-2", "cd"),
        ImportedFile("c.pages", "skipped", "not a format"),
    ]
    assert report.failed
    assert report.as_text().splitlines() == [
        "          new       changed there already       skipped        failed",
        "            1             0             0             1             1",
        "skipped        c.pages: not a format",
        "failed         b.pdf: It has no text.",
    ]
    told = report.as_json()
    assert told["counts"] == {"new": 1, "changed": 0, "there already": 0, "skipped": 1, "failed": 1}
    assert [each["file"] for each in told["files"]] == ["a.md", "b.pdf", "c.pages"]


def test_names_do_nothing_to_a_terminal() -> None:
    report = ImportReport(applied=True, files=[ImportedFile("a\x1b]0;x\x07\udcff\n.md", "failed", "why")])
    assert report.as_text().encode().splitlines()[-1] == "failed         a�]0;x���.md: why".encode()
    assert "\x1b" not in str(report.as_json())


def test_an_import_that_was_stopped_is_not_done() -> None:
    assert ImportReport(applied=True, stopped="The network is gone.").failed
    assert not ImportReport(applied=True).failed


def test_progress_is_one_line_on_a_terminal_and_few_lines_elsewhere() -> None:
    now = [100.0]
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        progress = Progress(out, 20, lambda: now[0])
        for looked_at in range(10):
            progress.tell(looked_at, looked_at // 5, 2)
            progress.tell(looked_at, looked_at // 5, 2)
            now[0] += 1
        progress.end()
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().count("\r") == 11
    assert file.getvalue().splitlines() == [
        "0 of 20 files, 2 being processed",
        "5 of 20 files, 2 being processed, 1 failed",
    ]
