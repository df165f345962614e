"""The process that reads one document: its bytes come in, the document or the reason goes out, as JSON."""

from __future__ import annotations

import json
import math
import resource
import sys
import time

from motiv8.catalogue.document_failures import Reason
from motiv8.reading.document import Unreadable
from motiv8.reading.parser import parse


def main() -> None:
    """Read the document on the standard input within the limits that the arguments name."""
    media_type, cpu_seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    cpu = math.ceil(time.process_time()) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # It writes no file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    answer: dict[str, object]
    try:
        answer = parse(sys.stdin.buffer.read(), media_type).to_json()
    except Unreadable as unreadable:
        answer = {"reason": unreadable.reason}
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 - garbage fails in every way
        answer = {"reason": Reason.UNREADABLE}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
