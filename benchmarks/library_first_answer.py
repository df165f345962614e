"""One fresh process, as library-worker starts: from nothing to the first answer, then many more; prints JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()


def main(folder: str, queries: list[str]) -> None:
    """Ask the index in the folder, and say what the first answer and the others cost."""
    from motiv8.retrieval.embedding import embedding_model
    from motiv8.retrieval.repository import PassageIndex

    model = embedding_model()
    index = PassageIndex(folder, model)

    def ask(query: str) -> None:
        assert index.search(query, model.embed([query])[0], ["general"])

    ask(queries[0])
    first = {"wall": time.perf_counter() - STARTED, "cpu": time.process_time()}
    warm = []
    for query in queries[1:]:
        before, cpu = time.perf_counter(), time.process_time()
        ask(query)
        warm.append((time.perf_counter() - before, time.process_time() - cpu))
    print(json.dumps({"first": first, "warm": warm, "peak": _peak()}))


def _peak() -> float:
    """The most memory that this process ever had, in MB; getrusage would tell its parent's where that was more."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], json.load(sys.stdin))
