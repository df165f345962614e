"""Passages with their vectors, searched by words and by meaning: the one file that knows LanceDB.

One table for each embedding model, since vectors of two models cannot be compared; a row of the table `current` names
the one that searches read. A write goes to all of them, so that a switch loses nothing (docs/adr/032-*.md).
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import FTS, Bitmap, BTree, IvfSq, LabelList
from lancedb.query import MatchQuery

from motiv8.reading.fingerprint import near
from motiv8.retrieval.embedding import DIMENSIONS
from motiv8.retrieval.fusion import by_feedback, fuse
from motiv8.retrieval.highlights import highlights, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt
    from lancedb.table import LanceTable

    from motiv8.reading.passages import Passage

    Result = TypeVar("Result")

LONGEST_QUERY = 1_000
"""Characters of a query that count."""
CANDIDATES = 50
"""Passages that each of the two rankings names."""
SAFE_AGE = timedelta(hours=1)
"""A version younger than this may still be read: no query runs longer than a function may."""
VECTOR_INDEX_FROM = 5_000
"""Passages from which on an index of vectors is quicker than looking at each."""
PARTITIONS_SEARCHED = 40
"""Of that index's, for each query: enough that it misses next to nothing."""
KEPT_AFTER_SWITCH = timedelta(days=7)
"""How long the former model's table stays for a release that is rolled back."""

_TRIES = 12
_LONGEST_WAIT = 2.0
_CONFLICT = re.compile(r"conflict|concurrent|already exists", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
_PREFIX = "passages-"
_POINTER = "current"
_OF_A_HIT = ("document_id", "namespace", "title", "url", "position", "heading", "text", "page_from", "page_to")
_FOUND = ("id", *_OF_A_HIT, "fingerprint", "vector")
_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("namespace", pa.string(), nullable=False),
        pa.field("tags", pa.list_(pa.string())),
        pa.field("title", pa.string()),
        pa.field("url", pa.string()),
        pa.field("position", pa.int32()),
        pa.field("heading", pa.string()),
        pa.field("text", pa.string()),
        # What the full-text index holds.
        pa.field("words", pa.string()),
        pa.field("page_from", pa.int32()),
        pa.field("page_to", pa.int32()),
        pa.field("fingerprint", pa.uint64()),
        # Of all that a document's rows say: a replay sees that there is nothing to write.
        pa.field("digest", pa.string()),
        # Null where the model that wrote the row is not this table's.
        pa.field("vector", pa.list_(pa.float32(), DIMENSIONS)),
    ]
)
_POINTER_SCHEMA = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("table", pa.string()),
        pa.field("since", pa.timestamp("us", tz="UTC")),
    ]
)


class IndexBusy(Exception):
    """Other writers were quicker each time: nothing was written, and the write can be tried again."""


class Model(Protocol):
    """What the index knows of an embedding model."""

    name: str
    version: str

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A row of length 1 for each text."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document as the index knows it."""

    document_id: str
    namespace: str
    title: str
    url: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with its place; scores are comparable within one answer alone.

    `highlights` are places of the query's words in `text`: from the first number to before the second.
    """

    passage_id: str
    score: float
    text: str
    heading: str
    page_from: int | None
    page_to: int | None
    document_id: str
    namespace: str
    position: int
    title: str
    url: str | None
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an operator wants to know. `waiting` counts passages that the full-text index lacks; they are found all the
    same, and more slowly. `without_vector` counts those that another model wrote: they are found by words alone.
    """

    model: str
    current: str | None
    tables: tuple[str, ...]
    passages: int
    documents: int
    without_vector: int
    waiting: int
    versions: int
    oldest_version: datetime | None
    changed_at: datetime | None


def storage_options(region: str, endpoint_url: str = "") -> dict[str, str]:
    """How LanceDB reaches S3: with the process's own credentials, at AWS or at an endpoint of one's own."""
    options = {"region": region}
    if endpoint_url:
        # The embedded AWS has no host name for each bucket.
        options |= {"endpoint": endpoint_url, "virtual_hosted_style_request": "false"}
        options |= {"allow_http": "true"} if endpoint_url.startswith("http://") else {}
    return options


def searchable(title: str, heading: str, text: str) -> str:
    """What of a passage is searched, by words and by meaning: embed this. Its document's title is said once."""
    said = f"{heading}\n{text}" if heading else text
    return said if not title or said.casefold().startswith(title.casefold()) else f"{title}\n{said}"


class PassageIndex:
    """The index at a place: `s3://bucket/prefix`, or a folder. Threads may share one; it is made once a process."""

    def __init__(self, uri: str, model: Model, options: dict[str, str] | None = None) -> None:
        """Nothing is read or written yet. `options` are those of `storage_options`."""
        self._model = model
        self._own = f"{_PREFIX}{model.name}-{model.version}"
        self._database = lancedb.connect(uri, storage_options=options, read_consistency_interval=timedelta(0))
        self._open: dict[str, LanceTable] = {}
        self._side_by_side = ThreadPoolExecutor(2, thread_name_prefix="search")

    def replace_document(
        self, document: IndexedDocument, passages: Sequence[Passage], vectors: npt.NDArray[np.float32]
    ) -> None:
        """Have the index hold exactly these passages of the document; all of them at once, or none.

        Nothing is written when it does already. Raises IndexBusy, and ValueError for names that are none.
        """
        if len(passages) != len(vectors):
            raise ValueError("a vector for each passage")
        rows = _rows(document, passages)
        condition = f"document_id = {_literal(document.document_id)}"
        for name in self._tables(create=True):
            column = pa.array(list(vectors), _SCHEMA.field("vector").type) if name == self._own else None
            self._replace(name, condition, _with_vectors(rows, column))

    def change_document(self, document: IndexedDocument) -> None:
        """Have the document's passages carry another title, address or other tags; what they are near to stays.

        Raises as `replace_document`.
        """
        condition = f"document_id = {_literal(document.document_id)}"
        for name in (document.namespace, *document.tags):
            _literal(name)

        def change(table: LanceTable) -> None:
            rows = table.search().where(condition).to_arrow().select(_SCHEMA.names).to_pylist()
            said = {"title": document.title, "url": document.url, "tags": list(document.tags)}
            changed = [row | said | {"words": searchable(document.title, row["heading"], row["text"])} for row in rows]
            if changed != rows:
                # What was replaced in between says it already.
                merge = table.merge_insert("id").when_matched_update_all(where="target.digest = source.digest")
                merge.execute(pa.Table.from_pylist(changed, schema=_SCHEMA), on_bad_vectors="null")

        for name in self._tables():
            self._write(name, change)

    def remove_document(self, document_id: str) -> None:
        """Have the index hold nothing of the document. Raises as `replace_document`."""
        self._delete(f"document_id = {_literal(document_id)}")

    def remove_namespace(self, namespace: str) -> None:
        """Have the index hold nothing of the namespace. Raises as `replace_document`."""
        self._delete(f"namespace = {_literal(namespace)}")

    def search(
        self,
        query: str,
        vector: npt.NDArray[np.float32] | None,
        namespaces: Iterable[str],
        tags: Iterable[str] = (),
        limit: int = 10,
    ) -> list[Hit]:
        """The passages of these namespaces, in documents that bear all the tags, that answer best; each text once.

        The query is data, whatever it says. Without a vector, or while the model's own passages are not ready, words
        alone count. Empty where there is nothing. Raises ValueError for names that are none.
        """
        where = _where(namespaces, tags)
        table = self._current() if where and limit > 0 else None
        if table is None:
            return []
        text = query[:LONGEST_QUERY]
        by_meaning = vector is not None and table.name == self._own
        meaning = self._side_by_side.submit(_by_meaning, table, vector, where) if by_meaning else None
        answers = [_by_words(table, text, where), *([meaning.result()] if meaning else [])]
        found = {row["id"]: row for answer in answers for row in answer.drop_columns(["vector"]).to_pylist()}
        rankings = [answer["id"].to_pylist() for answer in answers]
        if by_meaning and vector is not None:
            vectors = {key: value for answer in answers for key, value in _vectors(answer)}
            rankings[1] = by_feedback(vector, vectors, [key for key, _ in fuse(rankings)])
        hits: list[Hit] = []
        kept: list[int] = []
        for passage_id, score in fuse(rankings):
            row = found[passage_id]
            if any(near(row["fingerprint"], other) for other in kept):
                continue
            kept.append(row["fingerprint"])
            hits.append(_hit(row, score, text))
            if len(hits) == limit:
                break
        return hits

    def count(self, namespaces: Iterable[str] | None = None) -> int:
        """How many passages there are, in these namespaces or in all."""
        where = None if namespaces is None else _where(namespaces, ())
        table = self._current() if where != "" else None
        return 0 if table is None else table.count_rows(where)

    def compact(self) -> None:
        """Bring the indexes up to date, join small files, and remove versions that nobody reads any more."""
        for name in self._tables():
            table = self._table(name)
            rows = table.count_rows()
            if rows >= VECTOR_INDEX_FROM and not any("vector" in each.columns for each in table.list_indices()):
                self._write(name, lambda table: table.create_index("vector", config=IvfSq(distance_type="dot")))
            self._write(name, lambda table: table.optimize(cleanup_older_than=SAFE_AGE))
        self._drop_former()

    def reindex(self, at_most: int = 500) -> int:
        """Embed passages that this process's model has no vectors of, and have searches read them once all have one.

        Stops after so many, and says how many are left; 0 when there is nothing (more) to do. Raises IndexBusy.
        """
        pointed = self._pointed()
        if pointed is None:
            return 0
        source, own = self._table(pointed), self._table(self._own, create=True)
        # In this order: what is here alone then was deleted there meanwhile.
        here = _ids(own, None)
        done = _ids(own, "vector IS NOT NULL")
        there = _ids(source, None)
        gone, missing = sorted(here - there), sorted(there - done)
        if gone:
            self._write(self._own, lambda table: table.delete(_one_of(gone)))
        todo = missing[:at_most]
        if todo:
            rows = source.search().where(_one_of(todo)).limit(len(todo)).to_arrow().select(_SCHEMA.names)
            vectors = self._model.embed(rows["words"].to_pylist())
            rows = _with_vectors(rows.drop_columns(["vector"]), pa.array(list(vectors), _SCHEMA.field("vector").type))
            self._write(
                self._own,
                lambda table: (
                    table.merge_insert("id")
                    .when_matched_update_all(where="target.digest = source.digest")
                    .when_not_matched_insert_all()
                    .execute(rows)
                ),
            )
        elif pointed != self._own:
            self._point_to(self._own)
        return len(missing) - len(todo)

    def state(self) -> IndexState:
        """How the index is."""
        names, table = self._tables(), self._current()
        model = f"{self._model.name} {self._model.version}"
        if table is None:
            return IndexState(model, None, tuple(names), 0, 0, 0, 0, 0, None, None)
        versions = [each["timestamp"].astimezone(UTC) for each in table.list_versions()]
        statistics = table.index_stats("words_idx")
        ids = table.search().select(["document_id"]).to_arrow()["document_id"]
        return IndexState(
            model=model,
            current=table.name,
            tables=tuple(names),
            passages=table.count_rows(),
            documents=len(ids.unique()),
            without_vector=table.count_rows("vector IS NULL"),
            waiting=statistics.num_unindexed_rows if statistics else 0,
            versions=len(versions),
            oldest_version=min(versions),
            changed_at=max(versions),
        )

    def _replace(self, name: str, condition: str, rows: pa.Table) -> None:
        def replace(table: LanceTable) -> None:
            digests = table.search().where(condition).select(["digest"]).to_arrow()["digest"].to_pylist()
            if digests == rows["digest"].to_pylist():
                return
            if not len(rows):
                table.delete(condition)
                return
            (
                table.merge_insert("id")
                .when_matched_update_all()
                .when_not_matched_insert_all()
                .when_not_matched_by_source_delete(condition)
                .execute(rows, on_bad_vectors="null")
            )

        self._write(name, replace)

    def _delete(self, condition: str) -> None:
        for name in self._tables():
            self._write(name, lambda table: table.delete(condition))

    def _write(self, name: str, change: Callable[[LanceTable], Any]) -> None:
        """Make a change that is one commit; where another writer's came in between, again on what that left."""
        _again(lambda: change(self._table(name, create=True)))

    def _tables(self, *, create: bool = False) -> list[str]:
        """The tables of passages that are there; with `create` the own one is among them, and searches know it."""
        listed = (name for name in self._database.list_tables().tables if name.startswith(_PREFIX))
        names = {name for name in listed if self._opened(name) is not None}
        if create and self._own not in names:
            self._table(self._own, create=True)
            names.add(self._own)
        if create and self._pointed() is None:
            self._point_to(self._own)
        return sorted(names)

    def _table(self, name: str, *, create: bool = False) -> LanceTable:
        table = self._opened(name)
        if table is None and create:
            table = self._open[name] = _again(lambda: self._created(name))
        return table

    def _opened(self, name: str) -> LanceTable | None:
        """The table; None while it is not there, or another process is making it."""
        if name not in self._open:
            try:
                self._open[name] = self._database.open_table(name)
            except ValueError as error:
                if "not found" not in str(error):
                    raise
        return self._open.get(name)

    def _created(self, name: str) -> LanceTable:
        table = self._database.create_table(name, schema=_SCHEMA, exist_ok=True)
        have = {column for index in table.list_indices() for column in index.columns}
        wanted = {"words": FTS(), "document_id": BTree(), "namespace": Bitmap(), "tags": LabelList()}
        for column, config in wanted.items():
            if column not in have:
                table.create_index(column, config=config, replace=False)
        return table

    def _current(self) -> LanceTable | None:
        name = self._pointed()
        return None if name is None else self._opened(name)

    def _pointed(self) -> str | None:
        table = self._opened(_POINTER)
        rows = [] if table is None else table.search().to_list()
        return rows[0]["table"] if rows else None

    def _point_to(self, name: str) -> None:
        row = pa.Table.from_pylist(
            [{"name": "passages", "table": name, "since": datetime.now(UTC)}], schema=_POINTER_SCHEMA
        )

        def point() -> None:
            table = self._database.create_table(_POINTER, schema=_POINTER_SCHEMA, exist_ok=True)
            table.merge_insert("name").when_matched_update_all().when_not_matched_insert_all().execute(row)

        _again(point)

    def _drop_former(self) -> None:
        pointed = self._pointed()
        if pointed is None:
            return
        since = self._open[_POINTER].search().to_list()[0]["since"]
        if datetime.now(UTC) - since < KEPT_AFTER_SWITCH:
            return
        for name in set(self._tables()) - {pointed, self._own}:
            self._database.drop_table(name)
            self._open.pop(name, None)


def _rows(document: IndexedDocument, passages: Sequence[Passage]) -> pa.Table:
    rows: list[dict[str, Any]] = [
        {
            "id": f"{document.document_id}:{passage.position:05}",
            "document_id": document.document_id,
            "namespace": document.namespace,
            "tags": list(document.tags),
            "title": document.title,
            "url": document.url,
            "position": passage.position,
            "heading": passage.heading,
            "text": passage.text,
            "words": searchable(document.title, passage.heading, passage.text),
            "page_from": passage.page_from,
            "page_to": passage.page_to,
            "fingerprint": passage.fingerprint,
        }
        for passage in passages
    ]
    for name in (document.document_id, document.namespace, *document.tags):
        _literal(name)
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    schema = pa.schema([field for field in _SCHEMA if field.name != "vector"])
    return pa.Table.from_pylist([row | {"digest": digest} for row in rows], schema=schema)


def _with_vectors(rows: pa.Table, vectors: pa.Array | None) -> pa.Table:
    kind = _SCHEMA.field("vector").type
    return rows.append_column("vector", pa.nulls(len(rows), kind) if vectors is None else vectors).cast(_SCHEMA)


def _by_words(table: LanceTable, query: str, where: str) -> pa.Table:
    # Of stop words alone nothing is left, and the index would be asked for nothing.
    asked = MatchQuery(" ".join(words(query)) or query, "words")
    search = table.search(asked, query_type="fts").where(where, prefilter=True).limit(CANDIDATES)
    return search.select([*_FOUND, "_score"]).to_arrow().drop_columns(["_score"])


def _by_meaning(table: LanceTable, vector: npt.NDArray[np.float32] | None, where: str) -> pa.Table:
    search = table.search(vector, vector_column_name="vector").distance_type("dot").where(where, prefilter=True)
    search = search.nprobes(PARTITIONS_SEARCHED).refine_factor(2).limit(CANDIDATES)
    return search.select([*_FOUND, "_distance"]).to_arrow().drop_columns(["_distance"])


def _vectors(answer: pa.Table) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """The vectors of the passages that have one."""
    there = answer.filter(answer["vector"].is_valid())
    rows = np.asarray(there["vector"].combine_chunks().flatten(), np.float32).reshape(-1, DIMENSIONS)
    return zip(there["id"].to_pylist(), rows, strict=True)


def _hit(row: dict[str, Any], score: float, query: str) -> Hit:
    own = {name: row[name] for name in _OF_A_HIT}
    return Hit(passage_id=row["id"], score=score, highlights=highlights(query, row["text"]), **own)


def _where(namespaces: Iterable[str], tags: Iterable[str]) -> str:
    """The filter of a search; empty when no namespace is named."""
    names = ", ".join(_literal(name) for name in sorted(set(namespaces)))
    if not names:
        return ""
    wanted = ", ".join(_literal(tag) for tag in sorted(set(tags)))
    return f"namespace IN ({names})" + (f" AND array_has_all(tags, make_array({wanted}))" if wanted else "")


def _literal(name: str) -> str:
    """A name in a filter. Raises ValueError for one that no document, namespace or tag can bear."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name of letters, digits and hyphens, at most 63")
    return _text_literal(name)


def _text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _one_of(ids: Iterable[str]) -> str:
    return f"id IN ({', '.join(_text_literal(each) for each in ids)})"


def _ids(table: LanceTable, where: str | None) -> set[str]:
    search = table.search().select(["id"])
    return set((search.where(where) if where else search).to_arrow()["id"].to_pylist())


def _again(change: Callable[[], Result]) -> Result:
    for attempt in range(_TRIES):
        try:
            return change()
        except (RuntimeError, OSError, ValueError) as error:
            if not _CONFLICT.search(str(error)):
                raise
            # As AWS advises: the more often, the longer, and never two at once.
            time.sleep(random.uniform(0, min(_LONGEST_WAIT, 0.05 * 2**attempt)))  # noqa: S311 - no secret
    raise IndexBusy("other writers were quicker each time")
