"""`make template`: template.yaml from the files of infra/template/, one for each part of the system.

Each file is written like a template and holds the parameters, conditions, resources and outputs of its part. They are
joined as text, section by section, the environment first, so that comments stay.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from motiv8_tooling.operations.package import TEMPLATE

PARTS = TEMPLATE.parent / "infra" / "template"
_HEAD = """\
# Assembled from infra/template/*.yaml by `make template`: change those.
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: motiv8 - a selfie becomes a daily motivational picture of the person in it
"""
_SECTIONS = ("Parameters", "Rules", "Conditions", "Globals", "Resources", "Outputs")
_SECTION = re.compile(r"^(\w+):\n", re.MULTILINE)


def assemble(folder: Path = PARTS) -> str:
    """The text of template.yaml. Raises ValueError for a section that a template does not have."""
    sections: dict[str, list[str]] = {name: [] for name in _SECTIONS}
    for path in sorted(folder.glob("*.yaml"), key=lambda path: (path.stem != "environment", path.name)):
        _, *pairs = _SECTION.split(path.read_text(encoding="utf-8"))
        for section, body in zip(pairs[::2], pairs[1::2], strict=True):
            if section not in sections:
                raise ValueError(f"{path.name}: a template has no section {section}.")
            sections[section].append(f"  # ---- {path.stem} ----\n{body.strip(chr(10))}\n")
    return _HEAD + "".join(f"\n{name}:\n" + "\n".join(bodies) for name, bodies in sections.items())


def main() -> int:
    """Write template.yaml; 0."""
    TEMPLATE.write_text(assemble(), encoding="utf-8")
    sys.stdout.write(f"{TEMPLATE.name} assembled from {len(list(PARTS.glob('*.yaml')))} files\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
