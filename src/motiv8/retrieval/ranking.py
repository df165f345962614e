"""The hits of a search out of what its queries found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.reading.fingerprint import near
from motiv8.retrieval.fusion import by_feedback, fuse
from motiv8.retrieval.passage_rows import to_hit, vectors_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from motiv8.retrieval.models import Hit


def best_hits(
    query: str, by_words: pa.Table, by_meaning: pa.Table | None, vector: npt.NDArray[np.float32] | None, limit: int
) -> list[Hit]:
    """At most so many hits, the best first, each text once. `vector` is the query's, where meaning was asked for."""
    answers = [by_words] if by_meaning is None else [by_words, by_meaning]
    found = {row["id"]: row for answer in answers for row in answer.drop_columns(["vector"]).to_pylist()}
    rankings = [answer["id"].to_pylist() for answer in answers]
    if by_meaning is not None and vector is not None:
        vectors = {key: value for answer in answers for key, value in vectors_of(answer)}
        rankings[1] = by_feedback(vector, vectors, [key for key, _ in fuse(rankings)])
    hits: list[Hit] = []
    kept: list[int] = []
    for passage_id, score in fuse(rankings):
        row = found[passage_id]
        if any(near(row["fingerprint"], other) for other in kept):
            continue
        kept.append(row["fingerprint"])
        hits.append(to_hit(row, score, query))
        if len(hits) == limit:
            break
    return hits
