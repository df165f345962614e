"""What moto holds, kept at a moment, so that each test begins with a copy of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data

# The services that anything was asked of.
_SERVICES: list[BackendDict[Any]] = vars(BackendDict)["_instances"]


class MotoAccount:
    """All that moto holds now; `variables` are the settings of what was made in it."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self._kept = [
            (service, account, region, deepcopy(backend))
            for service in _SERVICES
            for account, region, backend in service.iter_backends()
        ]

    def restore(self) -> None:
        """Have moto hold that again, and nothing else."""
        forget_everything()
        for service, account, region, backend in self._kept:
            service[account][region] = deepcopy(backend)


def forget_everything() -> None:
    """Have moto hold nothing, as at its start; what it knows of regions stays, which takes long to find out."""
    for service in _SERVICES:
        for regions in service.values():
            # Closes the files that objects are in.
            regions.reset()
            regions.clear()
    reset_model_data()
