"""`python -m benchmarks.scale`: print the tables and put them into docs/scale.md; `--measure` measures anew first."""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path

from benchmarks.scale.measure import ANSWER_SECONDS, measure
from benchmarks.scale.report import cost_table, hours_table, limits_table, raised_table
from benchmarks.scale.work import MEASURED, measured
from motiv8.pipeline.serve_batch import AT_ONCE
from motiv8_tooling.operations.cost import load_prices

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
_BLOCK = re.compile(r"(<!-- bench-scale: (\w+) -->\n)(?:(?!<!-- end).)*(<!-- end -->)", re.DOTALL)


def blocks() -> dict[str, str]:
    """What docs/scale.md has of this, by the names of its blocks."""
    work, found = measured()
    prices = load_prices()
    figures, cpu = (
        ", ".join(f"{name} {value * 1000:.1f} ms" for name, value in found[each].items()) for each in ("seconds", "cpu")
    )
    return {
        "limits": limits_table(work),
        "hours": hours_table(work, prices),
        "raised": raised_table(work),
        "cost": cost_table(work, prices),
        "measured": (
            f"Measured on {found['date']} ({found['machine']}): CPU time for a person ({cpu}). With "
            f"{ANSWER_SECONDS * 1000:g} ms assumed for each answer of AWS, {AT_ONCE} pictures at once, and the share "
            f"of a processor that each function has by its memory, that makes seconds of the function: {figures}. "
            f"Prices of {prices['date']}, {prices['region']}."
        ),
    }


def main() -> None:
    """Print every block, and write docs/scale.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure service times anew")
    if parser.parse_args().measure:
        MEASURED.write_text(json.dumps(measure(), indent=2) + "\n", encoding="utf-8")
    begun = time.perf_counter()
    made = blocks()
    for name, text in made.items():
        print(f"\n## {name}\n\n{text}")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_BLOCK.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n\n{found[3]}", page), encoding="utf-8")
    print(f"\nComputed in {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
