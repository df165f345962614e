"""One studio step as a Batch job: `python -m motiv8.entrypoints.batch_job compose USER PORTRAIT CORRELATION`.

What comes of it is in the table; the state machine goes on to the Lambda, which takes it from there or makes it itself.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from motiv8 import clock
from motiv8.entrypoints.steps import run
from motiv8.pipeline.compose import compose
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the step; the exit code is 0 unless it raises, which Batch takes as a failure to try again."""
    parser = argparse.ArgumentParser(prog="motiv8.entrypoints.batch_job")
    parser.add_argument("step", choices=["compose"])
    for name in ("user_id", "portrait_id", "correlation_id"):
        parser.add_argument(name)
    given = parser.parse_args(arguments)
    logger.set_correlation_id(given.correlation_id)
    run({"compose": lambda event: compose(event["user_id"], event["portrait_id"], clock.now())}, vars(given))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
