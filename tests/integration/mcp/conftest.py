"""Types of ours are made before the SDK's: of two unions that differ in their order alone, Python keeps the first."""

from __future__ import annotations

from motiv8.api.features import FEATURES

for load in FEATURES.values():
    load()
