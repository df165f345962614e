"""The peers in an environment of their own: Qdrant's local mode, and bm25s; prints JSON.

`python library_peer.py FOLDER` reads what `benchmarks.library` left there: vectors, texts and queries.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from qdrant_client import QdrantClient, models

CANDIDATES = 50


def main(folder: Path) -> None:
    texts: list[str] = json.loads((folder / "texts.json").read_text("utf-8"))
    queries: list[str] = json.loads((folder / "queries.json").read_text("utf-8"))
    vectors, asked = np.load(folder / "vectors.npy"), np.load(folder / "queries.npy")

    stemmer = Stemmer.Stemmer("english")
    words = bm25s.BM25()
    words.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)

    def by_words(number: int) -> list[int]:
        tokens = bm25s.tokenize([queries[number]], stopwords="en", stemmer=stemmer, show_progress=False)
        found, _ = words.retrieve(tokens, k=CANDIDATES, show_progress=False)
        return [int(each) for each in found[0]]

    client = QdrantClient(":memory:")
    kind = models.VectorParams(size=vectors.shape[1], distance=models.Distance.DOT)
    client.create_collection("passages", vectors_config=kind)
    client.upload_collection(
        "passages", vectors=vectors, ids=range(len(texts)), payload=[{"text": text} for text in texts]
    )

    def by_meaning(number: int) -> list[int]:
        points = client.query_points("passages", query=asked[number].tolist(), limit=CANDIDATES).points
        return [int(point.id) for point in points]

    print(json.dumps({"bm25s": _ask(by_words, len(queries)), "Qdrant": _ask(by_meaning, len(queries))}))


def _ask(search: Callable[[int], list[int]], queries: int) -> dict[str, object]:
    search(0)
    found, spent = [], []
    for number in range(queries):
        before, cpu = time.perf_counter(), time.process_time()
        found.append(search(number))
        spent.append((time.perf_counter() - before, time.process_time() - cpu))
    return {"found": found, "warm": spent}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
