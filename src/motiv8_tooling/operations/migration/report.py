"""What became of each thing: brought, there already, changed or skipped with the reason. It names no email."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

What = Literal["account", "sign-in", "selfie", "picture", "invitation"]
Outcome = Literal["brought", "there already", "changed", "skipped", "failed"]
_WHATS: tuple[What, ...] = ("account", "sign-in", "selfie", "picture", "invitation")
_OUTCOMES: tuple[Outcome, ...] = ("brought", "there already", "changed", "skipped", "failed")


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line: `id` is the old system's, of the user or of the picture."""

    what: What
    id: str
    outcome: Outcome
    why: str = ""


@dataclass(slots=True)
class Report:
    """All lines of one run, in the order in which things happened."""

    entries: list[ReportLine] = field(default_factory=list)

    def add(self, what: What, old_id: str, outcome: Outcome, why: str = "") -> None:
        """Note one thing; what was changed was brought as well, and is counted as both."""
        self.entries.append(ReportLine(what, old_id, outcome, why))

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each kind had each outcome."""
        counted = Counter((entry.what, entry.outcome) for entry in self.entries)
        return {what: {outcome: counted[what, outcome] for outcome in _OUTCOMES} for what in _WHATS}

    @property
    def failed(self) -> bool:
        """Whether something broke that another run may bring."""
        return any(entry.outcome == "failed" for entry in self.entries)

    def as_json(self, *, applied: bool) -> dict[str, Any]:
        """Everything, for a file."""
        return {"applied": applied, "counts": self.counts(), "entries": [asdict(entry) for entry in self.entries]}

    def as_text(self) -> str:
        """A table of counts, and each reason with how often and for whom."""
        lines = [" ".join([f"{'':12}", *(f"{outcome:>13}" for outcome in _OUTCOMES)])]
        for what, outcomes in self.counts().items():
            lines.append(" ".join([f"{what:12}", *(f"{outcomes[outcome]:13}" for outcome in _OUTCOMES)]))
        reasons: dict[tuple[What, Outcome, str], list[str]] = {}
        for entry in self.entries:
            if entry.why:
                reasons.setdefault((entry.what, entry.outcome, entry.why), []).append(entry.id)
        for (what, outcome, why), ids in reasons.items():
            some = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
            lines.append(f"{outcome}: {what} {some}: {why}")
        return "\n".join(lines)
