"""The bucket that an environment is deployed from: its templates, and which image was deployed when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from motiv8 import clock
from motiv8_tooling.operations.environment import PROJECT, Environment, client
from motiv8_tooling.operations.package import literal_names, load_template
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

_HISTORY = "deployments/"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One that succeeded. `kind` is `deploy`, or `rollback` for a way back to an earlier one."""

    at: str
    kind: str
    tag: str
    release: str


def ensure_bucket(environment: Environment, say: Callable[[str], None]) -> None:
    """Make the bucket unless it is there. Raises OperationError."""
    stack = Stack(client("cloudformation"), environment.artifacts_stack, say)
    template = literal_names(load_template(PROJECT / "infra" / "artifacts.yaml"), environment.names)
    stack.apply({"TemplateBody": json.dumps(template)}, {"EnvironmentName": environment.name}, environment.tags)


def store_template(environment: Environment, template: dict[str, Any], release: str) -> str:
    """Store a template for CloudFormation, which takes no more than 51,200 bytes by hand; returns its address."""
    key = f"templates/{release}.json"
    s3 = client("s3")
    s3.put_object(
        Bucket=environment.artifacts_bucket,
        Key=key,
        Body=json.dumps(template).encode(),
        ContentType="application/json",
    )
    # Without a signature: CloudFormation reads it in the caller's name.
    return f"https://s3.{s3.meta.region_name}.amazonaws.com/{environment.artifacts_bucket}/{key}"


def record(environment: Environment, kind: str, tag: str, release: str) -> None:
    """Write down a deployment that succeeded."""
    made = Deployment(clock.now().isoformat(timespec="microseconds"), kind, tag, release)
    client("s3").put_object(
        Bucket=environment.artifacts_bucket,
        Key=f"{_HISTORY}{made.at}.json",
        Body=json.dumps(asdict(made)).encode(),
        ContentType="application/json",
    )


def deployments(environment: Environment) -> list[Deployment]:
    """All that succeeded, oldest first."""
    s3 = client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=environment.artifacts_bucket, Prefix=_HISTORY)
    keys = sorted(item["Key"] for page in pages for item in page.get("Contents", ()))
    return [
        Deployment(**json.loads(s3.get_object(Bucket=environment.artifacts_bucket, Key=key)["Body"].read()))
        for key in keys
    ]


def way_back(history: list[Deployment]) -> list[str]:
    """The tags that one can go back to, the last one that served before today's first.

    A rollback takes what it left off the list, so that rolling back twice goes back twice and never to what failed.
    """
    tags: list[str] = []
    for release in history:
        if release.kind == "rollback":
            while tags and tags[-1] != release.tag:
                tags.pop()
        if not tags or tags[-1] != release.tag:
            tags.append(release.tag)
    return tags[-2::-1]
