"""What fails `make audit`, held to reports as pip-audit and npm write them."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from motiv8_tooling.operations.audit import (
    IMAGES,
    Acceptance,
    Finding,
    NotScanned,
    acceptances,
    in_dockerfile,
    in_npm,
    in_python,
    judge,
)
from motiv8_tooling.operations.environment import PROJECT

TODAY = date(2026, 11, 28)
# As pip-audit 2.10 and npm 11 write them, shortened.
PIP_AUDIT = {
    "dependencies": [
        {"name": "boto3", "version": "1.43.106", "vulns": []},
        {
            "name": "python-jose",
            "version": "3.3.0",
            "vulns": [
                {"id": "PYSEC-2024-232", "fix_versions": ["3.4.0"], "aliases": ["CVE-2024-33663"], "description": "…"},
                {"id": "PYSEC-2024-233", "fix_versions": [], "aliases": ["CVE-2024-33664"], "description": "…"},
            ],
        },
    ],
    "fixes": [],
}
NPM_AUDIT = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "vite": {"name": "vite", "severity": "high", "via": ["esbuild"], "range": "<=6.1.6"},
        "esbuild": {
            "name": "esbuild",
            "severity": "moderate",
            "via": [
                {
                    "source": 1102341,
                    "name": "esbuild",
                    "url": "https://github.com/advisories/GHSA-67mh-4wv8-2f99",
                    "severity": "moderate",
                    "range": "<=0.24.2",
                }
            ],
        },
    },
}
FOUND = Finding("requirements/studio.txt", "python-jose", "PYSEC-2024-232", "take 3.4.0")


def test_everything_that_pip_audit_found_is_a_finding_with_what_mends_it() -> None:
    assert [(each.id, each.remedy) for each in in_python("requirements/studio.txt", PIP_AUDIT)] == [
        ("PYSEC-2024-232", "take 3.4.0"),
        ("PYSEC-2024-233", "no version mends it yet"),
    ]


def test_everything_that_npm_found_is_named_once_by_its_advisory() -> None:
    [found] = in_npm("web", NPM_AUDIT)
    assert found == Finding("web", "esbuild", "GHSA-67mh-4wv8-2f99", "moderate; leave <=0.24.2 behind")


def test_what_was_not_looked_at_is_no_success() -> None:
    skipped = {"dependencies": [{"name": "six", "skip_reason": "Dependency could not be audited"}]}
    with pytest.raises(NotScanned, match="could not be audited"):
        list(in_python("requirements/studio.txt", skipped))
    with pytest.raises(NotScanned, match="405 Method Not Allowed"):
        list(in_npm("web", {"message": "405 Method Not Allowed - POST https://registry.npmjs.org/"}))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ARG BASE=public.ecr.aws/lambda/python:3.13\nFROM ${BASE} AS build\nFROM ${BASE}\n", 1),
        (f"ARG BASE=public.ecr.aws/lambda/python:3.13@sha256:{'0' * 64}\nFROM ${{BASE}}\n", 0),
        ("FROM debian:trixie\n", 1),
    ],
)
def test_a_base_is_named_by_its_digest(text: str, named: int) -> None:
    assert [each.id for each in in_dockerfile("Dockerfile", text)] == ["base-without-digest"] * named


@pytest.mark.parametrize(
    ("acceptance", "fails"),
    [
        (None, "take 3.4.0"),
        (
            Acceptance("python-jose", "PYSEC-2024-232", date(2026, 11, 27), "no JWE here"),
            "was accepted until 2026-11-27",
        ),
        (Acceptance("python-jose", "PYSEC-2024-232", date(2027, 3, 1), "no JWE here"), "more than 90 days away"),
        (Acceptance("python-jose", "PYSEC-2024-232", date(2026, 12, 24), " "), "says no reason"),
        (Acceptance("python-jose", "PYSEC-2024-232", date(2026, 12, 24), "no JWE here"), None),
        (Acceptance("jose", "PYSEC-2024-232", date(2026, 12, 24), "no JWE here"), "take 3.4.0"),
    ],
)
def test_a_finding_fails_unless_it_is_accepted_for_a_while_and_a_reason(
    acceptance: Acceptance | None, fails: str | None
) -> None:
    verdict = judge([FOUND], [acceptance] if acceptance else [], TODAY)
    assert bool(verdict.failures) == (fails is not None)
    assert (fails or "") in "".join(verdict.failures)
    assert bool(verdict.accepted) == (not verdict.failures or "accepted until" in "".join(verdict.accepted))


def test_an_acceptance_that_is_of_no_use_any_more_is_to_be_taken_out() -> None:
    old = Acceptance("python-jose", "PYSEC-2024-232", date(2026, 12, 24), "no JWE here")
    [failure] = judge([], [old], TODAY).failures
    assert failure.endswith("take it out")


def test_what_is_accepted_says_until_when_and_why_and_names_what_is_there() -> None:
    text = (PROJECT / "audit.toml").read_text("utf-8")
    bases = [
        found
        for name in (f"Dockerfile.{image}" for image in IMAGES)
        for found in in_dockerfile(name, (PROJECT / name).read_text("utf-8"))
    ]
    named = {(each.package, each.id) for each in acceptances(text) if each.id == "base-without-digest"}
    assert named == {(each.package, each.id) for each in bases}
    assert all(each.keys() == {"id", "package", "until", "why"} for each in tomllib.loads(text)["accepted"])
