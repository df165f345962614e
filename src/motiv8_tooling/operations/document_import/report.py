"""What became of each file of an import."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from motiv8_tooling.command_line import printable

Outcome = Literal["new", "changed", "there already", "skipped", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("new", "changed", "there already", "skipped", "failed")
_LISTED = 100


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One file: what became of it and why, and the document that it is in the library."""

    file: str
    outcome: Outcome
    why: str = ""
    document_id: str | None = None
    sha256: str | None = None


@dataclass(slots=True)
class ImportReport:
    """All files of one run; `stopped` says why it ended before all of them were looked at."""

    applied: bool
    files: list[ImportedFile] = field(default_factory=list)
    stopped: str = ""
    interrupted: bool = False

    def counts(self) -> dict[Outcome, int]:
        """How many files had each outcome."""
        counted = Counter(file.outcome for file in self.files)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    @property
    def failed(self) -> bool:
        """Whether something is left to be done."""
        return bool(self.stopped) or any(file.outcome == "failed" for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file."""
        files = [asdict(file) | {"file": printable(file.file)} for file in sorted(self.files, key=_by_name)]
        return {"applied": self.applied, "stopped": self.stopped or None, "counts": self.counts(), "files": files}

    def as_text(self) -> str:
        """A table of counts, and one of the files with something to say, those that failed last."""
        lines = [
            " ".join(f"{outcome:>13}" for outcome in OUTCOMES),
            " ".join(f"{n:13}" for n in self.counts().values()),
        ]
        said = [file for file in sorted(self.files, key=_by_name) if file.why]
        for outcome in OUTCOMES:
            rows = [each for each in said if each.outcome == outcome]
            lines += [f"{outcome:13}  {printable(row.file)}: {printable(row.why)}" for row in rows[:_LISTED]]
            if len(rows) > _LISTED:
                lines.append(f"{outcome:13}  and {len(rows) - _LISTED} more (--report FILE has all)")
        return "\n".join(lines)


def _by_name(file: ImportedFile) -> str:
    return file.file
