"""`python -m motiv8.aws.service_data FOLDER` cuts botocore's data in a folder down to the services that we call.

Images are built with it. The first client of a process looks through the folders of all services, and reads where each
of them has endpoints: 50 ms of the API's cold start, and 25 MB.
"""

from __future__ import annotations

import ast
import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

CLIENTS = Path(__file__).with_name("clients.py")


def services() -> set[str]:
    """The services that `motiv8.aws.clients` makes clients of."""
    made = set()
    for node in ast.walk(ast.parse(CLIENTS.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_client":
            made.add(str(ast.literal_eval(node.args[0])))
    return made


def cut(data: Path) -> None:
    """Leave in botocore's `data` what clients of ours read; a second time changes nothing."""
    kept = services()
    prefixes = set(kept)
    for folder in [each for each in data.iterdir() if each.is_dir()]:
        if folder.name not in kept:
            shutil.rmtree(folder)
            continue
        for packed in folder.glob("*/*.json.gz"):
            packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
            packed.unlink()
        for model in folder.glob("*/service-2.json"):
            described = json.loads(model.read_bytes())
            prefixes.add(described["metadata"]["endpointPrefix"])
            _write(model, _without_words(described))
    endpoints = data / "endpoints.json"
    partitions = json.loads(endpoints.read_bytes())
    for partition in partitions["partitions"]:
        partition["services"] = {name: each for name, each in partition["services"].items() if name in prefixes}
    _write(endpoints, partitions)


def _without_words(described: Any) -> Any:
    """A model whose documentation is empty: botocore looks for it, and nobody reads it."""
    if isinstance(described, dict):
        return {
            # A member of that name is a shape, not a text.
            name: "" if name == "documentation" and isinstance(each, str) else _without_words(each)
            for name, each in described.items()
        }
    return [_without_words(each) for each in described] if isinstance(described, list) else described


def _write(file: Path, content: Any) -> None:
    # Not in place: the file may be a link to one that others read.
    file.unlink()
    file.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    cut(Path(sys.argv[1]) / "botocore" / "data")
