"""The pages name what there is: alarms, parameters, variables of the workflows, commands, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from motiv8_tooling.operations.package import load_template

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
TEMPLATE = (PROJECT / "template.yaml").read_text()
THREATS = (DOCS / "threat-model.md").read_text()
PAGES = [PROJECT / "README.md", PROJECT / "SECURITY.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "adr").glob("*.md"))
# Set by the scripts or by the embedded AWS, not by people.
NOT_FOR_PEOPLE = {
    "EnvironmentName", "DeployFunctions", "ImageTag", "Release", "TokenIssuer", "JwksUrl", "EndpointUrl", "SignInUrl",
    "SharedUserPoolId", "SharedUserPoolClientId", "CognitoUsesSes", "EdgeFirewallArn", "OriginRequired",
}  # fmt: skip


def test_each_alarm_has_its_line_for_whoever_is_on_call() -> None:
    page = (DOCS / "on-call.md").read_text()
    alarms = re.findall(r"AlarmName: !Sub motiv8-\$\{EnvironmentName\}-(\S+?)(?:-\$\{Release\})?\n", TEMPLATE)
    assert alarms
    assert [name for name in alarms if f"`{name}`" not in page] == []


def test_each_parameter_that_people_set_is_explained() -> None:
    page = (DOCS / "deployment.md").read_text()
    block = TEMPLATE.split("\nParameters:")[1].split("\nRules:")[0]
    names = set(re.findall(r"^  (\w+):$", block, re.MULTILINE)) - NOT_FOR_PEOPLE
    assert names
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_the_privacy_page_says_how_long_s3_keeps_things() -> None:
    rules = {
        (bucket, rule.get("Prefix", "")): rule
        for bucket in ("UploadsBucket", "MediaBucket")
        for rule in load_template()["Resources"][bucket]["Properties"]["LifecycleConfiguration"]["Rules"]
    }
    page = (DOCS / "privacy.md").read_text()
    every = rules["MediaBucket", ""]["NoncurrentVersionExpiration"]["NoncurrentDays"]
    for of, row in {
        ("UploadsBucket", ""): "the photo",
        ("MediaBucket", "exports/"): "an archive",
        ("MediaBucket", "plans/"): "plans",
        ("MediaBucket", "scenes/"): "scenes",
    }.items():
        rule = rules.pop(of)
        old = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", every)
        [said] = re.findall(rf"^\| {row}\b.*$", page, re.MULTILINE)
        assert f"{_days(rule['ExpirationInDays'])}, then {_days(old)} as an old version" in said
    assert rules.keys() == {("MediaBucket", "")}
    assert f"leaves an old version for {_days(every)}" in page


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def test_each_variable_of_the_workflows_is_named() -> None:
    page = (DOCS / "deployment.md").read_text()
    named = {
        name for path in (PROJECT / ".github" / "workflows").glob("*.yml") for name in
        re.findall(r"\bvars\.(\w+)", path.read_text())
    }  # fmt: skip
    assert named
    assert {name for name in named if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_what_a_page_points_to_is_there(page: Path) -> None:
    text = page.read_text()
    links = {link.partition("#")[0] for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text)} - {""}
    assert [link for link in links if not (page.parent / link).exists()] == []
    scripts = set(re.findall(r"\bscripts/[a-z-]+\.sh", text))
    assert [script for script in scripts if not (PROJECT / script).exists()] == []
    targets = set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"^\$ make ([a-z-]+)", text, re.MULTILINE))
    makefile = (PROJECT / "Makefile").read_text()
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_each_place_that_has_a_code_owner_is_there() -> None:
    lines = (PROJECT / ".github" / "CODEOWNERS").read_text().splitlines()
    places = [line.split()[0] for line in lines if line.startswith("/")]
    assert places
    assert [place for place in places if not (PROJECT / place[1:]).exists()] == []


def test_each_test_that_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`((?:unit|integration|conformance|security|browser|local)/[\w/]+\.py)(?:::(\w+))?`", THREATS)
    assert named
    tests = PROJECT / "tests"
    assert [path for path, _ in named if not (tests / path).is_file()] == []
    assert [name for path, name in named if name and f"def {name}(" not in (tests / path).read_text()] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.name[:3])
def test_each_decision_says_whether_it_holds_since_when_and_what_else_was_considered(decision: Path) -> None:
    head, _, body = decision.read_text().partition("\n\n- **Status**: ")
    assert re.fullmatch(rf"# {int(decision.name[:3])}\. .+", head)
    assert re.match(r"(accepted|superseded by \[ADR \d+\]\(.+\))\n- \*\*Date\*\*: \d{4}-\d\d-\d\d\n\n", body)
    assert "\n## Alternatives\n\n- " in body


def test_the_index_leads_to_every_page_and_every_decision() -> None:
    index = (DOCS / "index.md").read_text()
    pages = [*DOCS.glob("*.md"), *DOCS.glob("how-to/*.md"), *DECISIONS]
    assert [page.name for page in pages if f"({page.relative_to(DOCS)})" not in index] == ["index.md"]


def test_the_code_that_the_glossary_names_is_there() -> None:
    tables = [line for line in (DOCS / "glossary.md").read_text().splitlines() if line.count("|") == 4]
    named = {path for line in tables for path in re.findall(r"`([\w/.-]+)`", line.split("|")[3])}
    assert len(named) > 40
    places = [PROJECT / place for place in ("src/motiv8", "src/motiv8_tooling", ".")]
    assert [path for path in named if not any((place / path).exists() for place in places)] == []
