"""`make audit`: what is known against what is deployed, judged by SECURITY.md's policy, and lists of the packages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from motiv8_tooling.operations.environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

OK, FOUND, NOT_SCANNED = 0, 1, 2
LONGEST = timedelta(days=90)
"""How long a finding may be accepted before it is looked at again."""
IMAGES = ("api-handler", "library", "studio")
DEPLOYED = (*IMAGES, "studio-diffusion")
"""Locks of what is deployed. The image of the diffusion job is the studio's, with a lock of its own."""
_TOOLS = PROJECT / ".tools" / "audit" / "bin"
_LISTS = PROJECT / "build" / "sbom"


class NotScanned(Exception):
    """Nobody looked whether anything is known; the text is one line that says why."""


@dataclass(frozen=True, order=True)
class Finding:
    """Something known against what is deployed: where, in what, by which name, and what to do."""

    where: str
    package: str
    id: str
    remedy: str


@dataclass(frozen=True)
class Acceptance:
    """A finding that is lived with until a day, and why."""

    package: str
    id: str
    until: date
    why: str


@dataclass(frozen=True)
class Verdict:
    """What fails the audit, a line each, and what was accepted."""

    failures: list[str]
    accepted: list[str]


def judge(findings: Iterable[Finding], acceptances: Iterable[Acceptance], today: date) -> Verdict:
    """Everything found fails unless it is accepted; so does an acceptance that is over, too long or of no use."""
    kept, failures, accepted, used = list(acceptances), [], [], set()
    for finding in sorted(set(findings)):
        name = f"{finding.where}: {finding.package}: {finding.id}"
        matching = [each for each in kept if (each.package, each.id) == (finding.package, finding.id)]
        used.update(matching)
        if not matching:
            failures.append(f"{name}: {finding.remedy}")
        elif matching[0].until < today:
            failures.append(f"{name}: was accepted until {matching[0].until}: {finding.remedy}")
        else:
            accepted.append(f"{name}: accepted until {matching[0].until}")
    for each in kept:
        name = f"audit.toml: {each.package}: {each.id}"
        if each not in used:
            failures.append(f"{name}: nothing of the kind is found any more: take it out")
        if each.until > today + LONGEST:
            failures.append(f"{name}: {each.until} is more than {LONGEST.days} days away")
        if not each.why.strip():
            failures.append(f"{name}: says no reason")
    return Verdict(failures, accepted)


def acceptances(text: str) -> list[Acceptance]:
    """Those of audit.toml."""
    return [Acceptance(**entry) for entry in tomllib.loads(text).get("accepted", [])]


def in_python(where: str, report: dict[str, Any]) -> Iterator[Finding]:
    """What pip-audit found. Raises NotScanned: it passes over what it could not ask about, and calls that a success."""
    for package in report["dependencies"]:
        if "skip_reason" in package:
            raise NotScanned(f"{where}: {package['skip_reason']}")
        for known in package["vulns"]:
            fixed = " or ".join(known["fix_versions"])
            yield Finding(where, package["name"], known["id"], f"take {fixed}" if fixed else "no version mends it yet")


def in_npm(where: str, report: dict[str, Any]) -> Iterator[Finding]:
    """What npm audit found. Raises NotScanned when the registry gave no answer."""
    if "vulnerabilities" not in report:
        raise NotScanned(f"{where}: {report.get('message') or 'npm gave no report'}")
    for package in report["vulnerabilities"].values():
        for known in package["via"]:
            # A name alone: something that it needs has the vulnerability, and is listed itself.
            if isinstance(known, dict):
                advisory = known["url"].rpartition("/")[2]
                yield Finding(where, package["name"], advisory, f"{known['severity']}; leave {known['range']} behind")


def in_dockerfile(where: str, text: str) -> Iterator[Finding]:
    """Bases that are named by a tag, which whoever owns the registry can change."""
    for base in re.findall(r"^ARG BASE=(\S+)|^FROM ([^$\s]\S*)", text, re.MULTILINE):
        name = "".join(base)
        if "@sha256:" not in name:
            yield Finding(where, name, "base-without-digest", "name it by its digest")


def _run(*command: str | Path) -> str:
    # Both scanners end with 1 when they found something.
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT)  # noqa: S603
    if not done.stdout.lstrip().startswith("{"):
        raise NotScanned(f"{command[0]}: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
    return done.stdout


def _lock(name: str) -> str:
    return f"requirements/{name}.txt"


def _findings() -> tuple[list[Finding], list[str]]:
    """Everything found, and for what was not scanned, why."""
    found: list[Finding] = []
    unscanned = []
    pip_audit = (_TOOLS / "pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")
    for image in IMAGES:
        found += in_dockerfile(f"Dockerfile.{image}", (PROJECT / f"Dockerfile.{image}").read_text("utf-8"))
    for name in DEPLOYED:
        try:
            found += in_python(_lock(name), json.loads(_run(*pip_audit, "--requirement", _lock(name))))
        except NotScanned as reason:
            unscanned.append(str(reason))
    try:
        found += in_npm("web", json.loads(_run("npm", "audit", "--prefix", "web", "--json")))
    except NotScanned as reason:
        unscanned.append(str(reason))
    return found, unscanned


def _write_lists() -> None:
    _LISTS.mkdir(parents=True, exist_ok=True)
    for name in DEPLOYED:
        made = _run(_TOOLS / "cyclonedx-py", "requirements", _lock(name), "--output-format", "JSON")
        (_LISTS / f"{name}.json").write_text(made, encoding="utf-8")
    made = _run("npm", "sbom", "--prefix", "web", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only")
    (_LISTS / "web.json").write_text(made, encoding="utf-8")


def main() -> int:
    """Write the lists, look, judge and say it; returns the exit code."""
    try:
        _write_lists()
    except NotScanned as reason:
        sys.stderr.write(f"motiv8: the lists of packages could not be written: {reason}\n")
        return NOT_SCANNED
    found, unscanned = _findings()
    kept = acceptances((PROJECT / "audit.toml").read_text("utf-8"))
    verdict = judge(found, kept, datetime.now(UTC).date())
    lines = [*verdict.accepted, *(f"FAILS {failure}" for failure in verdict.failures)]
    sys.stdout.write("".join(f"{line}\n" for line in [*lines, f"lists of packages (CycloneDX): {_LISTS}"]))
    if unscanned:
        sys.stderr.write(f"motiv8: not scanned, since a vulnerability service did not answer: {'; '.join(unscanned)}\n")
        return NOT_SCANNED
    return FOUND if verdict.failures else OK


if __name__ == "__main__":
    raise SystemExit(main())
