"""SAM's transform, which on AWS CloudFormation runs."""

from __future__ import annotations

import os
from typing import Any

from samtranslator.translator.transform import transform

from motiv8_tooling.operations.package import package, settled


class _NoManagedPolicies:
    @staticmethod
    def load() -> dict[str, str]:
        return {}


def expanded(**parameters: str) -> dict[str, Any]:
    """template.yaml with functions on, as CloudFormation gets it; `parameters` are more of its own."""
    # SAM asks the SDK for a region, and any will do.
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    named = {"DeployFunctions": "true", "ImageTag": "a" * 40, "Release": "0123456789"} | parameters
    made: dict[str, Any] = transform(settled(package(), named), {}, _NoManagedPolicies())
    return made
