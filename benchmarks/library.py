"""`make bench-library`: how well passages are found and what it costs, beside Qdrant's local mode and bm25s.

A collection is a folder with documents.jsonl (id, title, text), queries.jsonl (id, text) and relevance.tsv (query,
document, grade). COLLECTION names one; else each folder in MOTIV8_RETRIEVAL is one.
"""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.table import show
from motiv8.reading import plain
from motiv8.reading.passages import Passage, split
from motiv8.retrieval.embedding import EmbeddingModel, embedding_model
from motiv8.retrieval.fusion import fuse
from motiv8.retrieval.models import IndexedDocument
from motiv8.retrieval.passage_rows import searchable
from motiv8.retrieval.repository import CANDIDATES, PassageIndex

PROJECT = Path(__file__).parents[1]
COLLECTIONS = Path(os.environ.get("MOTIV8_RETRIEVAL", PROJECT.parent / "shared" / "retrieval"))
PEER = PROJECT / ".tools" / "library-peer" / "bin" / "python"
MANY = 20_000
DEPTH = 10
Run = dict[str, list[str]]


@dataclass(frozen=True)
class Collection:
    name: str
    documents: list[dict[str, str]]
    queries: list[dict[str, str]]
    relevance: dict[str, dict[str, int]]


def main() -> None:
    """Print the tables; SystemExit where no collection is there."""
    named = os.environ.get("COLLECTION")
    folders = [Path(named)] if named else sorted(path.parent for path in COLLECTIONS.glob("*/relevance.tsv"))
    if not folders:
        sys.exit(f"No collection is there: MOTIV8_RETRIEVAL names the folder of them (now {COLLECTIONS}).")
    for folder in folders:
        collection = _load(folder)
        with tempfile.TemporaryDirectory() as place:
            vectors, passages = _quality(collection, Path(place))
            _speed(collection, vectors, passages, Path(place))


def _load(folder: Path) -> Collection:
    def lines(name: str) -> list[dict[str, str]]:
        return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines() if line]

    relevance: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "relevance.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            relevance[row["query"]][row["document"]] = int(row["grade"])
    return Collection(folder.name, lines("documents.jsonl"), lines("queries.jsonl"), dict(relevance))


class Remembering:
    """The model; a text that was embedded before is not again, since the ways that are compared share most."""

    name, version = EmbeddingModel.name, EmbeddingModel.version

    def __init__(self) -> None:
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        new = [text for text in texts if text not in self._known]
        self._known |= zip(new, embedding_model().embed(new), strict=True)
        return np.stack([self._known[text] for text in texts])


class Index:
    """A collection in an index of its own, in one of the ways that are compared."""

    def __init__(
        self, collection: Collection, model: Remembering, place: Path, *, title: bool = True, overlap: int = 0
    ) -> None:
        self.index = PassageIndex(str(place), model)
        self.passages: list[Passage] = []
        self.vectors: list[npt.NDArray[np.float32]] = []
        self._documents = {f"D{number}": each["id"] for number, each in enumerate(collection.documents)}
        for number, each in enumerate(collection.documents):
            document = IndexedDocument(f"D{number}", "general", each.get("title", "") if title else "")
            passages = split(plain.read(each["text"].encode()), overlap=overlap)
            if not passages:
                continue
            texts = [searchable(document.title, passage.heading, passage.text) for passage in passages]
            vectors = model.embed(texts)
            self.index.replace_document(document, passages, vectors)
            self.passages += passages
            self.vectors += list(vectors)
            # Thousands of small files would be measured else; a deployment compacts on a schedule.
            if number % 200 == 199:
                self.index.compact()
        self.index.compact()

    def run(self, collection: Collection, vectors: npt.NDArray[np.float32] | None, *, words: bool = True) -> Run:
        """The documents for each query, each once, the best first."""
        found = {}
        for number, query in enumerate(collection.queries):
            vector = None if vectors is None else vectors[number]
            hits = self.index.search(query["text"] if words else "", vector, ["general"], limit=CANDIDATES)
            found[query["id"]] = list(dict.fromkeys(self._documents[hit.document_id] for hit in hits))
        return found


def _quality(collection: Collection, place: Path) -> tuple[npt.NDArray[np.float32], list[Passage]]:
    """Print how well each way finds; the vectors and passages of the one that is used."""
    rows: list[tuple[str, str]] = []

    def row(name: str, run: Run) -> None:
        rows.append((name, f"{ndcg(run, collection.relevance):.3f}"))

    model = Remembering()
    index = Index(collection, model, place / "index")
    asked = model.embed([query["text"] for query in collection.queries])
    words, meaning = index.run(collection, None), index.run(collection, asked, words=False)
    row("words alone (BM25)", words)
    row("vectors alone", meaning)
    row("**both, fused: what is used**", index.run(collection, asked))
    row("fused by rank alone, without feedback", _fused(words, meaning, (1, 1)))
    row("the same, words counting twice", _fused(words, meaning, (2, 1)))
    row("the same, vectors counting twice", _fused(words, meaning, (1, 2)))
    without = Index(collection, model, place / "without-title", title=False)
    row("fused, without the titles", without.run(collection, asked))
    overlapping = Index(collection, model, place / "overlap", overlap=50)
    row("fused, passages overlapping by 50 words", overlapping.run(collection, asked))
    row("bm25s, whole documents", _peer_words(collection, place))
    title = f"{collection.name}: {len(collection.documents)} documents, {len(collection.queries)} queries"
    show(title, ("way", f"nDCG@{DEPTH}"), rows)
    return np.stack(index.vectors), index.passages


def ndcg(run: Run, relevance: dict[str, dict[str, int]]) -> float:
    """The mean over the queries that have an answer, the grade as gain."""
    scores = []
    for query, grades in relevance.items():
        best = _gain(sorted(grades.values(), reverse=True))
        if best:
            scores.append(_gain([grades.get(document, 0) for document in run.get(query, [])]) / best)
    return statistics.fmean(scores)


def _gain(grades: Sequence[int]) -> float:
    return float(sum(grade / np.log2(rank + 2) for rank, grade in enumerate(grades[:DEPTH])))


def _fused(words: Run, meaning: Run, weights: tuple[int, int]) -> Run:
    rankings = {query: [*[words[query]] * weights[0], *[meaning.get(query, [])] * weights[1]] for query in words}
    return {query: [document for document, _ in fuse(each)] for query, each in rankings.items()}


def _peer_words(collection: Collection, place: Path) -> Run:
    texts = [each["text"] for each in collection.documents]
    found = _peer(place, texts, [query["text"] for query in collection.queries], np.zeros((len(texts), 1)), None)
    ids = [each["id"] for each in collection.documents]
    return {
        query["id"]: [ids[each] for each in row]
        for query, row in zip(collection.queries, found["bm25s"]["found"], strict=True)
    }


def _peer(
    place: Path,
    texts: list[str],
    queries: list[str],
    vectors: npt.NDArray[Any],
    asked: npt.NDArray[np.float32] | None,
) -> dict[str, Any]:
    folder = place / "peer"
    folder.mkdir(exist_ok=True)
    (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
    (folder / "queries.json").write_text(json.dumps(queries), "utf-8")
    np.save(folder / "vectors.npy", vectors)
    np.save(folder / "queries.npy", np.zeros((len(queries), 1)) if asked is None else asked)
    return _json([str(PEER), str(PROJECT / "benchmarks" / "library_peer.py"), str(folder)], "")


def _json(command: list[str], said: str) -> dict[str, Any]:
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=False)  # noqa: S603 - our modules
    if done.returncode:
        sys.exit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _speed(collection: Collection, vectors: npt.NDArray[np.float32], passages: list[Passage], place: Path) -> None:
    rng = np.random.default_rng(1)
    chosen = rng.integers(0, len(passages), MANY)
    many = vectors[chosen] + rng.normal(0, 0.02, (MANY, vectors.shape[1])).astype(np.float32)
    many /= np.linalg.norm(many, axis=1, keepdims=True)
    texts = [f"{passages[each].text} {number}" for number, each in enumerate(chosen)]
    index = PassageIndex(str(place / "many"), embedding_model())
    for start in range(0, MANY, 1_000):
        some = [
            Passage(number, text, "", None, None, int(rng.integers(0, 2**63)))
            for number, text in enumerate(texts[start : start + 1_000])
        ]
        index.replace_document(IndexedDocument(f"M{start}", "general", ""), some, many[start : start + 1_000])
    index.compact()
    queries = [query["text"] for query in collection.queries][:200]
    command = [sys.executable, "-m", "benchmarks.library_first_answer", str(place / "many")]
    answers = [_json(command, json.dumps(queries if not number else queries[:1])) for number in range(5)]
    first = statistics.median(each["first"]["wall"] for each in answers)
    first_cpu = statistics.median(each["first"]["cpu"] for each in answers)
    peer = _peer(place, texts, queries, many, embedding_model().embed(queries))
    warm = [
        ("words and meaning, the query's vector included", *_warm(answers[0]["warm"]), "60"),
        ("Qdrant's local mode, vectors alone, without the query's", *_warm(peer["Qdrant"]["warm"]), ""),
        ("bm25s, words alone", *_warm(peer["bm25s"]["warm"]), ""),
    ]
    header = ("search, warm", "CPU ms p50", "CPU ms p95", "wall ms p50", "wall ms p95", "target CPU p50")
    show(f"Search in {MANY:,} passages", header, warm)
    wall, cpu = _pages_a_second(passages, place)
    worker = [
        ("fresh process to its first answer, s", f"{first:.1f}", f"{first_cpu:.1f}", "3"),
        ("import, pages a second on two cores", f"{wall:.1f}", f"{cpu:.1f}", "10"),
        ("memory of the process that searches, MB", f"{answers[0]['peak']:.0f}", "", "1000"),
    ]
    show("The worker", ("what", "by the clock", "by CPU time", "target"), worker)


def _warm(spent: Iterable[tuple[float, float]]) -> list[str]:
    wall, cpu = zip(*spent, strict=True)
    return [f"{np.percentile(times, part) * 1000:.0f}" for times in (cpu, wall) for part in (50, 95)]


def _pages_a_second(passages: list[Passage], place: Path) -> tuple[float, float]:
    """Documents of ten pages of 400 words through all of it; as measured, and as if both cores were idle."""
    words = " ".join(passage.text for passage in passages).split()[:20_000]
    texts = [" ".join(words[start : start + 4_000]) for start in range(0, len(words), 4_000)]
    model, index = embedding_model(), PassageIndex(str(place / "imported"), embedding_model())
    wall, cpu = time.perf_counter(), time.process_time()
    for number, text in enumerate(texts):
        found = split(plain.read(text.encode()))
        vectors = model.embed([searchable("A guide", each.heading, each.text) for each in found])
        index.replace_document(IndexedDocument(f"P{number}", "general", "A guide"), found, vectors)
    pages = len(words) / 400
    return pages / (time.perf_counter() - wall), 2 * pages / (time.process_time() - cpu)


if __name__ == "__main__":
    main()
