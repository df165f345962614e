"""What moto holds, kept at a moment, so that each test begins with a copy of it."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from moto.core import responses, utils
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.serialize import BaseJSONSerializer

if TYPE_CHECKING:
    from moto.core.model import StructureShape

_serialize = BaseJSONSerializer._serialize_type_structure
_AS_IT_IS = {"S", "N", "SS", "NS", "NULL", "BOOL"}


def _serialize_at_once(self: BaseJSONSerializer, serialized: Any, value: Any, shape: StructureShape, key: str) -> None:
    # moto looks for each kind that a DynamoDB value may have, under several spellings: a tenth of what the tests take.
    kind = next(iter(value), "") if shape.name == "AttributeValue" and type(value) is dict else ""
    if kind in _AS_IT_IS:
        serialized[key] = value
    elif kind == "M":
        members: dict[str, Any] = {}
        for name, each in value[kind].items():
            _serialize_at_once(self, members, each, shape, name)
        serialized[key] = {kind: members}
    else:
        _serialize(self, serialized, value, shape, key)


BaseJSONSerializer._serialize_type_structure = _serialize_at_once  # type: ignore[method-assign]
# moto lists the methods of a service at each call.
responses.method_names_from_class = cache(utils.method_names_from_class)  # type: ignore[attr-defined]

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
