"""A client in TypeScript that is generated from docs/openapi.json compiles, as docs/api.md writes it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[3]
MODULES = PROJECT / "web" / "node_modules"
OPTIONS = ["--strict", "--noEmit", "--skipLibCheck", "--target", "es2022", "--module", "esnext"]
# The compiler complains where one of these is no mistake.
MISTAKES = """
// @ts-expect-error: there is no such path
await api.GET("/v1/nothing", { headers });
// @ts-expect-error: there is no such mode
await api.POST("/v1/portraits", { headers, body: { mode: "volcano" } });
// @ts-expect-error: a picture has no such field
console.log(picture.image);
"""


def test_the_guides_example_compiles_and_mistakes_do_not(tmp_path: Path) -> None:
    [example] = re.findall(r"```ts\n(.*?)```", (PROJECT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "node_modules").symlink_to(MODULES)
    (tmp_path / "example.ts").write_text(example + MISTAKES, encoding="utf-8")
    document, types = PROJECT / "docs" / "openapi.json", tmp_path / "schema.d.ts"
    _run([".bin/openapi-typescript", str(document), "--output", str(types)], tmp_path)
    _run(["typescript-7/bin/tsc", *OPTIONS, "--moduleResolution", "bundler", "example.ts"], tmp_path)


def _run(command: list[str], folder: Path) -> None:
    program = [str(MODULES / command[0]), *command[1:]]
    ran = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own tools
    assert ran.returncode == 0, ran.stdout + ran.stderr
