"""What moto holds, kept at a moment, so that each test begins with a copy of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.serialize import AttributePicker, AttributePickerContext

_KINDS = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"}
_pick = AttributePicker.__call__


def _picked(picker: AttributePicker, context: AttributePickerContext) -> Any:
    # moto looks for each kind that DynamoDB's values have under several spellings, a tenth of what the tests take.
    if type(context.obj) is dict and len(context.obj) == 1 and context.obj.keys() <= _KINDS:
        return context.obj.get(context.key)
    return _pick(picker, context)


AttributePicker.__call__ = _picked  # type: ignore[assignment, method-assign]

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
