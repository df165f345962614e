"""The API guide, word for word, on the deployed stack."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from PIL import Image

from motiv8_tooling.local.local_stack import LocalStack

PROJECT = Path(__file__).parents[2]


def test_the_guides_commands_lead_to_a_picture(stack: LocalStack, tmp_path: Path) -> None:
    guide = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8").split("## With TypeScript")[0]
    script = "\n".join(re.findall(r"```bash\n(.*?)```", guide, re.DOTALL))
    script = script.replace("http://127.0.0.1:8000", stack.front.url).replace("samples/", f"{PROJECT}/samples/")
    done = subprocess.run(  # noqa: S603 - our own guide
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - the one on PATH is meant
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with Image.open(tmp_path / "picture.jpg") as picture:
        assert picture.size == (1080, 1350)
