"""A package that LanceDB imports and an index on S3 has no use for is left out: two of the three seconds of its import.

That is the REST client of Lance's catalogue servers, some 200 modules of pydantic models. LanceDB names its classes
when it is imported, and makes plain answers of two of them.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def leave_out(package: str) -> None:
    """From now on an import of the package, or of one below it, brings classes that only hold what they are given."""
    if package not in sys.modules:
        sys.meta_path.insert(0, _Absent(package))


class _Absent(MetaPathFinder, Loader):
    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's specification, when it is the package's."""
        del path, target
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] == self._package else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A module that has every class."""
        return _EveryClass(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is to be run."""


class _EveryClass(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (SimpleNamespace,), {})
